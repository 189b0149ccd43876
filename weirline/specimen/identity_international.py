"""Numbers of Europe as a whole and of the world: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("eu_at_02", "stdnum.eu.at_02", "{DE|BE|ES|FR|NL}##'ZZZ'99999999999"),
    numbered(
        "eu_oss", "stdnum.eu.oss", "'EU'{372|276|528}{01|02}999{1|2|3|4}", "'IM'{372|276}9999999"
    ),
    numbered(
        "eu_banknote",
        "stdnum.eu.banknote",
        "{X|Y|Z|N|P|U|S}9999999999#",
        "{E|N|R|S|V|W|X|Y}A999999999#",
    ),
    numbered("eu_eic", "stdnum.eu.eic", "={10|11|22}{X|Y|Z|T|W|V}{FR|DE|BE}-AAAA-----*"),
    numbered("eu_excise", "stdnum.eu.excise", "'LU'00000987A99", "{DE|NL|BE}000XXXXX999"),
    numbered("lei", "stdnum.lei", "{2138|5299|9695|5493}00XXXXXXXXXXXX##"),
    numbered("isin", "stdnum.isin", "{US|DE|FR|GB|NL|CH}009X9999X#", "{US|DE}999999999#"),
    numbered(
        "cusip",
        "stdnum.cusip",
        "99999X{1|2}0#",
        "{DUS|G00}9999{C|A}#",
        "{91|03|59}999{1|2|3}9{0|1}#",
    ),
    numbered("figi", "stdnum.figi", "'BBG'009{B|C|D}{L|N|M}{N|Q|R}{Q|S|T}9#"),
    numbered("imo", "stdnum.imo", "999999#"),
    numbered("iso6346", "stdnum.iso6346", "{CSQ|MSC|TEM|HLX}U999999#", "{CSQ|MSC|TEM}U 999999 #"),
    numbered("isni", "stdnum.isni", "0000 000{1|2|3} 9999 999#", "0000000{1|2}9999999#"),
)
