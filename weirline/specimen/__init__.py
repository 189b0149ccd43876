"""Makers of test values: for each kind one that must be found and one that must not."""

from weirline.specimen.registry import SPECIMENS
from weirline.specimen.specimen import Specimen

__all__ = ["SPECIMENS", "Specimen"]
