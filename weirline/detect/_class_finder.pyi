"""The compiled module; its source is in c/."""

from weirline.detect.class_finder import Found

def find(
    tables: bytes,
    gates: bytes,
    nodes: bytes,
    sequences: bytes,
    lengths: bytes,
    data: bytes,
    most: int,
    /,
) -> Found: ...
def prepare(
    tables: bytes, gates: bytes, nodes: bytes, sequences: bytes, lengths: bytes, /
) -> object: ...
def quiet(program: object, other: object, data: bytes, /) -> bool: ...
def is_fast() -> bool: ...
