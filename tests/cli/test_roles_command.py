"""jjj roles on tables, layers and pipes."""

import json

import pytest

INDUSTRY = "region,industry,value\n北京,x,30\n北京,y,10\n天津,x,10\n天津,y,30\n"


@pytest.mark.parametrize(
    ("index", "column"),
    [("lq", "lq"), ("similarity", "similarity")],
)
def test_specialisation_of_a_piped_table(jjj, index, column):
    ran = jjj("roles", "specialisation", "-", "--index", index, stdin=INDUSTRY.encode())
    assert ran.code == 0
    assert column in ran.out.splitlines()[0].split(",")
    if index == "similarity":
        assert "Fewer than ten industries" in ran.err


def test_columns_are_named_and_a_layer_gets_shapes(jjj, tmp_path):
    (tmp_path / "t.csv").write_bytes(
        INDUSTRY.replace("region,industry,value", "城市,行业,人数").encode("gb18030")
    )
    ran = jjj(
        "roles",
        "specialisation",
        "t.csv",
        "--region",
        "城市",
        "--industry",
        "行业",
        "--value",
        "人数",
        "--index",
        "herfindahl",
        "-o",
        "h.geojson",
    )
    assert ran.code == 0
    found = json.loads((tmp_path / "h.geojson").read_text(encoding="utf-8"))
    assert {one["geometry"]["type"] for one in found["features"]} <= {"Polygon", "MultiPolygon"}
    assert found["provenance"]["formula"]["id"] == "herfindahl"
    assert found["provenance"]["n"] == 4


def test_a_layer_of_unknown_places_is_refused(jjj):
    table = INDUSTRY.replace("北京", "上海")
    ran = jjj(
        "roles",
        "specialisation",
        "-",
        "--index",
        "herfindahl",
        "-o",
        "h.geojson",
        stdin=table.encode(),
    )
    assert ran.code == 1
    assert "上海" in ran.err.splitlines()[-1]


def test_triangle_of_the_shipped_facilities_is_a_layer(jjj):
    ran = jjj("roles", "triangle", "facilities", "-o", "t.geojson")
    assert ran.code == 0
    assert "other role" in ran.err
    assert "not a census" in ran.err


def test_functions_chains_branches(jjj):
    rows = "region,management,production\na,3,1\nb,1,3\n"
    assert "a,2.0" in jjj("roles", "functions", "-", stdin=rows.encode()).out
    rows = "origin,destination,stage,weight\n北京,天津,design,3\n天津,天津,design,5\n"
    out = jjj("roles", "chains", "-", stdin=rows.encode()).out
    assert out.splitlines()[-1].startswith("all,8")
    rows = "hq,branch,n\n北京,雄安,169\n保定,雄安,91\n"
    out = jjj(
        "roles", "branches", "-", "--headquarters", "hq", "--weight", "n", stdin=rows.encode()
    ).out
    assert "0.65" in out
    ran = jjj(
        "roles",
        "branches",
        "-",
        "--headquarters",
        "hq",
        "--weight",
        "n",
        "-o",
        "b.geojson",
        stdin=rows.encode(),
    )
    assert ran.code == 0
    rows = "firm,region\nf,a\nf,b\n"
    out = jjj("roles", "branches", "-", "--firm", "firm", stdin=rows.encode()).out
    assert out.splitlines()[0].endswith("origin,destination,weight,n_firms")


@pytest.mark.parametrize("what", ["specialisation", "branches"])
def test_explain_and_usage(jjj, what):
    ran = jjj("roles", what, "--explain")
    assert ran.code == 0
    assert "caveat:" in ran.out
    assert jjj("roles", what).code == 2


def test_errors_are_one_line(jjj):
    ran = jjj("roles", "specialisation", "-", "--region", "citi", stdin=INDUSTRY.encode())
    assert ran.code == 1
    assert "citi" in ran.line
    minus = INDUSTRY.replace("30", "-30")
    line = jjj("roles", "specialisation", "-", stdin=minus.encode()).line
    assert line.startswith("jjj: standard input: column value:")
    assert "negative" in line


def test_a_link_inside_hebei_crosses_no_province(jjj):
    rows = "origin,destination,weight\n石家庄,唐山,5\n130100,北京,3\n"
    out = jjj("roles", "chains", "-", stdin=rows.encode()).out
    assert out.splitlines()[-1].startswith("all,8.0,3.0,0.375")
    given = jjj("roles", "chains", "-", "--level", "as-given", stdin=rows.encode()).out
    assert given.splitlines()[-1].startswith("all,8.0,8.0,1.0")
    strange = jjj("roles", "chains", "-", stdin=rows.replace("唐山", "上海").encode())
    assert strange.code == 1
    assert "'上海' is not a county, a city or a province of the region" in strange.line


def test_concentration_prints_the_coverage_beside_each_share(jjj):
    ran = jjj("roles", "concentration", "facilities")
    row = next(one for one in ran.out.splitlines() if one.startswith("university,110000"))
    assert row == "university,110000,33,0.4925373134,92.0,,0.3586956522,0.3333333333"
    assert "a share of the list is not a share of the whole" in ran.err
