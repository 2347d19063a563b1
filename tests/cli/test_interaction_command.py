"""jjj interaction, and the inequality and agglomeration of jjj roles."""

import csv
import io
import json

import pytest

CITIES = "region,population,gdp\n北京,2189.3,43760.7\n天津,1386.6,16737.3\n唐山,771.8,9133.3\n"


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_gravity_on_given_costs_and_between_seats(jjj, tmp_path):
    (tmp_path / "p.csv").write_text("origin,destination,cost\n北京,天津,113.79\n", "utf-8")
    ran = jjj("interaction", "gravity", "-", "--pairs", "p.csv", stdin=CITIES.encode())
    # g_gravity.json: 3641.7 at 113.79 km
    assert float(rows(ran.out)[0]["linkage"]) == pytest.approx(3641.7, rel=1e-4)
    ran = jjj("interaction", "gravity", "-", "-o", "g.geojson", stdin=CITIES.encode())
    assert ran.code == 0
    found = json.loads((tmp_path / "g.geojson").read_text("utf-8"))
    assert len(found["features"]) == 3
    assert sum(one["properties"]["share"] for one in found["features"]) == pytest.approx(1)
    assert "not a measured flow" in ran.err


def test_wilson_meets_both_margins(jjj, tmp_path):
    (tmp_path / "t.csv").write_text("region,origins,destinations\na,3,1\nb,1,3\n")
    (tmp_path / "p.csv").write_text("origin,destination,cost\na,a,1\na,b,2\nb,a,2\nb,b,1\n")
    words = ("interaction", "wilson", "t.csv", "--pairs", "p.csv")
    found = rows(jjj(*words, "--beta", "0.5").out)
    assert sum(float(one["weight"]) for one in found if one["origin"] == "a") == pytest.approx(3)
    assert sum(float(one["weight"]) for one in found if one["destination"] == "b") == (
        pytest.approx(3)
    )
    assert jjj(*words).code == 2


def test_inequality_and_agglomeration(jjj, tmp_path):
    table = "city,gdp,people,province\na,1,1,x\nb,1,1,x\nc,3,1,y\nd,3,1,y\n"
    ran = jjj(
        "roles",
        "inequality",
        "-",
        "--value",
        "gdp",
        "--weight",
        "people",
        "--group",
        "province",
        stdin=table.encode(),
    )
    one = rows(ran.out)[0]
    assert float(one["theil_t"]) == pytest.approx(0.130812, abs=1e-6)
    assert float(one["t_within"]) == 0
    assert float(one["gini"]) == pytest.approx(0.25)
    (tmp_path / "r.csv").write_text("region,value\na,10\nb,10\n")
    plants = "region,industry,value\na,x,1\na,x,1\nb,y,5\n"
    ran = jjj("roles", "agglomeration", "-", "--regions", "r.csv", stdin=plants.encode())
    assert float(rows(ran.out)[0]["gamma"]) == 1
