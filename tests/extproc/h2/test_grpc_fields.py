from __future__ import annotations

from extproc.ending import Ending
from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.grpc_fields import FAULT_ENDINGS, FLOODS, REFUSALS, TRAILERS
from extproc.h2.limits import Noise
from tests.fakes.fast_transport import FULL

pytestmark = FULL


def _numbers(prefix: str) -> set[int]:
    return {getattr(nghttp2, name) for name in dir(nghttp2) if name.startswith(prefix)}


def test_every_ending_has_its_status_and_only_ok_has_no_text() -> None:
    for ending in Ending:
        fields = dict(TRAILERS[ending])
        assert fields[b"grpc-status"] == b"%d" % ending.status
        assert (b"grpc-message" in fields) == (ending is not Ending.DONE)


def test_texts_need_no_escapes() -> None:
    for fields in TRAILERS.values():
        assert all(0x20 <= byte <= 0x7E and byte != 0x25 for _, text in fields for byte in text)


def test_everything_the_compiled_part_may_tell_has_its_row() -> None:
    assert set(FAULT_ENDINGS) == _numbers("FAULT_")
    assert set(REFUSALS) == _numbers("REFUSED_") - {nghttp2.REFUSED_PATH}
    assert set(FLOODS) == set(Noise)
