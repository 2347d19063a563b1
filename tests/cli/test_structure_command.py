"""jjj structure on layers, files and pipes."""

import json

import pandas as pd
import pytest

from geo.analysis.result import formula

MEASURES = ["centres", "moran"]


def test_centres_of_a_shipped_layer(jjj):
    ran = jjj("structure", "facilities")
    found = json.loads(ran.out)
    kinds = [one["properties"]["kind"] for one in found["features"]]
    assert kinds == ["mean_centre", "median_centre", "ellipse"]
    assert found["features"][2]["properties"]["scaling"] == "raw"
    lon, lat = found["features"][0]["geometry"]["coordinates"]
    assert 115 < lon < 118
    assert 38 < lat < 41
    told = found["provenance"]["results"]
    assert [one["formula"]["id"] for one in told] == [
        "mean-centre",
        "median-centre",
        "standard-deviational-ellipse",
    ]
    assert told[0]["n"] == 315
    assert told[0]["sources"] == ["facts"]
    assert found["provenance"]["sources"][0]["licence"]
    assert "315 observations" in ran.err
    assert "caveat:" in ran.err


def test_weights_years_and_scaling_of_a_piped_layer(jjj):
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [116 + k, 39 + k % 2]},
            "properties": {"jobs": k, "when": 2010 + 10 * (k > 2)},
        }
        for k in range(6)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    ran = jjj(
        "structure",
        "-",
        "--weight",
        "jobs",
        "--year",
        "when",
        "--scaling",
        "arcgis",
        stdin=text.encode(),
    )
    found = pd.DataFrame(one["properties"] for one in json.loads(ran.out)["features"])
    assert found.year.tolist() == [2010, 2020] * 3
    assert found.shift_m.notna().sum() == 2
    assert set(found.scaling.dropna()) == {"arcgis"}
    assert "years 2010 to 2020" in ran.err


@pytest.mark.parametrize("measure", ["local-moran", "hotspots"])
def test_points_are_counted_in_units_and_mapped(jjj, tmp_path, measure):
    words = ("structure", "facilities", "--measure", measure, "--to", "prefectures")
    assert jjj(*words, "-o", "a.geojson").code == 0
    found = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert len(found["features"]) == 13
    first = found["features"][0]["properties"]
    assert first["name_ja"]
    assert first["label"]
    again = jjj(*words, "-o", "a.geojson")
    assert again.code == 1
    assert "--overwrite" in again.line


def test_values_of_units_are_correlated_and_points_outside_are_counted(jjj):
    assert jjj("structure", "counties", "--measure", "moran", "--weight", "area_km2").code == 0
    ran = jjj("structure", "facilities", "--measure", "neighbours")
    assert "outside the study window" in ran.err
    ripley = jjj("structure", "facilities", "--measure", "ripley", "--radii-km", "5,20")
    assert "radius_m,k_m2" in ripley.out.splitlines()[0]
    assert len(ripley.out.splitlines()) == 3


def test_rank_size_of_a_table(jjj):
    table = "city,pop,year\na,120,2010\nb,60,2010\nc,40,2010\nd,30,2010\n"
    ran = jjj("structure", "-", "--measure", "rank-size", "--weight", "pop", stdin=table.encode())
    row = ran.out.splitlines()[1].split(",")
    assert row[0] == "2010"
    assert float(row[1]) == 1


@pytest.mark.parametrize("measure", MEASURES)
def test_explain_prints_formula_reference_and_caveat_without_a_table(jjj, measure):
    ran = jjj("structure", "--measure", measure, "--explain")
    assert ran.code == 0
    for word in ("formula:", "reference:", "caveat:"):
        assert word in ran.out
    if measure == "moran":
        assert formula("moran").references[0] in ran.out


def test_errors_are_one_line(jjj):
    ran = jjj("structure", "facilities", "--measure", "morans")
    assert ran.code == 1
    assert "nearest: moran" in ran.line
    assert "jobs" in jjj("structure", "facilities", "--weight", "jobs").line
    assert jjj("structure").code == 2
    assert "--weight" in jjj("structure", "counties", "--measure", "moran").line


def test_a_table_of_county_codes_is_correlated_and_codes_of_another_year_are_refused(jjj):
    words = ("--measure", "moran", "--code", "code", "--weight", "people", "--to", "prefectures")
    codes = ["110000", "120000", *(f"13{k:02d}00" for k in range(1, 12))]
    table = "code,people,year\n" + "".join(
        f"{code},{k % 5},{year}\n" for year in (2010, 2020) for k, code in enumerate(codes)
    )
    ran = jjj("structure", "-", *words, "--year", "year", stdin=table.encode())
    assert [one.split(",")[0] for one in ran.out.splitlines()[1:]] == ["2010", "2020"]
    ran = jjj("structure", "-", *words, stdin=table.replace("130100", "132300").encode())
    assert ran.code == 1
    assert ran.line.endswith(
        "2 rows have codes that prefectures does not (132300); bring them to one year first: "
        "jjj codes upgrade"
    )
