"""The one place where the command line writes: results to stdout, faults to stderr.

It exists so that no other module prints. It refuses nothing, but keeps quiet when the reader of a
pipe has gone: `weirline ... | head` is no fault.
"""

from __future__ import annotations

import os
import sys


def say(text: str = "") -> None:
    """Write one line (or several, with line breaks inside) to standard output."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()


def emit(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go()


def complain(text: str) -> None:
    """Write one line (or several) about a fault to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _let_go() -> None:
    """Send later writes, and the interpreter's own flush at exit, where nobody listens."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
