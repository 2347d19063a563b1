"""Parts: inputs cut by row groups or rows, in any encoding, with one schema."""

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Point

import geo
from geo.errors import CRSError, InputError, MissingFileError
from geo.join.labels import labelled, labeller
from geo.join.parts import csv_parts, part_tables, plan_parts


@pytest.fixture(scope="module")
def counties():
    return geo.layers.read("counties")


def test_parts_keep_the_order_and_whole_row_groups(tmp_path):
    for name, n in (("b.parquet", 25), ("a.parquet", 10), ("empty.parquet", 0)):
        table = pa.table({"lon": np.zeros(n), "lat": np.zeros(n)})
        pq.write_table(table, tmp_path / name, row_group_size=10)
    parts, _ = plan_parts(tmp_path, rows=20)
    assert [(part.file.name, part.groups, part.rows) for part in parts] == [
        ("a.parquet", (0,), 10), ("b.parquet", (0, 1), 20), ("b.parquet", (2,), 5),
        ("empty.parquet", (0,), 0),
    ]  # fmt: skip
    assert [len(table) for part in parts for table in part_tables(part)] == [10, 20, 5, 0]
    assert parts[3].name == "part-00003.parquet"


def test_files_of_several_schemas_are_refused(tmp_path):
    pq.write_table(pa.table({"lon": [1.0], "lat": [1.0]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"lon": [1.0], "lat": [1.0], "x": [1]}), tmp_path / "b.parquet")
    with pytest.raises(
        InputError, match=r"b\.parquet: not the columns of a\.parquet .*'x' is in one"
    ):
        plan_parts(tmp_path)
    pq.write_table(pa.table({"lon": [1.0], "lat": ["1"]}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match=r"column 'lat' is string, in a\.parquet it is double"):
        plan_parts(tmp_path)


def test_csv_is_cut_into_pieces_of_text(counties, tmp_path):
    rows = [f'{at},116.4,39.9,"a\n{at}"' for at in range(25)]
    (tmp_path / "in.csv").write_text("\ufeffn,lon,lat,t\n" + "\n".join(rows), encoding="utf-8")
    (part,), schema = plan_parts(tmp_path / "in.csv", rows=10)
    pieces = list(csv_parts(part, schema))
    assert [(one.number, one.rows, len(table)) for one, table in pieces] == [
        (0, 10, 10),
        (1, 10, 10),
        (2, 5, 5),
    ]
    done = labelled(pieces[2][1], labeller(counties, schema))
    assert done.column("n").to_pylist() == ["20", "21", "22", "23", "24"]
    assert done.column("t")[0].as_py() == "a\n20"
    assert set(done.column("adcode").to_pylist()) == {"110101"}


def test_bad_input_raises(counties, tmp_path):
    with pytest.raises(MissingFileError, match="no Parquet or CSV file"):
        plan_parts(tmp_path / "none")
    (tmp_path / "x.parquet").write_text("hello")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        plan_parts(tmp_path / "x.parquet")
    (tmp_path / "g.csv").write_bytes("经度,纬度\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"line 1 is not utf-8 \(declared\)"):
        plan_parts(tmp_path / "g.csv", encoding="utf-8")
    (tmp_path / "d.csv").write_text("a,a\n1,2\n")
    with pytest.raises(InputError, match="each once"):
        plan_parts(tmp_path / "d.csv")
    schema = pa.schema([("a", pa.int64())])
    with pytest.raises(InputError, match="no longitude and latitude among the columns a"):
        labeller(counties, schema)
    with pytest.raises(InputError, match="no column 'b'"):
        labeller(counties, schema, lon="a", lat="b")
    with pytest.raises(InputError, match="datum 'tokyo' is none of"):
        labeller(counties, schema, datum="tokyo")
    metres = gpd.GeoDataFrame(geometry=[Point(4e5, 4.4e6)], crs=4509)
    metres.to_parquet(tmp_path / "m.parquet")
    with pytest.raises(CRSError, match="not in longitude and latitude"):
        labeller(counties, plan_parts(tmp_path / "m.parquet")[1])


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("gb18030", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("big5", ","), ("utf-8", "|")],
)
def test_text_tables_as_they_come(counties, tmp_path, encoding, delimiter):
    rows = [["名稱", "經度", "緯度"], *([f"公司{at}", "116.4", "39.9"] for at in range(30))]
    text = "\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "in.csv").write_bytes(text.encode(encoding))
    (part,), schema = plan_parts(tmp_path / "in.csv", rows=20)
    pieces = [table for _, table in csv_parts(part, schema)]
    assert [len(one) for one in pieces] == [20, 10]
    done = labelled(pieces[1], labeller(counties, schema, lon="經度", lat="緯度"))
    assert done.column("名稱")[9].as_py() == "公司29"
    assert set(done.column("adcode").to_pylist()) == {"110101"}


def test_a_row_of_another_width_is_named(tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n116,39\n116,39,1\n")
    (part,), schema = plan_parts(tmp_path / "in.csv")
    with pytest.raises(InputError, match=r"in\.csv: .*Expected 2 columns, got 3.*mends"):
        list(csv_parts(part, schema))
    (tmp_path / "wide.csv").write_text("lon，lat\n116，39\n", encoding="utf-8")
    with pytest.raises(InputError, match="without --parts it is read"):
        plan_parts(tmp_path / "wide.csv")


def test_a_header_alone_is_one_empty_part(counties, tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n")
    (part,), schema = plan_parts(tmp_path / "in.csv")
    ((one, table),) = csv_parts(part, schema)
    assert (one.number, one.rows, len(labelled(table, labeller(counties, schema)))) == (0, 0, 0)


def test_files_in_several_systems_are_refused(tmp_path):
    for name, crs in (("a", 4326), ("b", 4509)):
        frame = gpd.GeoDataFrame(geometry=[Point(116, 39)], crs=crs)
        frame.to_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(InputError, match=r"b\.parquet: its geometry is not described as that of a"):
        plan_parts(tmp_path)


def test_two_columns_of_one_name_are_refused(tmp_path):
    table = pa.Table.from_arrays([pa.array([1.0])] * 2, names=["lon", "lon"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(InputError, match="two columns have one name"):
        plan_parts(tmp_path / "a.parquet")
