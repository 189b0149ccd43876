"""Which processes serve for a sidecar: its workers on the fast transport, itself on grpcio."""

from __future__ import annotations

import os
import signal

import psutil

from tests.system.sidecar_process import SidecarProcess


def workers_of(sidecar: SidecarProcess) -> list[int]:
    """The numbers of its workers' processes, those that leave among them, oldest first."""
    children = psutil.Process(sidecar.pid).children()
    alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
    return [child.pid for child in sorted(alive, key=psutil.Process.create_time)]


def serving_pids(sidecar: SidecarProcess) -> list[int]:
    """The numbers of the processes that hold its streams."""
    return workers_of(sidecar) or [sidecar.pid]


def send_to_serving(sidecar: SidecarProcess, number: signal.Signals) -> None:
    """Send a signal to the processes that hold its streams."""
    for pid in serving_pids(sidecar):
        os.kill(pid, number)
