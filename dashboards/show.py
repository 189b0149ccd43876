"""`python3 dev.py boards`: the demo, a Prometheus beside it, and the boards drawn as a page.

Everything is real but Grafana: Envoy, the sidecar, Prometheus, and requests without end to the
demo's shop. `--pictures FOLDER` draws each board in headless Chromium when there is enough to see,
and ends. It refuses to start without Prometheus (Debian: `prometheus`) in PATH.
"""

from __future__ import annotations

import argparse
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from dashboards.generate import BOARDS
from dashboards.page_server import LOOPBACK, serve_page
from weirline.cli.demo.child import Child
from weirline.cli.demo.client import exchange, fetch
from weirline.cli.demo.interrupt import Interrupted, hold_off, interruptible
from weirline.cli.demo.play import Play, planted_play
from weirline.cli.demo.sample_api import serve
from weirline.cli.demo.stage import Stage, find_envoy, set_up
from weirline.cli.envoy_config import template
from weirline.errors import WeirlineError

PROMETHEUS_LIMIT_S = 30.0
WATCH_S = 0.5
ENOUGH_S = 90.0  # of traffic, before pictures are taken
PICTURE_LIMIT_S = 60.0
REQUESTS_PER_S = 40.0
SCRAPE_INTERVAL_MS = 2_000
CONFIG = """\
global: {{scrape_interval: {interval_ms}ms, scrape_timeout: {interval_ms}ms}}
scrape_configs:
  - job_name: weirline
    static_configs: [{{targets: ["127.0.0.1:{sidecar}"], labels: {{service: shop}}}}]
  - job_name: envoy
    metrics_path: /stats/prometheus
    static_configs: [{{targets: ["127.0.0.1:{envoy}"], labels: {{service: shop}}}}]
"""


class Missing(WeirlineError):
    """A program that is needed is not in PATH."""


def main() -> int:
    """Run until a signal comes, or until the pictures are there; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 dev.py boards", description=__doc__)
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw PNG files, then end")
    options = parser.parse_args()
    try:
        with interruptible(), ExitStack() as stack:
            children, port = start(stack)
            if options.pictures is None:
                sys.stdout.write(f"boards: http://{LOOPBACK}:{port}/   (Ctrl-C ends it)\n")
                sys.stdout.flush()
            _watch(children, ENOUGH_S if options.pictures else None)
            take_pictures(port, options.pictures)
            return 0
    except Interrupted as interruption:
        return 0 if options.pictures is None else 128 + interruption.signal_number
    except WeirlineError as error:
        sys.stderr.write(f"boards: {error}\n")
        return 1


def start(stack: ExitStack) -> tuple[tuple[Child, ...], int]:
    """Start all parts; return those that must stay alive, and the page's port."""
    prometheus = find_program("prometheus", "prometheus")
    play = planted_play(random.SystemRandom().randrange(1_000_000))
    policy = stack.enter_context(as_file(files("weirline.cli.demo") / "policy.yaml"))
    service = stack.enter_context(serve(play.pages))
    stage = stack.enter_context(
        set_up(service, envoy=find_envoy(None), bootstrap=template("enforce"), policy=policy)
    )
    stack.callback(hold_off)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="weirline-boards-")))
    if stage.sidecar is None:
        raise Missing("the demo runs without a sidecar: there is nothing to scrape")
    child, port = start_prometheus(
        prometheus, folder, sidecar=stage.sidecar.admin, envoy=stage.doors.admin
    )
    stack.callback(child.stop)
    stack.enter_context(traffic(play, stage))
    return (*stage.children, child), stack.enter_context(serve_page(port))


def _watch(children: tuple[Child, ...], seconds: float | None) -> None:
    """Stay for `seconds`, or until a signal; raise ChildFailed if a part ends by itself."""
    end = None if seconds is None else time.monotonic() + seconds
    pause = threading.Event()
    while end is None or time.monotonic() < end:
        for each in children:
            each.check()
        pause.wait(WATCH_S)


def find_program(name: str, package: str) -> str:
    """Return the path of a program. Raises Missing, which names its Debian package."""
    path = shutil.which(name)
    if path is None:
        raise Missing(f"no {name} in PATH; on Debian: apt-get install {package}")
    return path


def start_prometheus(
    program: str, folder: Path, *, sidecar: int, envoy: int, interval_ms: int = SCRAPE_INTERVAL_MS
) -> tuple[Child, int]:
    """Start a Prometheus that scrapes a sidecar and its Envoy by their admin ports.

    Returns it, ready, with its port. Raises ChildFailed.
    """
    config = folder / "prometheus.yaml"
    config.write_text(CONFIG.format(sidecar=sidecar, envoy=envoy, interval_ms=interval_ms))
    port = _free_port()
    command = [
        program,
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
    ]
    child = Child("prometheus", command, log=folder / "log", environment={})
    child.wait_until(lambda: _is_ready(port), limit_s=PROMETHEUS_LIMIT_S)
    return child, port


@contextmanager
def traffic(play: Play, stage: Stage) -> Iterator[None]:
    """Ask for the shop's pages, some `REQUESTS_PER_S` a second, while the context is open."""
    over = threading.Event()

    def run() -> None:
        rng = random.Random(1)  # noqa: S311 - nothing secret hangs on it
        while not over.wait(rng.expovariate(REQUESTS_PER_S)):
            try:
                fetch(stage.doors.protected, rng.choice(play.requests).target)
            except (OSError, ValueError):
                continue  # counted by Envoy; the boards show it

    thread = threading.Thread(target=run, name="traffic")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def take_pictures(port: int, folder: Path) -> None:
    """Draw each board into `folder` as a PNG file named after it. Raises Missing."""
    chromium = find_program("chromium", "chromium")
    folder.mkdir(parents=True, exist_ok=True)
    for board in BOARDS:
        with tempfile.TemporaryDirectory(prefix="weirline-chromium-") as profile:
            url = f"http://{LOOPBACK}:{port}/?seconds=90#{board.uid}"
            subprocess.run(
                [
                    *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                    f"--user-data-dir={profile}",
                    f"--screenshot={(folder / f'{board.uid}.png').resolve()}",
                    *("--window-size=1500,1260", "--virtual-time-budget=4000", url),
                ],
                check=True,
                capture_output=True,
                timeout=PICTURE_LIMIT_S,
            )


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _is_ready(port: int) -> bool:
    try:
        return b" 200 " in exchange(
            port, b"GET /-/ready HTTP/1.1\r\nHost: boards\r\nConnection: close\r\n\r\n"
        )
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
