import pandas as pd
import pytest

TABLE = "区划代码,年份,人口,GDP\n110103,2012,10,1.5\n130323,2012,20,2.25\n130302,2012,30,4.125\n310101,2012,40,8\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "面板.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_rows_get_their_new_codes_and_splits_stay_empty(jjj, table, tmp_path):
    ran = jjj("codes", "upgrade", table, "--from", "2009", "--to", "2026", "-o", "o.csv")
    assert ran.code == 0
    frame = pd.read_csv(tmp_path / "o.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert frame["adcode"].tolist() == ["110101", "", "130302", ""]
    assert frame["code_status"].tolist() == ["merged", "split", "unchanged", "unknown"]
    assert frame["区划代码"].tolist() == ["110103", "130323", "130302", "310101"]
    assert frame["人口"].tolist() == ["10", "20", "30", "40"]
    assert "130323 went to 130302, 130304, 130306 (2015)" in ran.err


def test_sums_by_city_through_a_pipe(jjj, table):
    ran = jjj(
        "codes",
        "upgrade",
        "-",
        "--code",
        "区划代码",
        "--from",
        "2009",
        "--aggregate",
        stdin=table.read_bytes(),
    )
    assert ran.code == 0
    lines = ran.out.strip().splitlines()
    assert lines == ["city_adcode,年份,人口,GDP", "110000,2012,10,1.5", "130300,2012,50,6.375"]
    assert "total 人口: 100 = 60 by city + 40 in refused rows" in ran.err
    assert "total GDP: 15.875 = 7.875 by city + 8 in refused rows" in ran.err
    assert "2025 and 2026: no code and no name changed" in ran.err


def test_years_that_were_checked_need_no_caveat(jjj, table):
    ran = jjj("codes", "upgrade", table, "--from", "2009", "--to", "2024")
    assert ran.code == 0
    assert "2025" not in ran.err


def test_a_gbk_table_with_a_title_and_semicolons(jjj, tmp_path):
    path = tmp_path / "面板.txt"
    path.write_bytes(("面板（虚构）;;;\n" + TABLE.replace(",", ";")).encode("gb18030"))
    ran = jjj("codes", "upgrade", path, "--from", "2009", "-o", "o.csv")
    assert ran.code == 0, ran.err
    frame = pd.read_csv(tmp_path / "o.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert frame["adcode"].tolist() == ["110101", "", "130302", ""]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "2001"), 1, "2009"),
        (("--from", "2015", "--to", "2010"), 1, "2009 ≤ from ≤ to"),
        (("--from", "2012", "--code", "x"), 1, "unknown column 'x'"),
        ((), 2, "--from"),
    ],
)
def test_requests_that_cannot_be_right(jjj, table, tmp_path, words, code, said):
    ran = jjj("codes", "upgrade", table, *words, "-o", "o.csv")
    assert ran.code == code
    assert said in ran.err
    assert not (tmp_path / "o.csv").exists()


def test_years_are_looked_at_before_codes(jjj, tmp_path):
    (tmp_path / "t.csv").write_text("code\nnone\n")
    ran = jjj("codes", "upgrade", "t.csv", "--code", "code", "--from", "2012", "--to", "1800")
    assert "years must be 2009" in ran.line


def test_nothing_to_bring_over_is_an_error(jjj, tmp_path):
    path = tmp_path / "外.csv"
    path.write_text("code,n\n310101,1\n", encoding="utf-8")
    ran = jjj("codes", "upgrade", path, "--from", "2012")
    assert ran.code == 1
    assert "none of its 1 rows" in ran.line
