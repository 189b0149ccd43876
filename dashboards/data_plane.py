"""The third board: whether the sidecars are well, what they cost, and whether Envoy waits."""

from __future__ import annotations

from dashboards.board import HERE, Board, Row, now, rate
from dashboards.overview import STREAMS
from dashboards.panel import Look, Panel, Query

ENVOY = "envoy_http_ext_proc_weirline_"


def _quantile(quantile: str) -> str:
    return (
        f"histogram_quantile({quantile}, sum by (le) "
        f"(rate(weirline_handling_seconds_bucket{{{HERE}}}[$__rate_interval])))"
    )


DATA_PLANE = Board(
    uid="weirline-data-plane",
    title="Weirline / Data plane",
    description="Whether the sidecars are well, what they cost, and whether Envoy waits for them.",
    quantile=True,
    rows=(
        Row(
            "Time",
            (
                Panel(
                    "Time to an answer",
                    "From a message taken to its answer made, over all sidecars.",
                    (
                        Query(_quantile("0.5"), "p50"),
                        Query(_quantile("0.99"), "p99"),
                        Query(_quantile("0.999"), "p99.9"),
                        Query(_quantile("$quantile"), "chosen"),
                    ),
                    unit="s",
                ),
                Panel(
                    "Messages",
                    "Taken from Envoy.",
                    (Query(rate("weirline_messages_total", by="instance"), "{{instance}}"),),
                    unit="mps",
                ),
            ),
        ),
        Row(
            "What Envoy says",
            (
                Panel(
                    "Let through unseen",
                    "Envoy's failure_mode_allowed: traffic that passed because no answer came.",
                    (Query(rate(ENVOY + "failure_mode_allowed", by="instance"), "{{instance}}"),),
                    unit="reqps",
                    width=8,
                    warn_above=0.001,
                ),
                Panel(
                    "Time-outs",
                    "Messages that Envoy no longer waited for.",
                    (Query(rate(ENVOY + "message_timeouts", by="instance"), "{{instance}}"),),
                    unit="cps",
                    width=8,
                ),
                Panel(
                    "Streams",
                    "Begun and failed.",
                    (
                        Query(rate(STREAMS), "begun"),
                        Query(rate(ENVOY + "streams_failed"), "failed"),
                    ),
                    unit="cps",
                    width=8,
                ),
            ),
        ),
        Row(
            "Faults",
            (
                Panel(
                    "Streams ended with an error",
                    "By us, by why; Envoy's fail mode took over.",
                    (Query(rate("weirline_faults_total", by="kind"), "{{kind}}"),),
                    unit="cps",
                    width=8,
                ),
                Panel(
                    "Connections ended",
                    "Floods, broken HTTP/2, strangers.",
                    (Query(rate("weirline_connections_closed_total", by="reason"), "{{reason}}"),),
                    unit="cps",
                    width=8,
                ),
                Panel(
                    "Workers ended",
                    "By why; `asked` is a restart or another policy.",
                    (Query(rate("weirline_worker_ends_total", by="reason"), "{{reason}}"),),
                    unit="cps",
                    width=8,
                ),
            ),
        ),
        Row(
            "Cost",
            (
                Panel(
                    "Processor",
                    "Cores used by the workers, and by the process that was started.",
                    (
                        Query(rate("weirline_worker_cpu_seconds_total"), "workers"),
                        Query(rate("weirline_process_cpu_seconds_total"), "process"),
                    ),
                    unit="short",
                    width=8,
                ),
                Panel(
                    "Memory",
                    "Resident, by sidecar; pages that processes share count in each.",
                    (
                        Query(
                            now("weirline_process_resident_memory_bytes", by="instance"),
                            "{{instance}} process",
                        ),
                        Query(
                            now("weirline_worker_resident_memory_bytes", by="instance"),
                            "{{instance}} workers",
                        ),
                    ),
                    unit="bytes",
                    width=8,
                ),
                Panel(
                    "Streams open",
                    "Exchanges in flight.",
                    (Query(now("weirline_streams_active", by="instance"), "{{instance}}"),),
                    width=8,
                ),
                Panel(
                    "Bytes looked at",
                    "By direction.",
                    (Query(rate("weirline_scanned_bytes_total", by="direction"), "{{direction}}"),),
                    unit="Bps",
                ),
                Panel(
                    "Series not kept",
                    "Counts lost because a metric had too many series.",
                    (Query(rate("weirline_metric_series_dropped_total"), "dropped"),),
                    unit="cps",
                ),
            ),
        ),
        Row(
            "Versions",
            (
                Panel(
                    "Policies at once",
                    "More than one for longer than a roll-out is a skew.",
                    (Query(f"count(count by (digest) (weirline_policy_info{{{HERE}}}))"),),
                    look=Look.NUMBER,
                    width=6,
                    height=6,
                    warn_above=2,
                ),
                Panel(
                    "Policy files",
                    "Read again, by what became of them.",
                    (Query(rate("weirline_reloads_total", by="result"), "{{result}}"),),
                    unit="cps",
                    width=6,
                    height=6,
                ),
                Panel(
                    "Programs",
                    "Versions, interpreters.",
                    (Query(now("weirline_build_info", by="version, python")),),
                    look=Look.TABLE,
                    width=6,
                    height=6,
                ),
                Panel(
                    "Transports and pattern caches",
                    "Which server speaks gRPC, and where the patterns came from.",
                    (
                        Query(now("weirline_transport_info", by="transport")),
                        Query(now("weirline_pattern_cache", by="outcome")),
                    ),
                    look=Look.TABLE,
                    width=6,
                    height=6,
                ),
            ),
        ),
    ),
)
