import io
import json

import pytest
from rich.console import Console

from geo.door.account import REASONS
from geo.door.headers import LOCATED
from geo.join import locate
from geo.tables import read_points
from geo.tables.located import with_units
from geo.tables.report import account, note, rows_report
from geo.tables.units import units_named


@pytest.fixture
def located(write):
    rows = [
        {"名称": "甲", "经度": "116.512345", "纬度": "39.912345", "区划代码": "110105"},
        {"名称": "乙", "经度": "39.912345", "纬度": "116.512346", "区划代码": "110108"},
        {"名称": "丙", "经度": "", "纬度": "", "区划代码": "130638"},
        {"名称": "丁", "经度": "", "纬度": "", "区划代码": ""},
        {"名称": "戊", "经度": "120.512345", "纬度": "39.912345", "区划代码": ""},
    ]
    table = read_points(write(rows))
    units = units_named("counties")
    found = locate(
        table.frame,
        units.frame,
        accuracy_m=table.frame["location_accuracy_m"].fillna(0.0),
        boundary_accuracy_m=300.0,
    )
    return with_units(table, found, units)


def test_the_columns_of_the_contract(located):
    assert tuple(located.frame.columns[4:-1]) == LOCATED
    assert located.frame["adcode"].fillna("").tolist() == ["110105", "110105", "130638", "", ""]
    assert located.frame["county"].fillna("").tolist() == ["朝阳区", "朝阳区", "雄县", "", ""]
    assert located.frame["city"].fillna("").tolist() == ["北京市", "北京市", "保定市", "", ""]
    assert located.frame["province"].fillna("").tolist() == ["北京市", "北京市", "河北省", "", ""]
    assert located.frame["in_xiongan"].astype(object).where(
        located.frame["in_xiongan"].notna(), None
    ).tolist() == [False, False, True, None, None]
    wide = located.frame["boundary_distance_m"] < located.frame["location_accuracy_m"] + 300
    known = located.frame["adcode"].notna()
    assert (located.frame["ambiguous"][known].astype(bool) == wide[known]).all()


def test_what_the_join_adds_to_the_report(located):
    reasons = located.report["reason"].tolist()
    assert reasons[1] == "swapped;outside_stated_county"
    assert reasons[4] == "outside_units"
    assert "states 110108, lies in 110105" in located.report["detail"][1]


def test_the_account_adds_up_and_is_plain_data(located):
    told = account([located])
    described = told.described()
    assert (
        described["rows"] == 5 == described["placed"] + described["repaired"] + described["refused"]
    )
    assert described["placed"] == 2
    assert described["location_basis"] == {"code": 1, "coordinates": 3, "none": 1}
    assert json.loads(json.dumps(described)) == described
    assert sum(described["location_basis"].values()) == 5
    again = account([located, located])
    assert again.rows == 10


def test_other_units_give_their_own_names(located, write):
    table = read_points(write([{"经度": "116.512345", "纬度": "39.912345"}]))
    for layer, column, name in (
        ("prefectures", "city", "北京市"),
        ("provinces", "province", "北京市"),
    ):
        units = units_named(layer)
        frame = with_units(table, locate(table.frame, units.frame), units).frame
        assert frame["adcode"].tolist() == ["110000"]
        assert frame[column].tolist() == [name]
        assert frame["county"].isna().all()


def test_the_note_speaks_chinese_and_english(located):
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(note(account([located])), markup=False, highlight=False)
    text = console.export_text()
    assert "共 5 行：直接定位 2，处理后定位 2，未能定位 1。" in text
    assert "5 rows: 2 placed as they are, 2 placed after a repair, 1 not placed." in text
    assert "经纬度写反，已对调 · longitude and latitude were swapped" in text
    assert "no evidence" in text


def test_a_file_s_name_cannot_paint_the_terminal(located):
    import dataclasses

    told = dataclasses.replace(account([located]), name="a\x1b[31m[red]b\n")
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(note(told), markup=False)
    text = console.export_text()
    assert "a\\x1b[31m[red]b\\n" in text


def test_every_row_is_in_the_rows_report(located):
    rows = rows_report(located)
    assert rows["line"].tolist() == [2, 3, 4, 5, 6]
    assert rows["reason_zh"][1] == "经纬度写反，已对调；坐标不在所写区县内"


def test_every_reason_is_said_in_three_languages():
    for reason, said in REASONS.items():
        assert all((said.zh, said.en, said.ja)), reason
        assert said.level in ("refuse", "repair", "note")
