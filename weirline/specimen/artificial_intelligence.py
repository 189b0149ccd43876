"""Keys of OpenAI, Anthropic and Hugging Face.

Source: the page each detector in rules/secrets/ links as its issuer. OpenAI's keys carry its name
in base 64 (T3BlbkFJ) in the middle.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import (
    ALNUM,
    BASE64_URL,
    LOWER,
    UPPER,
    Randomness,
    letters,
    one_of,
)
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

_OPENAI_MIDDLE: Final = b"T3BlbkFJ"
_OPENAI_SORTS: Final = (b"sk-proj-", b"sk-svcacct-", b"sk-admin-")


def valid_openai(rng: Randomness) -> bytes:
    """Return a key of a project, a service account, an administrator, or of the older form."""
    if rng.randrange(2):
        left, right = letters(rng, ALNUM, 20), letters(rng, ALNUM, 20)
        return b"sk-" + left + _OPENAI_MIDDLE + right
    left, right = letters(rng, BASE64_URL, 74), letters(rng, BASE64_URL, 74)
    return one_of(rng, _OPENAI_SORTS) + left + _OPENAI_MIDDLE + right


OPENAI_API_KEY: Final = Specimen(
    "openai_api_key", "openai_api_key", valid_openai, Shape((b"sk-",), (Run(ALNUM, 48),)).broken
)
ANTHROPIC_API_KEY: Final = shaped(
    "anthropic_api_key",
    "anthropic_api_key",
    Shape((b"sk-ant-api03-", b"sk-ant-admin01-"), (Run(BASE64_URL, 93),), (b"AA",), floor=38),
)
HUGGINGFACE_TOKEN: Final = shaped(
    "huggingface_token", "hf_token", Shape((b"hf_",), (Run(UPPER + LOWER, 34),))
)
