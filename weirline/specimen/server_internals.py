"""Lines that servers write when something goes wrong inside, and prose that only sounds like them.

Each kind is a few forms as the program's own documentation prints them; `{w}` becomes a word,
`{W}` one that begins with a capital, `{n}` a number, `{d}` one of
five digits. Source: the page each detector links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from weirline.specimen.randomness import LOWER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen

_HOLE: Final = re.compile(r"\{([wWnd])\}")


@dataclass(frozen=True, slots=True)
class Forms:
    """Texts with holes in them."""

    good: tuple[str, ...]
    bad: tuple[str, ...]

    def valid(self, rng: Randomness) -> bytes:
        """Return one of the good texts, filled."""
        return _filled(rng, one_of(rng, self.good))

    def broken(self, rng: Randomness) -> bytes:
        """Return one of the others, filled."""
        return _filled(rng, one_of(rng, self.bad))


def _filled(rng: Randomness, form: str) -> bytes:
    def word(hole: re.Match[str]) -> str:
        if hole[1] == "n":
            return str(rng.randrange(1, 1000))
        if hole[1] == "d":
            return str(rng.randrange(10000, 65536))
        text = letters(rng, LOWER, rng.randrange(4, 9)).decode()
        return text.capitalize() if hole[1] == "W" else text

    return _HOLE.sub(word, form).encode()


_FORMS: Final = {
    "java_stack_trace": Forms(
        (
            "at com.{w}.{w}.{W}.{w}({W}.java:{n})",
            "at java.base/java.{w}.{W}.{w}({W}.java:{n})",
            "at org.{w}.{W}$1.{w}({W}.kt:{n})",
        ),
        ("look at {W}.java in {w}", "at {w} (see {W})", "{W}.java:{n}"),
    ),
    "python_traceback": Forms(
        ('File "/srv/{w}/{w}.py", line {n}, in {w}', 'File "{w}.py", line {n}, in <module>'),
        ('File "{w}.py", line {n}', "traceback of {w} {n}"),
    ),
    "dotnet_stack_trace": Forms(
        (
            "at {W}.{W}.{w}(Int32 {w}) in C:\\src\\{w}\\{W}.cs:line {n}",
            "at {W}.{W}.{w}() in /src/{w}/{W}.cs:line {n}",
        ),
        ("see {W}.cs:line {n}", "at {w} (local) in {W}"),
    ),
    "php_error": Forms(
        (
            "Fatal error: Uncaught {W} {w} in /var/www/{w}/{w}.php:{n}",
            "Warning: {w} {w} in /srv/{w}.php on line {n}",
        ),
        ("Warning: see {w}.php", "{w}.php:{n} {w}"),
    ),
    "ruby_backtrace": Forms(
        ("app/{w}/{w}.rb:{n}:in `{w}'", "/srv/{w}/{w}.rb:{n}:in '{W}#{w}'"),
        ("{w}.rb:{n}", "{w}.rb:{n}:in the {w}"),
    ),
    "go_panic": Forms(
        ("goroutine {n} [running]:", "goroutine {n} [chan receive, {n} minutes]:"),
        ("goroutine {n} waits", "do not panic: {w}"),
    ),
    "node_stack_trace": Forms(
        (
            "at {W}.{w} (/srv/{w}/{w}.js:{n}:{n})",
            "at async {w} (file:///srv/{w}/{w}.mjs:{n}:{n})",
            "at node:internal/{w}/{w}:{n}:{n}",
        ),
        ("see {w}.js:{n}:{n}", "at {n}:{n}:{n} {w}"),
    ),
    "rust_panic": Forms(
        ("thread '{w}' panicked at src/{w}.rs:{n}:{n}",),
        ("thread {w} panicked at {w}", "thread '{w}' waits at src/{w}.rs:{n}:{n}"),
    ),
    "postgresql_error": Forms(
        (
            'ERROR:  syntax error at or near "{w}"',
            'ERROR: relation "{w}" does not exist',
            'ERROR: duplicate key value violates unique constraint "{w}_key"',
        ),
        ("ERROR: {w} {n}", "the relation {w} does not exist", "import {w}.psycopg"),
    ),
    "mysql_error": Forms(
        (
            "Table '{w}.{w}' doesn't exist",
            "Unknown column '{w}' in 'field list'",
            "Access denied for user '{w}'@'10.0.0.{n}'",
            "com.mysql.jdbc.exceptions.{W}",
        ),
        ("the table {w} doesn't exist", "unknown column {w}", "SQLSTATE {n}"),
    ),
    "sqlserver_error": Forms(
        (
            "Incorrect syntax near '{w}'",
            "Invalid object name 'dbo.{w}'",
            "Msg {n}, Level 15, State 1",
        ),
        ("incorrect syntax: {w}", "an invalid object name {w}", "Message {n}, level {n}"),
    ),
    "oracle_error": Forms(
        ("ORA-{d}", "oracle.jdbc.{W}Exception"),
        ("ORA-{n}", "{w}.jdbc.{W}"),
    ),
    "sqlite_error": Forms(
        ("no such table: {w}", 'near "{w}": syntax error', "UNIQUE constraint failed: {w}.{w}"),
        ("no such {w}", "near {w}: syntax error", "the {w} constraint failed"),
    ),
    "directory_listing": Forms(
        ("<title>Index of /{w}/{w}", "<h1>Directory listing for /{w}"),
        ("<title>Index of {w}", "Index of /{w}"),
    ),
    "debug_page": Forms(
        (
            "<title>{W}Error // Werkzeug Debugger</title>",
            "<h1>HTTP Status 500 {w}</h1>",
            "Server Error in '/{w}' Application",
        ),
        ("<title>{W}</title>", "<h1>Status {n}</h1>", "whoops, {w}"),
    ),
    "version_banner": Forms(
        ("nginx/1.{n}.0", "Apache/2.4.{n}", "PHP/8.{n}.1", "Microsoft-IIS/{n}.0"),
        ("nginx 1.{n}", "{w}-{n}/x", "curl/7.{n}.0"),
    ),
}

SERVER_KINDS: Final = tuple(
    Specimen(kind, "message", forms.valid, forms.broken) for kind, forms in _FORMS.items()
)
