"""Everything that happens in traffic happens without a mesh: Envoy and the sidecar are enough."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.demo_process import ROOT, plain_environment

INLINE = ("test_places", "test_split_values", "test_body_shapes", "test_conformance_envoy")
CLUSTER_PROGRAMS = ("kubectl", "kubelet", "helm", "istioctl", "pilot-agent", "minikube", "kind")


@pytest.mark.full
@pytest.mark.promise(7)
def test_inline_tests_are_green_with_no_kubernetes_program_or_variable(tmp_path: Path) -> None:
    environment = plain_environment(tmp_path) | {"TMPDIR": "/tmp"}
    for program in CLUSTER_PROGRAMS:
        assert shutil.which(program, path=environment["PATH"]) is None
    assert not [name for name in environment if re.match("KUBE|ISTIO|POD_", name)]
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not full"),
            *(f"tests/system/{name}.py" for name in INLINE),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-4000:]
    passed = re.findall(r"^(\d+) passed", ended.stdout, re.MULTILINE)
    assert int(passed[0]) >= 50
