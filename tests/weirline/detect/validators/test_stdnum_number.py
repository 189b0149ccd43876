"""Checks by python-stdnum: what it takes is valid, whatever it raises is not."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest
import stdnum

from weirline.detect.validators import VALIDATORS
from weirline.detect.validators.stdnum_number import MODULES, StdnumValidator

VALID = {
    "br.cpf": b"390.533.447-05",
    "de.idnr": b"36 574 261 809",
    "es.dni": b"54362315-K",
    "fr.nir": b"2 95 10 99 126 111 93",
    "nl.bsn": b"111222333",
    "se.personnummer": b"880320-0016",
}


@pytest.mark.parametrize("module", VALID)
def test_number_is_valid_until_a_digit_changes(module: str) -> None:
    check = StdnumValidator(module)
    value = VALID[module]
    assert check(value)
    place = value.index(b"3" if b"3" in value else b"2")
    assert not check(value[:place] + b"8" + value[place + 1 :])


def test_dots_that_the_library_does_not_know_are_left_out() -> None:
    assert StdnumValidator("es.dni")(b"54.362.315-K")
    assert not StdnumValidator("es.dni")(b"54.362.315-L")


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"-" * 10, b"x" * 64, b"9" * 65, b"\x00"])
def test_nothing_is_raised_for_what_is_no_number(module: str, value: bytes) -> None:
    assert VALIDATORS[f"stdnum.{module}"](value) is False


def test_every_listed_module_is_one_of_the_library() -> None:
    found = {module.name for module in pkgutil.walk_packages(stdnum.__path__, "stdnum.")}
    assert {f"stdnum.{module}" for module in MODULES} <= found
    assert list(MODULES) == sorted(set(MODULES))
    assert all(callable(importlib.import_module(f"stdnum.{name}").validate) for name in MODULES)


def test_library_is_not_imported_before_the_first_candidate() -> None:
    code = "import sys, weirline.detect.validators; sys.exit('stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
