"""The forty characters of an AWS secret count by what stands before them, and only by that."""

from __future__ import annotations

import json
import random

import pytest

from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

KIND = "aws_secret_access_key"

PLACES = {
    "bare name before the id": '{"secret":"%s","accessKeyId":"@"}',
    "bare name after the id": '{"accessKeyId":"@","secret":"%s"}',
    "id, region, bare name": '{"accessKeyId": "@", "region": "eu-west-1", "secret": "%s"}',
    "key, region, secret": '{"key":"x","region":"eu-west-1","secret":"%s"}',
    "first in a list": '[{"secret" : "%s"}]',
    "setting": "secret=%s\n",
    "setting with capitals": "SECRET = '%s'\n",
    "yaml": "aws:\n  secret: %s\n",
    "array of PHP": "'key' => 'x', 'secret' => '%s',",
    "array of Ruby": ':secret => "%s"',
    "query": "?region=eu-west-1&secret=%s&x=1",
    "phpinfo": '<td class="e">AWS_SECRET_ACCESS_KEY</td><td class="v">%s</td>',
    "phpinfo of a variable": "<tr><td class=\"e\">$_ENV['AWS_SECRET_ACCESS_KEY']</td>"
    '<td class="v">%s </td></tr>',
    "cell with a style": '<th>AWS secret</th>\n<td style="padding: 4px 2px" class="v">%s</td>',
    "field of a form": '<input name="aws_secret_key" type="text" size="x" value="%s">',
    "name and value": '{"name":"AWS_SECRET_ACCESS_KEY","type":"plain","value":"%s"}',
}
ELSEWHERE = {
    "word before it": "the secret %s",
    "other name": '{"webhook_secret":"%s"}',
    "other word": '{"secretary":"%s"}',
    "name of a property": "client.secret: %s",
    "value further on": '{"secret":"x","sum":"%s"}',
    "too many words": "aws_secret_access_key is not to be put in a file %s",
    "too many tags": "<i>AWS secret</i>" + "<td class='a'></td>" * 6 + "%s",
    "longer": '{"secret":"%sA"}',
    "base 64 of thirty bytes and more": '{"secret":"%s=="}',
}


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors("default"))


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("depth", range(4))
def test_secret_is_found_behind_its_name(
    place: str, depth: int, scanner: TextScanner, rng: random.Random
) -> None:
    value = SPECIMENS[KIND].valid(rng).decode()
    text = PLACES[place].replace("@", SPECIMENS["aws_access_key_id"].valid(rng).decode()) % value
    for _ in range(depth):
        text = json.dumps({"m": text})
    found = [one for one in scanner.scan(text.encode()).findings if one.detector == KIND]
    assert [text[one.start : one.end] for one in found] == [value]


@pytest.mark.parametrize("place", sorted(ELSEWHERE))
def test_forty_characters_elsewhere_are_none(
    place: str, scanner: TextScanner, rng: random.Random
) -> None:
    text = ELSEWHERE[place] % SPECIMENS[KIND].valid(rng).decode()
    assert KIND not in {one.detector for one in scanner.scan(text.encode()).findings}


def test_prose_behind_a_name_waits_no_longer_than_a_value_could_take(scanner: TextScanner) -> None:
    prose = b"the secret key of it all is " + b"told by ordinary words of no length " * 30
    assert len(prose) - scanner.open_from(prose) <= 600
    told = b'{"secret":"a few words of no length at all, said in passing'
    assert len(told) - scanner.open_from(told) <= 16
