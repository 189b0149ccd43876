from __future__ import annotations

import pytest

from weirline.detect.validators.keccak import keccak_256


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_digest_is_that_of_the_published_vectors(data: bytes, digest: str) -> None:
    assert keccak_256(data).hex() == digest


def test_digests_around_a_block_differ() -> None:
    digests = {keccak_256(b"a" * size) for size in range(130, 142)}
    assert len(digests) == 12
    assert all(len(digest) == 32 for digest in digests)
