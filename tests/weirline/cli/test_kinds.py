from __future__ import annotations

import json

import pytest

from weirline.cli.kinds import kinds_of
from weirline.cli.main import main
from weirline.rulepack.shipped import shipped_packs
from weirline.specimen import SPECIMENS


def test_every_shipped_kind_is_listed_once_under_its_category(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["kinds"]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert sorted(listed) == sorted([one.category, one.id] for one in shipped_packs().detectors)
    assert listed == sorted(listed)


def test_json_form_says_of_each_kind_its_packs_its_check_and_whether_it_is_proven(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["kinds", "--format", "json"]) == 0
    kinds = {kind["id"]: kind for kind in json.loads(capsys.readouterr().out)}
    assert kinds["payment_card"] == {
        "id": "payment_card",
        "title": "Payment card number",
        "category": "payment",
        "packs": kinds["payment_card"]["packs"],
        "validator": "card",
        "severity": "critical",
        "proven": True,
        "default": True,
    }
    assert {"default", "pci"} <= set(kinds["payment_card"]["packs"])
    assert kinds["calendar_date"]["default"] is False
    assert kinds["us_bank_account"]["validator"] is None


def test_kind_is_proven_if_and_only_if_it_has_a_maker() -> None:
    packs = shipped_packs()
    assert {kind.id for kind in kinds_of(packs) if kind.proven} == set(SPECIMENS)
    in_packs = {name for pack in packs.packs.values() for name in pack}
    assert {name for kind in kinds_of(packs) if kind.packs for name in [kind.id]} == in_packs


@pytest.mark.parametrize("form", ["xml", ""])
def test_form_nobody_knows_is_refused(form: str) -> None:
    with pytest.raises(SystemExit):
        main(["kinds", "--format", form])
