"""Numbers of eastern and south-eastern Europe: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("pl_pesel", "stdnum.pl.pesel", "{ymd}9999#"),
    numbered("pl_nip", "stdnum.pl.nip", "8{5|2|7|9}9-999-99-9#", "'PL' 8{5|2|7}9999999#"),
    numbered("pl_regon", "stdnum.pl.regon", "{01|14|36|12|63}999999#", "{01|14|36|12}999999#9999#"),
    numbered("pl_dowod", "pl_id_card", "{A|C|D}AA 999999"),
    numbered("pl_passport", "pl_passport", "A{A}9999999"),
    numbered("cz_rc", "stdnum.cz.rc", "{yy}{01|05|09|12|51|56|62}{05|11|19|28}/999#"),
    numbered(
        "cz_dic",
        "stdnum.cz.dic",
        "'CZ'8999999#",
        "8999999#",
        "'CZ' 8999999#",
        "'CZ'{yy}{01|05|51}{11|28}999#",
    ),
    numbered("cz_ico", "stdnum.cz.dic", "8999999#", "0999999#"),
    numbered(
        "cz_bankaccount",
        "stdnum.cz.bankaccount",
        "={19|35|86}-999999999#/{0100|0300|0710|2010|2700|5500}",
        "=999999999#/{0100|0300|2010|5500}",
    ),
    numbered("cz_op", None, "{1|2}99999999"),
    numbered("sk_rc", "stdnum.sk.rc", "{yy}{01|05|09|12|51|56|62}{05|11|19|28}/999#"),
    numbered(
        "sk_dph",
        "stdnum.sk.dph",
        "'SK' {1|2|4|7|9}9{2|3|4|7|8|9}999999#",
        "'SK'{1|2}9{2|3|4}999999#",
        "{1|2}9{2|3|4}999999#",
    ),
    numbered("sk_ico", "stdnum.cz.dic", "{3|4|5}5999999", "{3|4|5}999999#"),
    numbered("hu_anum", "stdnum.hu.anum", "'HU'8999999#", "8999999#", "'HU'-8999999#"),
    numbered("hu_adoszam", "hu_adoszam", "8999999#-{1|2|3|4|5}-{02|13|20|41|42|43}"),
    numbered("hu_adoazonosito", "hu_adoazonosito", "8{3|4|5}9999999#"),
    numbered("hu_taj", "hu_taj", "899 999 99#", "899-999-99#"),
    numbered("ro_cnp", "stdnum.ro.cnp", "{1|2|5|6}{ymd}{01|12|22|40|52}{001|123|456}#"),
    numbered("ro_cf", "stdnum.ro.cf", "'RO' 8999999#", "'RO'8999999#", "'RO'899999#", "8999999#"),
    numbered("ro_cui", "stdnum.ro.cui", "8999999#", "'RO'8999999#", "899999#", "89999999#"),
    numbered("ro_onrc", "stdnum.ro.onrc", "={J|F|C}{40|12|08|35}/8999/{1995|2004|2012|2019|2021}"),
    numbered("ro_ci", None, "{RX|RT|RR|RD|KX|TM|CJ|IF} 999999"),
    numbered("bg_egn", "stdnum.bg.egn", "{ymd}999#"),
    numbered("bg_pnf", "stdnum.bg.pnf", "899999999#"),
    numbered(
        "bg_vat",
        "stdnum.bg.vat",
        "'BG' {1|2}9999999#",
        "'BG'{1|2}9999999#",
        "{1|2}9999999#",
        "'BG'{yy}{01|05|11}{11|28}999#",
    ),
    numbered("bg_eik", "bg_eik", "{1|2}9999999#"),
    numbered(
        "gr_vat",
        "stdnum.gr.vat",
        "'EL' {0|1|9}9999999#",
        "'EL'{0|1|9}9999999#",
        "{0|1}9999999#",
        "'GR'{0|1}9999999#",
    ),
    numbered("gr_amka", "stdnum.gr.amka", "{dmy}9999#"),
    numbered("gr_adt", None, "{AB|AE|AZ|AH|AI|AK|AM|AN}-999999", "{AB|AZ|AK} 999999"),
    numbered("tr_tckimlik", "stdnum.tr.tckimlik", "899999999##"),
    numbered("tr_vkn", "stdnum.tr.vkn", "899999999#"),
    numbered("hr_oib", "stdnum.hr.oib", "8999999999#", "'HR' 8999999999#", "'HR'8999999999#"),
    numbered("si_ddv", "stdnum.si.ddv", "'SI' 8999 999#", "'SI'8999999#", "8999999#"),
    numbered("si_emso", "stdnum.si.emso", "{dmY3}50{0|5}99#"),
    numbered("si_maticna", "stdnum.si.maticna", "{1|5|9}99999#000", "{1|5}99999#"),
    numbered("rs_pib", "stdnum.rs.pib", "1{0|1}999999#"),
    numbered("rs_jmbg", "stdnum.si.emso", "{dmY3}7{1|2|5}999#"),
    numbered("ba_jmbg", "stdnum.si.emso", "{dmY3}1{1|2|5}999#"),
    numbered("me_pib", "stdnum.me.pib", "0{2|3}99999#"),
    numbered("me_jmbg", "stdnum.si.emso", "{dmY3}2{1|2|5}999#"),
    numbered(
        "mk_edb", "stdnum.mk.edb", "4{030|020|057|043}99999999#", "'MK'4{030|020|057}99999999#"
    ),
    numbered("mk_embg", "stdnum.si.emso", "{dmY3}4{1|2|5}999#"),
    numbered("hr_jmbg", "stdnum.si.emso", "{dmY3}3{1|2|5}999#"),
    numbered(
        "al_nipt",
        "stdnum.al.nipt",
        "{J|K|L}{1|2|6|8}{22|18|03|14}{05|11|19}{018|003}A",
        "'AL' {J|K|L} {9|1|6}{14|18}{02|11}501 A",
    ),
    numbered("md_idno", "stdnum.md.idno", "1{003|008|010|014|019}60099999#"),
    numbered("md_idnp", "md_idnp", "{2|0}{002|005|010}99999999#"),
    numbered("ua_edrpou", "stdnum.ua.edrpou", "{1|2|3|4}999999#"),
    numbered("ua_rntrc", "stdnum.ua.rntrc", "{1|2|3}99999999#"),
    numbered("by_unp", "stdnum.by.unp", "{1|2|3|4|5}9999999#", "'MA'199999#"),
    numbered("by_id", "by_id", "{3|4}{dmy}{A|B|C|H|K|E|M}999{PB|BA|BI}#"),
    numbered("ru_inn", "stdnum.ru.inn", "77999999##", "779999999#", "{50|78|66|23}9999999#"),
    numbered(
        "ru_ogrn", "stdnum.ru.ogrn", "{1|5}{02|15|17}77{46}99999#", "3{04|16|18}77{46}0000999#"
    ),
    numbered("ru_snils", "ru_snils", "999-999-999 ##"),
    numbered("ru_passport", None, "{45|46|40|03} {04|10|15|18} 999999"),
    numbered("ru_kpp", None, "{77|50|78}99{01|43}999"),
)
