"""Numbers of western and southern Europe: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered, unkeyed
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("gb_nhs", "stdnum.gb.nhs", "899 999 999#", "899-999-999#"),
    numbered("gb_utr", "stdnum.gb.utr", "#999999999", "#9999 99999"),
    numbered("gb_vat", "stdnum.gb.vat", "999 9999 ##", "'GB' 999 9999 ##"),
    numbered("gb_upn", "stdnum.gb.upn", "@{302|801|203|330|860}99999999#"),
    numbered("gb_nino", "gb_nino", "{A|B|C|E|J|K|L|P|S}{A|B|C|E|H|J|L|M|P|R} 99 99 99 {A|B|C|D}"),
    numbered(
        "gb_driving_licence",
        "gb_driving_licence",
        "{MORGA|SMITH|JONES|BROWN|SMI99|LEE99}8{01|05|09|12|51|60}{05|11|19|28}9A{A|9}9AA",
    ),
    numbered("gb_passport", None, "899999999"),
    numbered("gb_sedol", "stdnum.gb.sedol", "{B|C|D|0|2}99999#", "{B|C|D}{R|T|S}{W|X|Y}99{1|2}#"),
    numbered("gb_company", None, "{0|1}9999999", "{SC|NI|OC}999999"),
    numbered("ie_pps", "stdnum.ie.pps", "9999999@", "9999999@{A|B|W|T}"),
    numbered(
        "ie_vat",
        "stdnum.ie.vat",
        "'IE' 9999999@",
        "'IE'9999999@{A|H|W}",
        "9999999@",
        "'IE'{8}{D|A|F}79999@",
    ),
    numbered("ie_passport", None, "{P|L}{A|B|D|N|C|K}9999999"),
    numbered(
        "fr_nir",
        "stdnum.fr.nir",
        "{1|2} {50|65|78|88|99} {01|05|09|12} {01|13|34|59|75} 999 999 ##",
    ),
    numbered("fr_nif", "stdnum.fr.nif", "{0|1|2|3}9 99 999 99# ###"),
    numbered("fr_siren", "stdnum.fr.siren", "999 999 99#"),
    numbered("fr_siret", "stdnum.fr.siret", "999 999 99# 0001#"),
    numbered("fr_tva", "stdnum.fr.tva", "'FR' ## 999 999 99#", "'FR'## 999 999 99#", "##99999999#"),
    numbered(
        "fr_rcs", "stdnum.fr.rcs", "={RCS Paris|RCS Lyon|RCS Nanterre|RCS Lille} {A|B} 999 999 99#"
    ),
    numbered("fr_accise", "stdnum.fr.accise", "'FR0'{20|22|23|24}004{N|E}9999"),
    numbered("fr_passport", None, "{09|12|15|18|20|22}AA99999"),
    numbered("fr_cni", None, "{04|08|12|15}{01|06|11}{75|69|13|59}999999", "{D|E|H|X|F}2A9AA9A9"),
    numbered("mc_tva", "stdnum.mc.tva", "'FR' ## 000 099 99#", "## 000 099 99#"),
    numbered("de_idnr", "stdnum.de.idnr", "8999999999#", "89 999 999 99#", "89999999 99#"),
    numbered(
        "de_stnr",
        "stdnum.de.stnr",
        "{18|93|21|24}/8{15|29}/99999",
        "{133|151}/8{15|29}9/999{1|2|3}",
    ),
    numbered("de_vat", "stdnum.de.vat", "'DE' 899 999 99#", "'DE'89999999#"),
    numbered(
        "de_handelsregisternummer",
        "stdnum.de.handelsregisternummer",
        "={Aachen|Berlin (Charlottenburg)|Hamburg|Stuttgart|Dresden} {HRA|HRB} 89999",
        "={HRA|HRB} 89999 {Aachen|Hamburg|Bremen}",
    ),
    numbered(
        "de_personalausweis",
        "icao_document",
        "{L|T|C|F|G}{0|1|2|3|C|F|G|H}{V|X|T|0|1|Y}{9|P|R|0}99{C|F|9}9{T|9|Z}#",
    ),
    numbered("de_passport", "icao_document", "{C|F|G|H|J|K}{0|1|C|F|G}{9|P|R|0}99{C|F|9}9{T|9|Z}9"),
    numbered("de_rvnr", "de_rvnr", "{02|08|12|13|50|65} {dmy} A 99#"),
    numbered("de_kvnr", "de_kvnr", "A99999999#"),
    numbered("de_wkn", "stdnum.de.wkn", "{7|8|9|A}99{0|A|D}9X"),
    numbered(
        "de_leitweg",
        "stdnum.de.leitweg",
        "={04|05|09|991}{011|315}-8999999-##",
        "=0{4|5|9}999-89999999-##",
    ),
    numbered("nl_bsn", "stdnum.nl.bsn", "8999 99 99#", "8999.99.99#", "99999999#"),
    numbered(
        "nl_btw", "stdnum.nl.btw", "'NL'99999999#'B01'", "'NL' 9999.99.99#.'B01'", "99999999#'B01'"
    ),
    numbered("nl_onderwijsnummer", "stdnum.nl.onderwijsnummer", "10{1|2|3|5}99999#"),
    numbered(
        "nl_identiteitskaartnummer",
        "stdnum.nl.identiteitskaartnummer",
        "{N|E|I|S}{P|M|K|X}{R|8}XX9XX#",
    ),
    numbered("nl_brin", "stdnum.nl.brin", "99{A|K|J|L|X}{A|B|C}"),
    numbered("nl_kvk", None, "{1|2|3|5|6|8}9999999"),
    numbered("be_nn", "stdnum.be.nn", "{ymdot}-999-##"),
    numbered("be_bis", "stdnum.be.bis", "{yy}.{21|22|25|30|32|41|45|50|52}.{05|11|19|28}-999-##"),
    numbered(
        "be_ssn", "stdnum.be.ssn", "{ymdot}-999-##", "{yy}.{21|22|30|41|45|52}.{05|11|19|28}-999-##"
    ),
    numbered("be_eid", "stdnum.be.eid", "{590|591|592|595}-9999999-##"),
    numbered("be_vat", "stdnum.be.vat", "'BE' 0{4|7|8}99.999.9##", "0{4|7|8}99.999.9##"),
    numbered("be_ogm_vcs", "stdnum.be.ogm_vcs", "+++999/9999/999##+++", "999/9999/999##"),
    numbered("lu_tva", "stdnum.lu.tva", "'LU' 999 999 ##", "'LU'999999##", "999999##"),
    numbered("lu_nin", "lu_nin", "{Ymd}999##"),
    numbered("es_dni", "stdnum.es.dni", "99999999-@", "99.999.999-@", "99999999@"),
    numbered("es_nie", "stdnum.es.nie", "{X|Y|Z}-9999999-@", "{X|Y|Z}9999999@", "{X|Y|Z}9999999-@"),
    numbered(
        "es_nif",
        "stdnum.es.nif",
        "'ES'99999999@",
        "{A|B|G|F}99999999",
        "99999999-@",
        "'ES' {A|B}-9999999#",
        "{X|Y|Z}-9999999-@",
    ),
    numbered(
        "es_cif",
        "stdnum.es.cif",
        "{A|B|E|F|G|H|J}-9999999#",
        "{A|B|F|G|J}9999999#",
        "{P|Q|S|N|W}9999999@",
    ),
    numbered("es_nuss", "es_nuss", "{08|28|41|46|50}/99999999/##", "{08|28|41|46|50} 99999999 ##"),
    numbered("es_ccc", "stdnum.es.ccc", "9999 9999 ## 9999999999"),
    numbered("es_cae", "stdnum.es.cae", "'ES000'{08|28|41}{V1|H1|A2|OA}999@"),
    numbered(
        "es_cups",
        "stdnum.es.cups",
        "'ES' 9999 9999 9999 9999 @@",
        "'ES'9999999999999999@@{0|1}{F|P}",
        "'ES' 1234-999999999999-@@",
    ),
    numbered(
        "es_referenciacatastral",
        "stdnum.es.referenciacatastral",
        "9999999{VH|UF|WK|CD}9999{S|N|E}0001@@",
    ),
    numbered("es_passport", None, "AAA999999"),
    numbered(
        "ad_nrt",
        "stdnum.ad.nrt",
        "{L|A|U|O}-7{2|5|1}9999-A",
        "{L|A}-71{2|5}999-A",
        "{F}-1{2|5}9999-A",
    ),
    numbered(
        "pt_nif",
        "stdnum.pt.nif",
        "{1|2|3|5|6}9999999#",
        "'PT' {1|2|5}99 999 99#",
        "{1|2|5}99 999 99#",
    ),
    numbered("pt_cc", "stdnum.pt.cc", "99999999 9 AA#", "999999999{ZZ|ZY|ZX}#"),
    numbered("pt_niss", "pt_niss", "{1|2}999999999#"),
    numbered("pt_passport", None, "{C|N|P|R}A999999", "A999999"),
    unkeyed(
        "it_codicefiscale",
        "stdnum.it.codicefiscale",
        "{RSS|BNC|VRD|FRR}{MRA|LCU|GNN|PLA}{yy}{A|B|C|D|E|H|L|M|P|R|S|T}{01|05|11|19|28|41|52|68}{H501|F205|L219|D612|A944}@",
    ),
    numbered(
        "it_iva",
        "stdnum.it.iva",
        "'IT' 0999999{001|003|015|026|045|058|063}#",
        "0999999{001|003|015|026|045|058|063}#",
    ),
    numbered("it_aic", "stdnum.it.aic", "0{2|3|4|1|0}999999#"),
    numbered("it_passport", None, "{YA|YB|AA|AB}9999999"),
    numbered("it_cie", None, "{CA|AX|AY}99999{AA|BC|XY|LP}", "{AX|AY|AV}9999999"),
    numbered("it_patente", None, "{U1|RM|MI|TO|NA}9999999A", "{RM|MI|TO|NA}9999999A"),
    numbered("sm_coe", "stdnum.sm.coe", "89999"),
    numbered("mt_vat", "stdnum.mt.vat", "'MT' 8999-99##", "8999-99##", "'MT'899999##"),
    numbered("mt_id", None, "99999{1|2|3|4|5}9{M|G|A|P|L|H|B|Z}"),
    numbered(
        "cy_vat", "stdnum.cy.vat", "'CY'1{0|1|2}999999@", "'CY' 1{0|1}999999@", "1{0|1}999999@"
    ),
    numbered("ch_ssn", "stdnum.ch.ssn", "'756'.9999.9999.9#"),
    numbered("ch_uid", "stdnum.ch.uid", "'CHE'-999.999.99#", "'CHE'99999999#"),
    numbered(
        "ch_vat",
        "stdnum.ch.vat",
        "'CHE'-999.999.99# {MWST|TVA|IVA|TPV}",
        "'CHE'99999999#{MWST|TVA|IVA}",
    ),
    numbered("ch_esr", "stdnum.ch.esr", "99 99999 99999 99999 99999 9999#"),
    numbered("ch_passport", None, "{X|S|P}9999999"),
    numbered("li_peid", "stdnum.li.peid", "8999999", "89999999999", "00008999999"),
    numbered("at_uid", "stdnum.at.uid", "'ATU'9999999#", "'AT U'9999999#", "'U'9999999#"),
    numbered("at_tin", "stdnum.at.tin", "{59|03|09|12|98|46}-999/999#"),
    numbered("at_vnr", "stdnum.at.vnr", "899# {dmy}", "899#{dmy}"),
    numbered(
        "at_businessid",
        "stdnum.at.businessid",
        "'FN' 899999{a|d|g|h|i|m|p|s|t|v|w|x|y|z|b}",
        "899999{a|d|g|h|i|m|p|s|t|v|w|x}",
    ),
    numbered("at_passport", None, "{P|U|Y}9999999"),
)
