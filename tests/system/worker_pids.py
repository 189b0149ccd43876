"""Which processes serve for a sidecar: its workers on the fast transport, itself on grpcio."""

from __future__ import annotations

import contextlib
import os
import signal

import psutil

from tests.system.sidecar_process import SidecarProcess


def workers_of(sidecar: SidecarProcess) -> list[int]:
    """The numbers of its workers' processes, those that leave among them, oldest first."""
    alive: list[tuple[float, int]] = []
    for child in psutil.Process(sidecar.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # gone between the two looks
            if child.status() != psutil.STATUS_ZOMBIE:
                alive.append((child.create_time(), child.pid))
    return [pid for _, pid in sorted(alive)]


def serving_pids(sidecar: SidecarProcess) -> list[int]:
    """The numbers of the processes that hold its streams."""
    return workers_of(sidecar) or [sidecar.pid]


def send_to_serving(sidecar: SidecarProcess, number: signal.Signals) -> None:
    """Send a signal to the processes that hold its streams."""
    for pid in serving_pids(sidecar):
        os.kill(pid, number)
