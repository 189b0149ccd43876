"""The compiled module; its source is in c/."""

from extproc.envoy_api.plain_request import PlainRequest

def read_request(raw: bytes, /) -> PlainRequest | None: ...
