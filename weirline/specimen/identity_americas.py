"""Numbers of the Americas: how they are printed, and the check each carries.

What the signs of a form mean: `weirline.specimen.number_form`. Source: the page each detector in
rules/identity/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.number_form import numbered, unkeyed
from weirline.specimen.specimen import Specimen

NUMBERS: Final[tuple[Specimen, ...]] = (
    numbered("us_ein", "stdnum.us.ein", "{10|20|27|36|45|52|61|77|83|95}-9999999"),
    numbered("us_itin", "stdnum.us.itin", "'9'99-{70|71|75|80|84|90|94|99}-9999"),
    numbered("us_atin", "stdnum.us.atin", "'9'99-93-9999"),
    numbered("us_ptin", "stdnum.us.ptin", "'P'-99999999", "'P'99999999"),
    numbered("ca_sin", "stdnum.ca.sin", "{1|2|4|5|6|7}99-999-99#", "{1|2|4|5|6|7}99 999 99#"),
    numbered("ca_bn", "stdnum.ca.bn", "99999999#", "99999 999#"),
    numbered("ca_bc_phn", "stdnum.ca.bc_phn", "9{0|1|2|3|4|5|6|7|8|9}99 999 99#"),
    numbered("ca_ohip", "ca_ohip", "8999-999-99#-AA", "8999 999 99#"),
    numbered("ca_passport", None, "AA999999"),
    unkeyed(
        "mx_curp",
        "stdnum.mx.curp",
        "{BA|GO|MA|LO|PE}{RC|XE|GA}{ymd}{H|M}{DF|JC|MC|NL|PL|VZ}{RRL|NTS|BCD}{0|1|2}#",
    ),
    numbered(
        "mx_rfc",
        "stdnum.mx.rfc",
        "{GODE|MAGL|PERJ|LOCM|VACE} {ymd} XX{0|1|2|3|4|5|6|7|8|9|A}",
        "{MAB|GRT|CFE}-{ymd}-XX{0|1|2|3|4|5|6|7|8|9|A}",
    ),
    numbered("mx_nss", "luhn", "99-99-99-9999-#", "9999999999#"),
    numbered(
        "mx_clabe",
        "mx_clabe",
        "{002|012|014|021|072|137}999 99999999999#",
        "{002|012|014|021|072|137}99999999999999#",
    ),
    numbered("br_cpf", "stdnum.br.cpf", "999.999.999-##"),
    numbered("br_cnpj", "stdnum.br.cnpj", "99.999.999/0001-##", "XX.X9X.X9X/0001-##"),
    numbered("br_cnh", "br_cnh", "999999999##"),
    numbered("br_titulo_eleitor", "br_titulo_eleitor", "9999 9999 {03|05|07|11|21|28}##"),
    numbered("br_pis", "br_pis", "999.99999.99-#"),
    numbered("br_renavam", "br_pis", "9999999999#"),
    numbered("ar_cuit", "stdnum.ar.cuit", "{20|23|24|27|30|33}-99999999-#"),
    numbered("ar_dni", "stdnum.ar.dni", "{10|20|25|30|35|40}.999.999"),
    numbered("ar_cbu", "stdnum.ar.cbu", "9999999# 9999999999999#"),
    numbered(
        "cl_rut",
        "stdnum.cl.rut",
        "{10|11|12|13|15|16|18|20}.999.999-#",
        "{10|11|12|13|15|16|18|20}.999.999-K",
        "8.999.999-#",
    ),
    numbered("co_nit", "stdnum.co.nit", "{800|860|890|900|901}.999.999-#"),
    numbered("co_cedula", None, "{10|11|52|79|80}.999.999", "1.0{1|2|3}9.999.999"),
    numbered("pe_cui", "stdnum.pe.cui", "99999999-#", "99999999-@"),
    numbered("pe_ruc", "stdnum.pe.ruc", "{10|15|17|20}99999999#"),
    numbered("ec_ci", "stdnum.ec.ci", "{01|09|17|18|23}{0|1|2|3|4|5}999999-#"),
    numbered(
        "ec_ruc",
        "stdnum.ec.ruc",
        "{01|09|17|18|23}{0|1|2|3|4|5|9}999999#001",
        "{01|09|17|18|23}{0|1|2|3|4|5|9}999999#-001",
    ),
    numbered("uy_rut", "stdnum.uy.rut", "{21|02|11|15|17}-999999-001-#"),
    numbered("uy_ci", "uy_ci", "{1|2|3|4|5}.999.999-#"),
    numbered("py_ruc", "stdnum.py.ruc", "8999999-#", "800{1|2|5}9999-#", "80{1|2|5}9999-#"),
    numbered("ve_rif", "stdnum.ve.rif", "{V|E|J|G}-99999999-#"),
    numbered("ve_cedula", None, "{V|E}-{10|12|15|20|25}.999.999", "{V|E}-{10|12|15|20|25}999999"),
    numbered("cr_cpf", "stdnum.cr.cpf", "0{1|2|3|4|5|6|7}-0999-9999", "{1|2|3|4|5|6|7}-0999-9999"),
    numbered("cr_cpj", "stdnum.cr.cpj", "3-{101|102|105}-999999"),
    numbered("cr_cr", "stdnum.cr.cr", "1{22|55|34|70}999999999", "1{22|55|34|70}99999999"),
    numbered("gt_nit", "stdnum.gt.nit", "8999999-#", "899999-#", "8999999-@"),
    numbered("gt_cui", "gt_cui", "8999 9999# {01|05|12|22}01"),
    numbered("sv_nit", "stdnum.sv.nit", "0{1|2|6}14-{dmy}-10{1|2|3|9}-#"),
    numbered("sv_dui", "sv_dui", "0999999{1|2|3|4|5|6|7|8|9}-#"),
    numbered("hn_dni", "hn_dni", "{01|08|05|18}{01|02|05}-{1960|1975|1988|2001}-99999"),
    numbered("do_cedula", "stdnum.do.cedula", "{001|031|402|223}-9999999-#"),
    numbered("do_rnc", "stdnum.do.rnc", "{1|4|5}-99-99999-#"),
    numbered("do_ncf", "stdnum.do.ncf", "'B'{01|02|14|15}99999999", "'E'{31|32|33|34}9999999999"),
    numbered("cu_ni", "stdnum.cu.ni", "{ymd}{0|1|5|6|7}9999"),
)
