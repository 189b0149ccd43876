"""Numbers of Asia and the Pacific: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered, unkeyed
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("kz_iin", "kz_iin", "{ymd}{3|4|5|6}9999#"),
    numbered("kz_bin", "kz_bin", "{05|10|15|19}{01|06|12}4{0|1}99999#"),
    numbered("uz_pinfl", "uz_pinfl", "{3|4|5|6}{dmy}999999#"),
    numbered("az_voen", "stdnum.az.voen", "{14|17|20|99}0 999 9#7{1|2}", "{14|17|20}999999#{1|2}"),
    numbered("ge_id", None, "0{1|2|3|5}099999999"),
    numbered("in_aadhaar", "stdnum.in_.aadhaar", "{2|3|4|5|6|7|8|9}999 9999 999#"),
    numbered("in_vid", "stdnum.in_.vid", "{2|3|4|5|6|7|8|9}999 9999 9999 999#"),
    numbered("in_pan", "stdnum.in_.pan", "AAA{P|C|H|F|T}A{1|2|3|4|5|6}999A"),
    unkeyed("in_gstin", "stdnum.in_.gstin", "{27|07|29|33|09}AAA{P|C|H|F}A{1|2|3}999A1Z*"),
    numbered("in_epic", "stdnum.in_.epic", "AAA999999#"),
    numbered("in_passport", None, "{A|J|K|L|M|N|P|R|S|T|Z}{1|2|3|4|5|6|7|8|9}999999"),
    numbered(
        "in_driving_licence",
        "in_driving_licence",
        "{MH|DL|KA|TN|GJ}{01|02|12|14}{1998|2005|2012|2019}9999999",
        "{MH|DL|KA|TN}-{01|02|14} {2005|2012|2019}9999999",
    ),
    unkeyed(
        "cn_ric",
        "stdnum.cn.ric",
        "{110101|310104|440305|320311|510105}{Ymd}999#",
        "{110101|310104|440305}{Ymd}999X",
    ),
    numbered(
        "cn_uscc",
        "stdnum.cn.uscc",
        "91{110000|440300|310115|330106}{9|1}999999XX*",
        "91{110000|440300}MA999XX99*",
    ),
    numbered("cn_passport", None, "{E|G}99999999", "{EA|EB|EC|ED}9999999"),
    numbered("tw_ubn", "stdnum.tw.ubn", "8999999#"),
    numbered("tw_id", "tw_id", "A{1|2|8|9}9999999#"),
    numbered("hk_hkid", "hk_hkid", "A999999(*)", "A999999*"),
    numbered("mo_bir", None, "{1|5|7}999999(9)", "{1|5|7}9999999"),
    numbered("jp_in", "stdnum.jp.in_", "9999-9999-999#", "99999999999#"),
    numbered("jp_cn", "stdnum.jp.cn", "#-9999-9999-9999", "#999999999999"),
    numbered("jp_passport", None, "{TK|TR|TZ|MU|NT}9999999"),
    numbered("jp_driving_licence", None, "{30|43|62|14|27}{85|95|02|12}99999999"),
    numbered("kr_rrn", "stdnum.kr.rrn", "{ymd}-{1|2|5|6}{00|03|11|25}{12|34|05}9#"),
    numbered("kr_brn", "stdnum.kr.brn", "{116|134|220|120}-{81|82|86|88}-9999#"),
    numbered("kr_passport", None, "{M|S|R}99999999", "M999A9999"),
    numbered("kr_driving_licence", None, "{11|13|21|26}-{95|05|12|18}-999999-99"),
    numbered("sg_nric", "sg_nric", "{S|T|F|G|M}9999999@"),
    numbered(
        "sg_uen",
        "stdnum.sg.uen",
        "{00|53}199999@",
        "{1974|2005|2015|2019}99999@",
        "{T01|S16|T12}{FC|LL|RF|SS}9999@",
    ),
    numbered("sg_passport", None, "{K|E}9999999A"),
    numbered("my_nric", "stdnum.my.nric", "{ymd}-{01|10|14|08|12}-9999"),
    numbered("my_passport", None, "{A|H|K}99999999"),
    numbered("th_pin", "stdnum.th.pin", "{1|2|3|4|5}-9999-99999-99-#", "{1|2|3|4|5}99999999999#"),
    numbered("th_moa", "stdnum.th.moa", "0-10-5-536-99999-#", "0-99-{3|4}-000-{1|6}9999-#"),
    numbered(
        "th_tin",
        "stdnum.th.tin",
        "{1|3|5}-9999-99999-99-#",
        "0-99-{3|4}-000-{1|6}9999-#",
        "{1|3}99999999999#",
    ),
    numbered(
        "id_nik",
        "stdnum.id.nik",
        "{317101|327301|337402|357802|510304}{dmy}000{1|2|3|4|5|6|7|8|9}",
        "{317101|327301|337402|357802}{41|55|68}{01|05|11}{65|78|90}0099",
    ),
    numbered("id_npwp", "stdnum.id.npwp", "0{1|2}.999.999.#-{091|017|411}.000"),
    numbered("id_passport", None, "{A|B|C|X}9999999"),
    numbered(
        "vn_mst",
        "stdnum.vn.mst",
        "{01|03|04|31}0999999#",
        "{01|03|04|31}0999999#-00{1|2|3}",
        "{01|03|04}0999999#",
    ),
    numbered("vn_cccd", "vn_cccd", "{001|031|048|079}{0|1|2|3}{65|78|90|01}999999"),
    numbered("vn_passport", None, "{B|C|N|P}9999999"),
    numbered("ph_tin", None, "{1|2|4|9}99-999-999-000", "{1|2|4|9}99-999-999"),
    numbered("ph_sss", None, "{01|02|03|33|34}-9999999-9"),
    numbered("ph_philhealth", None, "{01|02|12|19}-999999999-9"),
    numbered("ph_umid", None, "{0011|0028|0033}-9999999-9"),
    numbered("ph_passport", None, "P9999999A"),
    numbered(
        "pk_cnic",
        "stdnum.pk.cnic",
        "{1|2|3|4|5|6|7}{1|2|3}{101|201|302}-9999999-{1|2|3|4|5|6|7|8|9}",
    ),
    numbered("pk_ntn", None, "{0|1|2|3|4|7}999999-9"),
    numbered(
        "lk_nic",
        "lk_nic",
        "{65|78|90|85}{0|1|2}{45|12|30}9999{V|X}",
        "{1985|1990|2001}{0|1|2|5|6|7}{45|12|30}99999",
    ),
    numbered("bd_nid", None, "{1|2|3|4|5|6|7|8}999999999", "{1965|1978|1990}{1|2|3}999999999999"),
    numbered("np_pan", None, "{1|3|5|6}99999999"),
    numbered("au_tfn", "stdnum.au.tfn", "{1|4|8}99 999 99#"),
    numbered("au_abn", "stdnum.au.abn", "8# 999 999 99#"),
    numbered("au_acn", "stdnum.au.acn", "{0|1|6}99 999 99#"),
    numbered("au_medicare", "au_medicare", "{2|3|4|5|6}999 9999#9", "{2|3|4|5|6}999 9999# {1|2|3}"),
    numbered("au_passport", None, "{N|E|P|R}A9999999", "{N|E|L|M}9999999"),
    numbered(
        "nz_ird",
        "stdnum.nz.ird",
        "{049|091|101|123}-999-99#",
        "{49|91|35}-999-99#",
        "{49|91|35}99999#",
    ),
    numbered("nz_nhi", "nz_nhi", "{ZAC|ZBB|JBX|PRP}999#"),
    numbered(
        "nz_bankaccount",
        "stdnum.nz.bankaccount",
        "{01|02|03|06|12}-{0902|0242|0144|0501|3051|0192|0068}-9999999-00",
    ),
    numbered("nz_passport", None, "{LA|LD|LF|N}999999"),
)
