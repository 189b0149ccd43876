"""How often a scan cries wolf: text in which nothing sensitive stands, made from a printed seed.

What traffic is full of and what looks like something: ids, UUIDs, hashes, timestamps, prices,
versions, minified JavaScript, pictures in base64, logs, tables; and the text files of the packages
that are installed beside this project. A twentieth is 16-digit ids drawn evenly, of which one in
ten has the check digit of a card by chance: nobody can tell those from cards, so the figures are
given with and without them. What truly stands in such text is told apart (`HONEST`): packages name
their authors' addresses, logs name hosts.
"""

from __future__ import annotations

import base64
import random
import site
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from weirline.scan import ScanResult

FULL_BYTES: Final = 50_000_000
QUICK_BYTES: Final = 5_000_000
PIECE_BYTES: Final = 100_000  # about a body
MOST_LINES: Final = 20_000  # of one package file
BAR_PER_10_MB: Final = 1.0
RANDOM_IDS: Final = "random 16-digit ids"
PACKAGES: Final = "package files"
SHARES: Final = {PACKAGES: 0.2, RANDOM_IDS: 0.05}  # the others share the rest evenly
_ENDINGS: Final = frozenset({".py", ".pyi", ".txt", ".md", ".rst", ".json", ".toml", ".js", ".css"})
_NAMES: Final = frozenset({"METADATA", "RECORD", "entry_points.txt"})
# Packages about such numbers show valid ones.
_OF_NUMBERS: Final = frozenset({"phonenumbers", "python_stdnum", "stdnum"})
# Categories whose values truly stand in a source: mail addresses and links of authors, addresses of
# hosts. They are counted, and shown, apart.
HONEST: Final[Mapping[str, frozenset[str]]] = {
    PACKAGES: frozenset({"contact", "network", "server_internals"}),
    "logs": frozenset({"network", "server_internals"}),
}


def _ids(rng: random.Random) -> str:
    first = rng.randrange(10 ** rng.randrange(5, 12))
    return ",".join(f'{{"id":{first + step},"parent_id":{first}}}' for step in range(20))


def _uuids(rng: random.Random) -> str:
    return f'"request_id":"{uuid.UUID(int=rng.getrandbits(128), version=4)}",'


def _hashes(rng: random.Random) -> str:
    size = rng.choice((16, 20, 32, 64))
    raw = rng.randbytes(size)
    text = raw.hex() if rng.random() < 0.7 else f"sha512-{base64.b64encode(raw).decode()}"
    return f"{text}  build/{rng.randbytes(4).hex()}.js\n"


def _timestamps(rng: random.Random) -> str:
    seconds = rng.randrange(1_400_000_000, 1_900_000_000)
    day = f"20{rng.randrange(10, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    return (
        f'{{"at":"{day}T{clock}.{rng.randrange(10**6):06}Z","ts":{seconds},"ms":{seconds}'
        f'{rng.randrange(1000):03},"us":{seconds}{rng.randrange(10**6):06},"ns":{seconds}'
        f'{rng.randrange(10**9):09},"compact":"{day.replace("-", "")}{clock.replace(":", "")}"}}\n'
    )


def _prices(rng: random.Random) -> str:
    price = rng.randrange(100, 10**7) / 100
    return f'{{"sku":"{rng.randrange(10**8):08}","price":{price:.2f},"text":"EUR {price:,.2f}"}}\n'


def _versions(rng: random.Random) -> str:
    parts = ".".join(str(rng.randrange(40)) for _ in range(rng.choice((3, 3, 4))))
    return f'"package-{rng.randrange(999)}": "^{parts}-beta.{rng.randrange(9)}",\n'


def _javascript(rng: random.Random) -> str:
    names = [rng.choice("abcdefghijklmnopqrstuvwxyz") + rng.choice("etnr_$0") for _ in range(4)]
    a, b, c, d = names
    return (
        f"function {a}({b},{c}){{var {d}={rng.randrange(10**6)};for(;{b}<{c}.length;{b}++){d}^="
        f"{c}.charCodeAt({b})<<{rng.randrange(32)};return{{token:{d},key:{b},password:null,"
        f'secret:!{rng.randrange(2)},"{c}":0x{rng.getrandbits(32):x}}}}}'
    )


def _pictures(rng: random.Random) -> str:
    raw = base64.b64encode(rng.randbytes(rng.randrange(600, 6000))).decode()
    return f'<img src="data:image/png;base64,{raw}">\n'


def _logs(rng: random.Random) -> str:
    host = f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    path = rng.choice(("/api/v1/items", "/login", "/static/app.js", "/users/me", "/health"))
    return (
        f"{host} - - [{rng.randrange(1, 29):02}/Nov/2025:{rng.randrange(24):02}:"
        f'{rng.randrange(60):02}:{rng.randrange(60):02} +0000] "GET {path}?page='
        f'{rng.randrange(99)} HTTP/1.1" {rng.choice((200, 304, 404))} {rng.randrange(10**6)} "-"'
        f' "Mozilla/5.0 (X11; Linux x86_64) Chrome/{rng.randrange(60, 140)}.0.{rng.randrange(9999)}'
        f'.{rng.randrange(200)}" rt={rng.random():.6f} trace={rng.getrandbits(128):032x}\n'
    )


