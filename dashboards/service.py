"""The second board: one service, or a few, looked at closely."""

from __future__ import annotations

from dashboards.board import HERE, Board, Row, gain, rate, share
from dashboards.panel import Look, Panel, Query

SERVICE = Board(
    uid="weirline-service",
    title="Weirline / Service",
    description="One service at a time: choose it above.",
    quantile=True,
    rows=(
        Row(
            "What leaks",
            (
                Panel(
                    "By kind",
                    "Values found a second.",
                    (Query(rate("weirline_findings_total", by="detector"), "{{detector}}"),),
                    unit="cps",
                    stacked=True,
                ),
                Panel(
                    "By direction and place",
                    "Where in a message the values stood.",
                    (
                        Query(
                            rate("weirline_findings_total", by="direction, place"),
                            "{{direction}} {{place}}",
                        ),
                    ),
                    unit="cps",
                    stacked=True,
                ),
                Panel(
                    "Kinds and actions",
                    "Values found in the time shown.",
                    (
                        Query(
                            gain("weirline_findings_total", by="category, detector, action, shadow")
                        ),
                    ),
                    look=Look.TABLE,
                ),
                Panel(
                    "By rule",
                    "Values that a rule selected.",
                    (
                        Query(
                            rate("weirline_rule_matches_total", by="rule, action"),
                            "{{rule}} {{action}}",
                        ),
                    ),
                    unit="cps",
                    stacked=True,
                ),
            ),
        ),
        Row(
            "Traffic",
            (
                Panel(
                    "Exchanges by outcome",
                    "How exchanges ended.",
                    (Query(rate("weirline_flows_total", by="outcome"), "{{outcome}}"),),
                    unit="reqps",
                    stacked=True,
                    width=8,
                ),
                Panel(
                    "Bytes looked at",
                    "Headers, targets, bodies and trailers.",
                    (Query(rate("weirline_scanned_bytes_total", by="direction"), "{{direction}}"),),
                    unit="Bps",
                    width=8,
                ),
                Panel(
                    "Values an exchange",
                    "How many values an exchange holds on average.",
                    (Query(share(rate("weirline_findings_total"), rate("weirline_flows_total"))),),
                    width=8,
                ),
                Panel(
                    "Time to an answer",
                    "From a message taken to its answer made, by sidecar, at the quantile chosen.",
                    (
                        Query(
                            "histogram_quantile($quantile, sum by (le, instance) "
                            f"(rate(weirline_handling_seconds_bucket{{{HERE}}}[$__rate_interval])))",
                            "{{instance}}",
                        ),
                    ),
                    unit="s",
                    width=24,
                ),
            ),
        ),
    ),
)
