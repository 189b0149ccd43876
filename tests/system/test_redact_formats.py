"""Every way to redact in every form of body, through a real Envoy: only the values change.

A body is a template with a slot for each value; what comes back must be the same template byte for
byte, with something else in the slots. What that is depends on the action, and is checked apart.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from google.protobuf import struct_pb2

from tests.system.lab import Lab, running_lab, value
from tests.system.wire import always, chunk, chunked_head, get, whole
from tests.weirline.flow.protobuf import frame

pytestmark = pytest.mark.slow

SLOT = b"<slot>"
CARD = bytes(byte for byte in value("payment_card") if 48 <= byte <= 57)
ACTIONS = {
    "mask": "{redact: {mask: {keep_last: 4}}}",
    "replace": '{redact: {replace: "[card]"}}',
    "hash": "{redact: {hash: {}}}",
    "tokenise": "{tokenise: {key: eu}}",
    "remove": "{redact: {remove: {}}}",
}
POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: forms}
mode: enforce
rules:
""" + "".join(
    f"  - id: {name}\n    when: {{direction: response, path: /{name}}}\n"
    f"    find: {{category: payment}}\n    do: [{action}]\n"
    for name, action in ACTIONS.items()
)
MULTIPART = (
    b'--b\r\ncontent-disposition: form-data; name="card"\r\n\r\n<slot>\r\n'
    b'--b\r\ncontent-disposition: form-data; name="note"; filename="n.txt"\r\n'
    b"content-type: text/plain\r\n\r\npaid with <slot> today\r\n--b--\r\n"
)
FORMS = {
    "application/json": b'{"card": "<slot>", "note": "\xc3\xa9 \\u00e9", "list": ["<slot>", 1.50]}',
    "text/plain": b"Card <slot>, and again: <slot>.\r\nNothing else.\r\n",
    "application/x-www-form-urlencoded": b"card=<slot>&note=a+b%20c&other=<slot>",
    "application/xml": b'<?xml version="1.0"?>\n<a c="<slot>"><b>&#233; &amp; <slot></b><c/></a>\n',
    "multipart/form-data; boundary=b": MULTIPART,
}
READERS: dict[str, Callable[[bytes], object]] = {
    "application/json": json.loads,
    "text/plain": bytes.decode,
    "application/x-www-form-urlencoded": lambda body: parse_qs(body.decode(), strict_parsing=True),
    "application/xml": ET.fromstring,
    "multipart/form-data; boundary=b": lambda body: message_from_bytes(
        b"content-type: multipart/form-data; boundary=b\r\n\r\n" + body
    ).get_payload(),
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder: Path = tmp_path_factory.mktemp("forms")
    with running_lab(folder, POLICY) as lab:
        yield lab
        lab.assert_sound()


def slots(template: bytes, body: bytes) -> list[bytes]:
    """What stands in the slots; fails where any other byte is another one."""
    pattern = b"(.*?)".join(re.escape(part) for part in template.split(SLOT))
    found = re.fullmatch(pattern, body, re.DOTALL)
    assert found is not None, "a byte outside the values has changed"
    return list(found.groups())


def assert_redacted(action: str, standing: list[bytes], *, in_place: bool) -> None:
    """Whether what stands in the slots is what the action puts there."""
    assert len(set(standing)) == 1, "equal values stay equal"
    (stands,) = set(standing)
    if action in ("replace", "remove") and not in_place:
        assert stands == (b"[card]" if action == "replace" else b"")
        return
    assert len(stands) == len(CARD)
    assert stands != CARD
    if action == "mask":
        assert stands == b"*" * (len(CARD) - 4) + CARD[-4:]
    elif action == "tokenise":
        assert stands.isdigit()
    elif action in ("replace", "remove"):
        assert stands == b"*" * len(CARD)


@pytest.mark.promise(29)
@pytest.mark.parametrize("content_type", FORMS, ids=lambda name: name.partition(";")[0])
@pytest.mark.parametrize("action", ACTIONS)
def test_only_values_change_in_a_whole_body(lab: Lab, action: str, content_type: str) -> None:
    template = FORMS[content_type]
    sent = template.replace(SLOT, CARD)
    answer = lab.ask(get(f"/{action}"), always(whole(sent, content_type=content_type)))
    assert answer.status == 200
    assert answer.header(b"content-length") == b"%d" % len(answer.body)
    READERS[content_type](answer.body)
    assert_redacted(action, slots(template, answer.body), in_place=False)


@pytest.mark.promise(29)
@pytest.mark.parametrize("action", ACTIONS)
def test_only_values_change_in_a_packed_body(lab: Lab, action: str) -> None:
    template = FORMS["application/json"]
    packed = gzip.compress(template.replace(SLOT, CARD))
    answer = lab.ask(get(f"/{action}"), always(whole(packed, extra="content-encoding: gzip\r\n")))
    assert answer.header(b"content-length") == b"%d" % len(answer.body)
    body = gzip.decompress(answer.body)
    json.loads(body)
    assert_redacted(action, slots(template, body), in_place=True)


@pytest.mark.promise(29)
@pytest.mark.parametrize("action", ACTIONS)
def test_only_values_change_in_a_grpc_message(lab: Lab, action: str) -> None:
    sent = struct_pb2.Struct()
    sent["card"], sent["note"], sent["number"] = CARD.decode(), "river", 7.5
    framed = frame(sent.SerializeToString())
    template = framed.replace(CARD, SLOT)
    head = chunked_head(content_type="application/grpc")
    script = always(head + chunk(framed) + chunk(b"") + b"\r\n")
    answer = lab.ask(get(f"/{action}"), script)
    (stands,) = slots(template, answer.body)
    assert_redacted(action, [stands], in_place=True)
    read = struct_pb2.Struct.FromString(answer.body[5:])
    assert (read["card"], read["note"], read["number"]) == (stands.decode(), "river", 7.5)
