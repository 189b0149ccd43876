"""The compiled module; its source is in c/."""

from weirline.detect.class_finder import Found

def find(
    tables: bytes, gates: bytes, nodes: bytes, sequences: bytes, data: bytes, most: int, /
) -> Found: ...
def is_fast() -> bool: ...
