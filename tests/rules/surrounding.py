"""Where values stand in traffic: each place writes a value as that format writes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape


def _plain(value: str) -> str:
    return value


def _json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _json_in_json(value: str) -> str:
    return _json(_json(value))


def _json_of_browsers(value: str) -> str:
    """Write slashes, equal and angle signs as escapes, as some libraries do."""
    escaped = _json(value).replace("/", "\\/").replace("=", "\\u003d")
    return escaped.replace("<", "\\u003c").replace("+", "\\u002b")


def _json_of_browsers_twice(value: str) -> str:
    return _json_of_browsers(_json_of_browsers(value))


@dataclass(frozen=True, slots=True)
class Surrounding:
    """Text before and after a value (`{key}` is its usual name), and how the value is written."""

    before: str
    after: str
    write: Callable[[str], str] = _plain

    def around(self, key: str, value: bytes) -> tuple[bytes, int, int]:
        """Return the text with the value in it, and where the value starts and ends."""
        before = self.before.replace("{key}", key).encode()
        written = self.write(value.decode()).encode()
        after = self.after.replace("{key}", key).encode()
        return before + written + after, len(before), len(before) + len(written)


SURROUNDINGS: dict[str, Surrounding] = {
    "json": Surrounding('{"n": 1, "{key}": "', '", "next": "x"}', _json),
    "compact json": Surrounding('[{"{key}":"', '"},{"{key}":"x"}]', _json),
    "json with escaped signs": Surrounding('{"{key}":"', '"}', _json_of_browsers),
    "json in a json string": Surrounding('{"body":"{\\"{key}\\":\\"', '\\"}"}', _json_in_json),
    "json with escaped signs in a json string": Surrounding(
        '{"body":"{\\"{key}\\":\\"', '\\"}"}', _json_of_browsers_twice
    ),
    "after an escaped line break": Surrounding('{"log":"line\\n{key}=', '\\nnext"}', _json),
    "line": Surrounding("{key}=", "\n"),
    "yaml": Surrounding("{key}: ", "\nnext: 1\n"),
    "quoted setting": Surrounding("export {key}='", "'\n"),
    "csv": Surrounding("7,{key},", ",2024-05-01\n"),
    "tab": Surrounding("{key}\t", "\t17\n"),
    "xml": Surrounding("<r><{key}>", "</{key}></r>", escape),
    "html table": Surrounding("<tr><td>{key}</td><td>", "</td></tr>", escape),
    "html attribute": Surrounding('<input name="{key}" value="', '">', escape),
    "sql": Surrounding("INSERT INTO t ({key}) VALUES ('", "');"),
    "log line": Surrounding("2024-05-01 10:20:30,123 INFO [main] {key}=", " -- done\n"),
    "form": Surrounding("a=1&{key}=", "&b=2", quote_plus),
    "url": Surrounding("https://api.example/v1?{key}=", "#top", quote),
    "at the end": Surrounding("{key}:", ""),
    "key glued on": Surrounding('"{key}_', '"'),
}
WITHOUT_KEY: dict[str, Surrounding] = {
    "alone": Surrounding("", ""),
    "at the start": Surrounding("", " and so on"),
    "list": Surrounding('["x","', '","y"]', _json),
    "brackets": Surrounding("(", ")"),
    "after an arrow": Surrounding("value->", ";"),
}
