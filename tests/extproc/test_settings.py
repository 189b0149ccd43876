from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from extproc.settings import DEFAULTS, SETTINGS, Kind, Setting, Settings
from extproc.settings_rules import conflicts
from extproc.settings_value import read_value
from tests.extproc.reference_rows import settings_rows

NUMBERS = (Kind.WHOLE, Kind.SECONDS, Kind.FILE_MODE)


def test_table_and_object_have_the_same_settings_in_the_same_order() -> None:
    assert tuple(setting.name for setting in SETTINGS) == Settings.__struct_fields__


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_default_passes_its_own_check(setting: Setting) -> None:
    assert read_value(setting, setting.default) == setting.default


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_row_is_complete(setting: Setting) -> None:
    assert setting.doc.endswith(".")
    assert (setting.kind in NUMBERS) == (setting.most > 0)
    assert (setting.kind is Kind.CHOICE) == bool(setting.choices)
    assert bool(setting.unit) == (setting.kind in (Kind.WHOLE, Kind.SECONDS))


def test_defaults_do_not_conflict() -> None:
    assert not list(conflicts(DEFAULTS))


def test_settings_cannot_be_changed_after_start() -> None:
    with pytest.raises(AttributeError):
        DEFAULTS.socket = "/elsewhere"  # type: ignore[misc]  # the point of the test


def test_spellings_follow_from_the_name() -> None:
    row = next(setting for setting in SETTINGS if setting.name == "log_level")
    assert (row.flag, row.variable) == ("--log-level", "WEIRLINE_LOG_LEVEL")


def test_object_refuses_a_field_it_does_not_know() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"sockett": "x"}, Settings)


def test_reference_page_has_each_setting_as_the_table_has_it() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert not [row for row in settings_rows() if row not in page.splitlines()]
