"""Numbers of the Middle East and Africa: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("ir_national_id", "ir_national_id", "{0|1|2|3|4|5}99999999#"),
    numbered("il_idnr", "stdnum.il.idnr", "{0|2|3}9999999#", "{0|2|3}9999999-#"),
    numbered("il_hp", "stdnum.il.hp", "5{1|2|3|8}999999#"),
    numbered("sa_national_id", "sa_national_id", "{1|2}99999999#"),
    numbered("sa_vat", None, "3{0|1}9999999990003"),
    numbered("ae_emirates_id", "ae_emirates_id", "'784'-{1965|1978|1990|2001}-9999999-#"),
    numbered("ae_trn", None, "100{2|3|4}99999999903"),
    numbered("kw_civil_id", "kw_civil_id", "{2|3}{ymd}9999#"),
    numbered("qa_qid", "qa_qid", "{2|3}{65|78|90|01}{634|586|356|818}99999"),
    numbered("bh_cpr", None, "{65|78|90|01}{01|05|11}99999"),
    numbered("eg_tn", "stdnum.eg.tn", "{1|2|3|4|5|6}99-999-999", "{1|2|3|4|5}99999999"),
    numbered("eg_national_id", "eg_national_id", "{2|3}{ymd}{01|02|12|21|88}99999"),
    numbered("ma_ice", "stdnum.ma.ice", "00{1|2}999999000{0|1}##", "00 2{1} 99 99 00 00 0##"),
    numbered("ma_cin", None, "{AB|BE|BK|JC|EE}999999"),
    numbered(
        "dz_nif", "stdnum.dz.nif", "{0999|1999|4167|4089}99999999999", "{0999|1999}16999999999"
    ),
    numbered(
        "tn_mf",
        "stdnum.tn.mf",
        "9999999/{A|B|C|D|W}/{A|P|B|D|N}/{M|P|C|N}/000",
        "9999999{A|B|C|D|W}",
    ),
    numbered("tn_cin", None, "0{1|2|4|7|9}999999"),
    numbered("sn_ninea", "stdnum.sn.ninea", "{3|2|0}99999#"),
    numbered("gn_nifp", "stdnum.gn.nifp", "899-999-99#", "8999999 9#"),
    numbered("gh_tin", "stdnum.gh.tin", "{P|C|G|V|Q}000999999#", "{C|P}000{0|1}99999#"),
    numbered("gh_card", None, "'GHA'-7{1|2}9999999-9"),
    numbered("ng_nin", None, "{1|2|3|4|5|6|7|8|9}9999999999"),
    numbered("ng_bvn", None, "22{1|2|3|4}99999999"),
    numbered("ng_tin", None, "{0|1|2}9999999-0001"),
    numbered("ke_pin", "stdnum.ke.pin", "{A|P}0{0|1|5}9999999A"),
    numbered("ke_national_id", None, "{1|2|3}9999999"),
    numbered("ug_nin", None, "C{M|F}{65|78|90|01}999XXXXX"),
    numbered("tz_nida", None, "{Ymd}-{11101|14112|15113}-0000{1|2|3}-{1|2}9"),
    numbered("zm_nrc", None, "{1|2|3|4}99999/{10|11|21|68}/1"),
    numbered("zw_id", None, "{63|08|29|42}-9999999 {A|F|K|X} {07|15|23|63}"),
    numbered("za_idnr", "stdnum.za.idnr", "{ymd} {5|6|0|4}999 08 #", "{ymd}{5|6|0|4}99908#"),
    numbered("za_tin", "stdnum.za.tin", "{0|1|2|3|9}99999999#", "{0|1|9}99/999/999/#"),
    numbered("za_passport", None, "{A|M|D}99999999"),
    numbered("mz_nuit", "stdnum.mz.nuit", "{1|4|3|7}9999999#", "{1|4|3}99 999 99#"),
    numbered("mu_nid", "stdnum.mu.nid", "A{dmy}999999*"),
)
