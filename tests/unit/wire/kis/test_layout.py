"""Field tables."""

import pytest

from aipx.wire.kis.layout import TABLES, Layout, fields_of, is_known_width


@pytest.mark.parametrize(
    ("tr_id", "legacy", "current"),
    [("H0STCNT0", 46, 47), ("H0STASP0", 59, 63), ("H0STCNI0", 23, 26), ("H0STCNI9", 23, 26)],
)
def test_layouts_have_the_documented_widths(tr_id: str, legacy: int, current: int) -> None:
    assert len(fields_of(tr_id, Layout.LEGACY)) == legacy
    assert len(fields_of(tr_id, Layout.CURRENT)) == current


@pytest.mark.parametrize(
    ("tr_id", "at", "name"),
    [
        ("H0STCNT0", 13, "ACML_VOL"),
        ("H0STCNT0", 33, "BSOP_DATE"),
        ("H0STCNT0", 43, "HOUR_CLS_CODE"),
        ("H0STCNT0", 46, "MARKET_CLS_CODE"),
        ("H0STASP0", 43, "TOTAL_ASKP_RSQN"),
        ("H0STASP0", 53, "ACML_VOL"),
        ("H0STASP0", 62, "MARKET_CLS_CODE"),
        ("H0STCNI0", 13, "CNTG_YN"),
        ("H0STCNI0", 19, "ORD_EXG_GB"),
        ("H0STCNI0", 25, "ODER_PRC"),
    ],
)
def test_fields_stand_where_the_protocol_says(tr_id: str, at: int, name: str) -> None:
    assert fields_of(tr_id, Layout.CURRENT)[at] == name


def test_names_of_a_record_are_unique() -> None:
    for tables in TABLES.values():
        for table in tables:
            assert len(set(table.fields)) == table.width


def test_widths_that_kis_never_sent_are_unknown() -> None:
    assert is_known_width("H0STASP0", 62)
    assert not is_known_width("H0STASP0", 64)
    assert not is_known_width("H0XXXXX0", 46)
