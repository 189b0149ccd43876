"""The three leaks the demo plants, and the clean pages beside them.

Leaks come about in three ways, and there is one of each: an endpoint that can be asked for too
much, a debug endpoint left open, an error page that tells what it was working on. Over the three
stand twenty values of each kind, so that every kind planted has its turn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from weirline.cli.demo.leak import Leak
from weirline.cli.demo.planted_value import EACH, Values, make_values
from weirline.cli.demo.sample_api import Page

RECORDS = 50

BULK_TARGET = "/v1/customers?limit=50"
DEBUG_TARGET = "/debug/config"
ERROR_TARGET = "/orders/1041"

# Which of the kinds a customer's record holds, by its number modulo five: never nothing, and over
# fifty records twenty of each. The last record has no card: that one is on the error page.
RECORD_KINDS = (
    ("email", "card"),
    ("ssn",),
    ("email", "iban"),
    ("ssn",),
    ("iban", "card"),
)
TENANT_KINDS = (
    "aws_access_key_id",
    "aws_secret_access_key",
    "github_token",
    "slack_token",
    "session_jwt",
    "private_key",
)
NAMES = ("Ada", "Ben", "Cleo", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "June")
CITIES = ("Aberdeen", "Bergen", "Cork", "Delft", "Evora")


@dataclass(frozen=True, slots=True)
class Planted:
    """What the sample API serves: `pages` by target, and which of them are leaks.

    `values` are all planted values, whatever page they stand on.
    """

    pages: Mapping[str, tuple[Page, ...]]
    leaks: tuple[Leak, ...]
    values: tuple[bytes, ...]


def plant(seed: int) -> Planted:
    """Make the values, half of them from `seed`, and the pages that hold them."""
    values = make_values(seed)
    records = [_record(number, values) for number in range(RECORDS)]
    error_card = values["card"][EACH - 1]
    leaks = (
        Leak(
            path=BULK_TARGET,
            content_type="application/json",
            body=_json({"count": RECORDS, "customers": records}),
            values=_encoded(values, ("email", "ssn", "iban")) + _encoded_cards(values),
            cause="API exploit",
            title=f"bulk endpoint, {RECORDS} records where one is normal",
        ),
        Leak(
            path=DEBUG_TARGET,
            content_type="application/json",
            body=_json({"service": "shop", "debug": True, "tenants": _tenants(values)}),
            values=_encoded(values, TENANT_KINDS),
            cause="misconfiguration",
            title="debug endpoint with credentials",
        ),
        Leak(
            path=ERROR_TARGET,
            content_type="text/html; charset=utf-8",
            body=_error_page(error_card),
            values=(error_card.encode(),),
            status=500,
            cause="logic error",
            title="error page with a card number",
        ),
    )
    return Planted(
        pages=_pages(leaks, records),
        leaks=leaks,
        values=tuple(value for leak in leaks for value in leak.values),
    )


def _record(number: int, values: Values) -> dict[str, object]:
    """Return a customer's record; its values are the kinds' next ones."""
    record: dict[str, object] = {
        "id": number + 1,
        "name": f"{NAMES[number % len(NAMES)]} {CITIES[number % len(CITIES)][0]}.",
        "city": CITIES[number % len(CITIES)],
    }
    for kind in RECORD_KINDS[number % 5]:
        groups = [place for place in range(5) if kind in RECORD_KINDS[place]]
        at = number // 5 * len(groups) + groups.index(number % 5)
        if (kind, at) != ("card", EACH - 1):
            record[kind] = values[kind][at]
    return record


def _tenants(values: Values) -> list[dict[str, str]]:
    return [
        {"tenant": f"shop-{at + 1:02}"} | {kind: values[kind][at] for kind in TENANT_KINDS}
        for at in range(EACH)
    ]


def _error_page(card: str) -> bytes:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "shop/orders.py", line 88, in show\n'
        "    receipt = gateway.receipt(order.payment)\n"
        '  File "shop/gateway.py", line 41, in receipt\n'
        "    raise GatewayError(payment)\n"
        f"GatewayError: no receipt for order 1041, card {card}, amount 129.90 EUR\n"
    )
    return (
        "<!doctype html>\n<html><head><title>500 Internal Server Error</title></head>\n"
        f"<body><h1>Internal Server Error</h1>\n<pre>\n{escape(trace, quote=False)}</pre>\n"
        "</body></html>\n"
    ).encode()


def _pages(
    leaks: tuple[Leak, ...], records: list[dict[str, object]]
) -> dict[str, tuple[Page, ...]]:
    pages = {leak.path: (Page(leak.content_type, leak.body, leak.status),) for leak in leaks}
    pages["/v1/customers"] = pages[BULK_TARGET]
    pages["/orders/*"] = pages[ERROR_TARGET]
    for record in records:
        pages[f"/v1/customers/{record['id']}"] = (Page("application/json", _json(record)),)
    return pages | clean_pages()


def clean_pages() -> dict[str, tuple[Page, ...]]:
    """Return what an ordinary shop also answers, which must pass byte for byte."""
    goods = [
        {
            "id": 7000 + number,
            "sku": f"WL-{number:04}",
            "name": f"Lamp {number}",
            "price": f"{19 + number}.90",
            "stock": 3 * number,
            "updated_at": f"2026-03-{number + 1:02}T08:15:00Z",
        }
        for number in range(12)
    ]
    pages: dict[str, tuple[Page, ...]] = {
        "/": (Page("text/html; charset=utf-8", b"<!doctype html><h1>Sample shop</h1>\n"),),
        "/v1/status": (Page("application/json", _json({"status": "ok", "uptime_s": 86400})),),
        "/v1/goods": (Page("application/json", _json({"goods": goods})),),
        "/robots.txt": (Page("text/plain", b"User-agent: *\nDisallow: /debug/\n"),),
        "/shop.css": (Page("text/css", b"body { font-family: sans-serif; margin: 2rem }\n"),),
    }
    for article in goods:
        pages[f"/v1/goods/{article['id']}"] = (Page("application/json", _json(article)),)
    return pages


def _encoded(values: Values, kinds: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(value.encode() for kind in kinds for value in values[kind])


def _encoded_cards(values: Values) -> tuple[bytes, ...]:
    """Return the cards of the bulk endpoint: all but the one on the error page."""
    return tuple(value.encode() for value in values["card"][: EACH - 1])


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