def _tables(rng: random.Random) -> str:
    stamp = rng.randrange(3 * 10**11, 4 * 10**11)  # milliseconds of about ten years
    return (
        f"{rng.randrange(10**9)},{rng.randrange(10**6)},2025-{rng.randrange(1, 13):02}-"
        f"{rng.randrange(1, 29):02},{rng.random():.15f},{rng.choice(('open', 'closed'))},"
        f"{rng.randrange(-(10**5), 10**5)},{stamp << 22 | rng.getrandbits(22)}\n"
    )


def _random_ids(rng: random.Random) -> str:
    return f'{{"id":{rng.randrange(10**15, 10**16)}}},'


MAKERS: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "ids": _ids,
    "uuids": _uuids,
    "hashes": _hashes,
    "timestamps": _timestamps,
    "prices": _prices,
    "versions": _versions,
    "minified javascript": _javascript,
    "pictures": _pictures,
    "logs": _logs,
    "tables": _tables,
    RANDOM_IDS: _random_ids,
}


@dataclass(frozen=True, slots=True)
class Innocence:
    """What was found where nothing is: counts by source and kind, and the bytes looked at.

    `honest` holds the findings that truly stand in their source.
    """

    sizes: Mapping[str, int]
    false: Mapping[tuple[str, str], int]
    honest: Mapping[tuple[str, str], int]

    def per_10_mb(self, *, with_random_ids: bool) -> float:
        """Return the false findings in 10^7 bytes."""
        left_out = frozenset() if with_random_ids else frozenset({RANDOM_IDS})
        size = sum(each for source, each in self.sizes.items() if source not in left_out)
        false = sum(each for (source, _), each in self.false.items() if source not in left_out)
        return false / size * 1e7

    def kinds(self, *, with_random_ids: bool) -> dict[str, float]:
        """Return the false findings in 10^7 bytes of each kind that has any."""
        left_out = frozenset() if with_random_ids else frozenset({RANDOM_IDS})
        size = sum(each for source, each in self.sizes.items() if source not in left_out)
        counts: Counter[str] = Counter()
        for (source, kind), count in self.false.items():
            if source not in left_out:
                counts[kind] += count
        return {kind: count / size * 1e7 for kind, count in counts.most_common()}


def measure(find: Callable[[bytes], ScanResult], size_bytes: int, *, seed: int) -> Innocence:
    """Scan `size_bytes` of innocent text."""
    sizes: Counter[str] = Counter()
    false: Counter[tuple[str, str]] = Counter()
    honest: Counter[tuple[str, str]] = Counter()
    for source, piece in corpus(size_bytes, seed=seed):
        sizes[source] += len(piece)
        for finding in find(piece).findings:
            counts = honest if finding.category in HONEST.get(source, ()) else false
            counts[source, finding.detector] += 1
    return Innocence(sizes, false, honest)


def corpus(size_bytes: int, *, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield pieces of text with the name of their source, the same for the same seed."""
    even = (1 - sum(SHARES.values())) / (len(MAKERS) - 1)
    for source, make in MAKERS.items():
        rng = random.Random(f"{seed}:{source}")
        left = int(size_bytes * SHARES.get(source, even))
        while left > 0:
            size, parts = 0, []
            while size < min(PIECE_BYTES, left):  # whole records: half a version is an address
                parts.append(make(rng))
                size += len(parts[-1])
            piece = "".join(parts).encode()
            left -= len(piece)
            yield source, piece
    left = int(size_bytes * SHARES[PACKAGES])
    for path in _package_files():
        text = b"".join(path.read_bytes().splitlines(keepends=True)[:MOST_LINES])
        left -= len(text)
        yield PACKAGES, text
        if left <= 0:
            return


def _package_files() -> Sequence[Path]:
    """Return the text files of the installed packages, spread over all of them."""
    files = [
        path
        for folder in site.getsitepackages()
        for path in sorted(Path(folder).rglob("*"))
        if (path.suffix in _ENDINGS or path.name in _NAMES)
        and path.is_file()
        and path.relative_to(folder).parts[0].partition("-")[0] not in _OF_NUMBERS
    ]
    random.Random(0).shuffle(files)
    return files


def table(result: Innocence) -> str:
    """Return what was found: the rates, each kind's, and by source; no value."""
    size = sum(result.sizes.values())
    lines = [f"{size / 1e6:.1f} MB of {len(result.sizes)} sources"]
    for title, with_ids in (("without random ids", False), ("with random ids", True)):
        rate = result.per_10_mb(with_random_ids=with_ids)
        bar = "" if with_ids else f" (bar {BAR_PER_10_MB:g})"
        lines.append(f"false findings per 10 MB, {title}: {rate:.2f}{bar}")
        for kind, each in result.kinds(with_random_ids=with_ids).items():
            lines.append(f"  {kind:34} {each:10.2f}")
    for title, counts in (("false", result.false), ("truly there", result.honest)):
        for (source, kind), count in sorted(counts.items()):
            lines.append(f"{title}: {source:22} {kind:34} {count:6}")
    return "\n".join(lines)
