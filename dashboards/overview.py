"""The first board: what leaks, what was done about it, and how much of the traffic is seen."""

from __future__ import annotations

from dashboards.board import Board, Row, gain, now, rate, share
from dashboards.panel import Look, Panel, Query

REQUESTS = "envoy_http_downstream_rq_total"
STREAMS = "envoy_http_ext_proc_weirline_streams_started"
NOT_ADMIN = 'envoy_http_conn_manager_prefix!="admin"'
ACTED = 'outcome=~"redacted|blocked|cut"'

OVERVIEW = Board(
    uid="weirline-overview",
    title="Weirline / Overview",
    description="What leaks, what was done about it, and how much of the traffic is seen.",
    rows=(
        Row(
            "Now",
            (
                Panel(
                    "Sidecars ready",
                    "Sidecars whose /readyz says so.",
                    (Query(now("weirline_ready")),),
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                ),
                Panel(
                    "Exchanges",
                    "Requests with their responses that are over.",
                    (Query(rate("weirline_flows_total")),),
                    unit="reqps",
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                ),
                Panel(
                    "Values found",
                    "Every value counts, whatever was done about it.",
                    (Query(rate("weirline_findings_total")),),
                    unit="cps",
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                ),
                Panel(
                    "Masked or blocked",
                    "Share of exchanges in which something was masked or that were stopped.",
                    (
                        Query(
                            share(
                                rate("weirline_flows_total", only=ACTED),
                                rate("weirline_flows_total"),
                            )
                        ),
                    ),
                    unit="percentunit",
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                ),
                Panel(
                    "Not looked at",
                    "Bodies in scope that were not scanned to their end, a share of exchanges.",
                    (Query(share(rate("weirline_unscanned_total"), rate("weirline_flows_total"))),),
                    unit="percentunit",
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                    warn_above=0.05,
                ),
                Panel(
                    "Coverage",
                    "Share of Envoy's requests that reached a sidecar; needs Envoy's metrics too.",
                    (Query(share(rate(STREAMS), rate(REQUESTS, only=NOT_ADMIN))),),
                    unit="percentunit",
                    look=Look.NUMBER,
                    width=4,
                    height=4,
                ),
            ),
        ),
        Row(
            "Findings",
            (
                Panel(
                    "By category",
                    "Values found a second.",
                    (Query(rate("weirline_findings_total", by="category"), "{{category}}"),),
                    unit="cps",
                    stacked=True,
                ),
                Panel(
                    "By action",
                    "What was done about them; shadow: decided, not carried out.",
                    (
                        Query(
                            rate("weirline_findings_total", by="action, shadow"),
                            "{{action}} shadow={{shadow}}",
                        ),
                    ),
                    unit="cps",
                    stacked=True,
                ),
                Panel(
                    "Kinds",
                    "The ten kinds found most in the time shown.",
                    (
                        Query(
                            f"topk(10, {gain('weirline_findings_total', by='detector')})",
                            "{{detector}}",
                        ),
                    ),
                    look=Look.BARS,
                    width=8,
                ),
                Panel(
                    "Rules",
                    "The ten rules that selected most values in the time shown.",
                    (
                        Query(
                            f"topk(10, {gain('weirline_rule_matches_total', by='rule, action')})",
                            "{{rule}} {{action}}",
                        ),
                    ),
                    look=Look.BARS,
                    width=8,
                ),
                Panel(
                    "Where they stood",
                    "Values found in the time shown, by direction and place in the message.",
                    (
                        Query(
                            gain("weirline_findings_total", by="direction, place"),
                            "{{direction}} {{place}}",
                        ),
                    ),
                    look=Look.TABLE,
                    width=8,
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
                ),
                Panel(
                    "Not looked at, by reason",
                    "Bodies in scope that were not scanned, or not to their end; 0 where none.",
                    (
                        Query(
                            rate("weirline_unscanned_total", by="reason") + " or vector(0)",
                            "{{reason}}",
                        ),
                    ),
                    unit="cps",
                    stacked=True,
                ),
                Panel(
                    "Findings by service",
                    "The ten services whose traffic holds most values.",
                    (
                        Query(
                            "topk(10, "
                            + gain("weirline_findings_total", by="cluster, namespace, service")
                            + ")",
                            "{{namespace}} {{service}}",
                        ),
                    ),
                    look=Look.BARS,
                ),
                Panel(
                    "Policies in force",
                    "How many sidecars run which policy; one line is what you want to see.",
                    (
                        Query(
                            now("weirline_policy_info", by="name, mode, digest"),
                            "{{name}} {{mode}} {{digest}}",
                        ),
                    ),
                    look=Look.TABLE,
                ),
            ),
        ),
    ),
)
