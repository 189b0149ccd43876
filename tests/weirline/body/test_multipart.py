from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from weirline.body.multipart import has_parts, parts_view, unread_charsets
from weirline.body.segment import Patch, Segment


def form(*parts: tuple[str, bytes]) -> bytes:
    head = b'--b1\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: %b\r\n\r\n%b\r\n'
    return b"".join(head % (kind.encode(), content) for kind, content in parts) + b"--b1--\r\n"


WIDE = "pan 4111 für".encode("utf-16-be")


def test_every_part_is_read_by_its_own_charset() -> None:
    body = form(
        ("text/plain; charset=utf-16", WIDE),
        ("text/plain", b"plain"),
        ('text/plain; charset="IBM037"', "pan 4222".encode("cp037")),
        ("text/plain", "pan 4333".encode("utf-16-le")),
        ("text/plain; charset=utf-8", "für".encode()),
    )
    view = parts_view(Segment(body))
    assert view is not None
    for number in (b"4111", b"4222", b"4333"):
        at = view.text.index(number)
        low, high = view.to_wire(at, at + 4)
        lifted = view.lift(Patch(at, b"****"))
        assert lifted is not None
        assert (lifted.start, lifted.start + len(lifted.text)) == (low, high)
    assert "für".encode() in view.text
    assert b"plain\x1f" not in view.text
    assert not unread_charsets(body)


def test_wrong_boundary_and_plain_line_ends_hide_no_part() -> None:
    body = (
        b"preamble\n--x y\n--zz\ncontent-type: text/plain; charset=utf-16be\n\n" + WIDE + b"\n--zz"
    )
    view = parts_view(Segment(body))
    assert view is not None
    assert b"4111" in view.text


def test_last_part_without_end_is_read() -> None:
    body = form(("text/plain", b"x"), ("text/plain; charset=utf-16be", WIDE))
    view = parts_view(Segment(body[: -len(b"\r\n--b1--\r\n")]))
    assert view is not None
    assert "für".encode() in view.text


def test_charset_that_is_not_known_is_told() -> None:
    assert unread_charsets(form(("text/plain", b"a"), ("text/plain; charset=x-own", b"b")))


def test_parts_that_show_their_text_have_no_view() -> None:
    message = MIMEMultipart()
    message.attach(MIMEText("für", "plain", "utf-8"))
    message.attach(MIMEText("a", "plain", "us-ascii"))
    assert parts_view(Segment(message.as_bytes())) is None
    assert parts_view(Segment(b"-- no parts")) is None
    assert parts_view(Segment(b"plain")) is None


def test_multipart_bodies_and_mails_are_known_by_their_beginning() -> None:
    assert has_parts(b"--b1\r\n")
    assert has_parts(b"MIME-Version: 1.0\r\n")
    assert has_parts(b"content-type: multipart/mixed; boundary=b1\r\n")
    assert not has_parts(b'{"a":"--"}')
