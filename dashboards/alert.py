"""The alerts: when a person must look, each with the page that says what to do.

They stand on the sidecar's metrics and, where only Envoy can know, on Envoy's; both must come from
targets whose label `instance` or `pod` tells sidecars apart. Thresholds are meant to be changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.operations import CERTIFICATE_DAYS
from dashboards.overview import NOT_ADMIN, REQUESTS, STREAMS

RUNBOOK = "docs/howto/runbook.md"
WHERE = "cluster, namespace, service"


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule of Prometheus. `lasting`: how long it must hold, as Prometheus writes it."""

    name: str
    expr: str
    lasting: str
    severity: str
    summary: str
    description: str

    @property
    def anchor(self) -> str:
        """Return the heading's anchor on the runbook page."""
        return self.name.lower()


ALERTS: tuple[Alert, ...] = (
    Alert(
        "WeirlineBypassed",
        f"sum by ({WHERE}) (rate({REQUESTS}{{{NOT_ADMIN}}}[5m])) > 0.1\n"
        f"and (sum by ({WHERE}) (rate({STREAMS}[5m])) or 0 * sum by ({WHERE}) "
        f"(rate({REQUESTS}{{{NOT_ADMIN}}}[5m]))) == 0",
        "5m",
        "critical",
        "Requests pass an Envoy whose filter asks no sidecar",
        "Envoy serves requests, and none of them reaches the scanner.",
    ),
    Alert(
        "WeirlineFailOpen",
        f"sum by ({WHERE}) (increase(envoy_http_ext_proc_weirline_failure_mode_allowed[5m])) > 0",
        "0m",
        "critical",
        "Traffic was let through unseen",
        "Envoy got no answer in time or an error, and failure_mode_allow let the traffic pass.",
    ),
    Alert(
        "WeirlineTimeouts",
        f"sum by ({WHERE}) (rate(envoy_http_ext_proc_weirline_message_timeouts[5m])) > 0.05",
        "5m",
        "warning",
        "Envoy waits in vain for the sidecar",
        "Messages were not answered within message_timeout.",
    ),
    Alert(
        "WeirlineFaults",
        f"sum by ({WHERE}, kind) (rate(weirline_faults_total[5m])) > 0",
        "5m",
        "critical",
        "The sidecar ends streams with errors",
        "Streams end with an error status; the fail mode decides what becomes of the requests.",
    ),
    Alert(
        "WeirlineDown",
        f"sum by ({WHERE}, instance) (weirline_ready) == 0",
        "2m",
        "critical",
        "A sidecar is not ready",
        "Its page /readyz names the reasons.",
    ),
    Alert(
        "WeirlineLatencyBudget",
        f"histogram_quantile(0.99, sum by ({WHERE}, le) "
        "(rate(weirline_handling_seconds_bucket[5m]))) > 0.01",
        "10m",
        "warning",
        "One message in a hundred takes more than 10 ms",
        "The time from a message taken to its answer made is over the budget.",
    ),
    Alert(
        "WeirlinePolicySkew",
        "count by (cluster, namespace, name) "
        "(count by (cluster, namespace, name, digest) (weirline_policy_info)) > 1",
        "15m",
        "warning",
        "Sidecars run different versions of a policy",
        "One policy has been in force in more than one version for longer than a roll-out takes.",
    ),
    Alert(
        "WeirlinePolicyRefused",
        f'sum by ({WHERE}) (increase(weirline_reloads_total{{result="refused"}}[15m])) > 0',
        "0m",
        "warning",
        "A policy file was refused",
        "The last good policy is still in force; the log names file, line and mend.",
    ),
    Alert(
        "WeirlineUnscanned",
        f"sum by ({WHERE}) (rate(weirline_unscanned_total[15m])) > "
        f"0.05 * sum by ({WHERE}) (rate(weirline_flows_total[15m]))",
        "15m",
        "warning",
        "More than 5 % of exchanges were not looked at to their end",
        "Bodies in scope could not be scanned; the label `reason` says why.",
    ),
    Alert(
        "WeirlineWorkersDie",
        f"sum by ({WHERE}, reason) "
        '(increase(weirline_worker_ends_total{reason!="asked"}[15m])) > 2',
        "0m",
        "warning",
        "Workers die again and again",
        "More than two in 15 minutes; each is replaced, its streams end as the fail mode says.",
    ),
    Alert(
        "WeirlineCertificateAge",
        f"min by ({WHERE}) ({CERTIFICATE_DAYS}) < 21",
        "1h",
        "warning",
        "A certificate of Envoy expires in less than three weeks",
        "When it has expired, no connection with mutual TLS is made any more.",
    ),
)


def rules_text(alerts: tuple[Alert, ...] = ALERTS) -> str:
    """Return the rule file that Prometheus loads."""
    lines = [
        "# Made by `python -m dashboards.generate`.",
        "groups:",
        "  - name: weirline",
        "    rules:",
    ]
    for alert in alerts:
        lines.append(f"      - alert: {alert.name}")
        lines.append("        expr: |-")
        lines.extend(f"          {line}" for line in alert.expr.splitlines())
        lines.append(f"        for: {alert.lasting}")
        lines.append(f"        labels: {{severity: {alert.severity}}}")
        lines.append("        annotations:")
        lines.append(f"          summary: {alert.summary}")
        lines.append(f"          description: {_quoted(alert.description)}")
        lines.append(f"          runbook_url: {RUNBOOK}#{alert.anchor}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
