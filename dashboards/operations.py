"""The fourth board: which version and policy runs where, what is unwired, what expires."""

from __future__ import annotations

from dashboards.board import HERE, Board, Row, gain, now, rate
from dashboards.overview import NOT_ADMIN, REQUESTS, STREAMS
from dashboards.panel import Look, Panel, Query

CERTIFICATE_DAYS = "envoy_server_days_until_first_cert_expiring"
WHERE = "cluster, namespace, service"
NAMED = "{{cluster}} {{namespace}} {{service}}"
# What Envoy says where it has no certificate is a number of its own; ten years stand for it.
MOST_DAYS = 3650

OPERATIONS = Board(
    uid="weirline-operations",
    title="Weirline / Operations",
    description="The fleet: which version and policy runs where, what is unwired, what expires.",
    rows=(
        Row(
            "Wiring",
            (
                Panel(
                    "Coverage by service",
                    "Share of Envoy's requests that reached a sidecar; 0 is a bypass.",
                    (
                        Query(
                            f"({rate(STREAMS, by=WHERE)} or "
                            f"0 * {rate(REQUESTS, by=WHERE, only=NOT_ADMIN)}) / "
                            f"({rate(REQUESTS, by=WHERE, only=NOT_ADMIN)} > 0)",
                            NAMED,
                        ),
                    ),
                    unit="percentunit",
                ),
                Panel(
                    "Days until a certificate of Envoy's expires",
                    f"The first one to; {MOST_DAYS} where it has none. Below 21 the alert fires.",
                    (
                        Query(
                            f"clamp_max(min by ({WHERE}) ({CERTIFICATE_DAYS}{{{HERE}}}), "
                            f"{MOST_DAYS})",
                            NAMED,
                        ),
                    ),
                ),
            ),
        ),
        Row(
            "Sidecars",
            (
                Panel(
                    "Ready",
                    "Sidecars whose /readyz says so, by service.",
                    (Query(now("weirline_ready", by=WHERE), NAMED),),
                    width=8,
                ),
                Panel(
                    "Workers that serve",
                    "By service; 0 where a sidecar runs on grpcio, which has none.",
                    (Query(now("weirline_workers_serving", by=WHERE) + " or vector(0)", NAMED),),
                    width=8,
                ),
                Panel(
                    "Running for",
                    "Time since the youngest sidecar of a service was started.",
                    (
                        Query(
                            f"time() - max by ({WHERE}) "
                            f"(weirline_process_start_time_seconds{{{HERE}}})",
                            NAMED,
                        ),
                    ),
                    unit="s",
                    width=8,
                ),
                Panel(
                    "Workers ended",
                    "In the time shown, by why; `asked` is a restart or another policy.",
                    (
                        Query(
                            gain("weirline_worker_ends_total", by="service, reason"),
                            "{{service}} {{reason}}",
                        ),
                    ),
                    look=Look.BARS,
                    width=8,
                ),
                Panel(
                    "Open files",
                    "Of the process that was started; a number that only rises is a leak.",
                    (Query(now("weirline_process_open_fds", by="instance"), "{{instance}}"),),
                    width=8,
                ),
                Panel(
                    "Policy files read again",
                    "In the time shown, by what became of them.",
                    (
                        Query(
                            gain("weirline_reloads_total", by="service, result"),
                            "{{service}} {{result}}",
                        ),
                    ),
                    look=Look.BARS,
                    width=8,
                ),
            ),
        ),
        Row(
            "Versions",
            (
                Panel(
                    "Programs",
                    "How many sidecars of a service run which version.",
                    (Query(now("weirline_build_info", by=f"{WHERE}, version, python")),),
                    look=Look.TABLE,
                ),
                Panel(
                    "Policies",
                    "How many sidecars of a service run which policy.",
                    (Query(now("weirline_policy_info", by=f"{WHERE}, name, mode, digest")),),
                    look=Look.TABLE,
                ),
            ),
        ),
    ),
)
