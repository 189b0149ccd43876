"""Numbers of northern Europe: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered(
        "se_personnummer",
        "stdnum.se.personnummer",
        "{ymd}-999#",
        "{Ymd}-999#",
        "{ymd}999#",
        "{ymd}+999#",
    ),
    numbered("se_orgnr", "stdnum.se.orgnr", "{55|23|71|90}6999-999#"),
    numbered("se_vat", "stdnum.se.vat", "'SE' 559999999#01", "'SE'556999999#01", "556999999#01"),
    numbered("no_fodselsnummer", "stdnum.no.fodselsnummer", "{dmy} 999##", "{dmy}999##"),
    numbered("no_orgnr", "stdnum.no.orgnr", "{8|9}99 999 99#", "{8|9}9999999#"),
    numbered("no_mva", "stdnum.no.mva", "'NO' {8|9}99 999 99# 'MVA'", "{8|9}9999999#'MVA'"),
    numbered("no_kontonr", "stdnum.no.kontonr", "9999.99.9999#", "9999999999#"),
    numbered("dk_cpr", "stdnum.dk.cpr", "{dmy}-9999", "{dmy}9999"),
    numbered("dk_cvr", "stdnum.dk.cvr", "'DK' 8999999#", "'DK'8999999#", "8999999#"),
    numbered("fi_hetu", "stdnum.fi.hetu", "={dmy}-{1|2|3|4|5|6|7|8}99*", "={dmy}A{1|2|3|4}99*"),
    numbered("fi_ytunnus", "stdnum.fi.ytunnus", "{1|2|3}999999-#"),
    numbered("fi_alv", "stdnum.fi.alv", "'FI' {1|2}999999#", "'FI'{1|2}999999#", "{1|2}999999#"),
    numbered("fi_veronumero", "stdnum.fi.veronumero", "899999999999"),
    numbered("fi_associationid", "stdnum.fi.associationid", "{1|2}99.999", "{1|2}9.999"),
    numbered("is_kennitala", "stdnum.is_.kennitala", "{dmy}-{2|3|5}9#9", "{dmy}{2|3|5}9#9"),
    numbered("is_vsk", "stdnum.is_.vsk", "'IS' 99999", "89999", "899999"),
    numbered("fo_vn", "stdnum.fo.vn", "{3|5|6}99999", "{3|5|6}99 999"),
    numbered("ee_ik", "stdnum.ee.ik", "{3|4|5|6}{ymd}999#"),
    numbered("ee_kmkr", "stdnum.ee.kmkr", "'EE' 100 999 99#", "'EE'10099999#", "10{0|1|2}99999#"),
    numbered("ee_registrikood", "stdnum.ee.registrikood", "{1|7|8|9}999999#"),
    numbered(
        "lv_pvn",
        "stdnum.lv.pvn",
        "'LV' {4|5}000 9999 99#",
        "'LV'{4|5}000999999#",
        "{4|5}000999999#",
        "{dmy}-{1|2}999#",
        "329999-9999#",
    ),
    numbered("lt_asmens", "stdnum.lt.asmens", "{3|4|5|6}{ymd}999#"),
    numbered(
        "lt_pvm",
        "stdnum.lt.pvm",
        "'LT' {1|2}9999991#",
        "'LT'{1|2}9999991#",
        "10000{1|4}9999{1}#",
        "{1|2}9999991#",
    ),
)
