"""Parts: inputs cut by row groups or rows, in any encoding, with one schema."""

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Point

import geo
from geo.door.parts import Part, checksum, csv_parts, part_tables, plan_parts, written_columns
from geo.errors import CRSError, InputError, MissingFileError
from geo.join.labels import labelled, labeller
from geo.region import open_region
from geo.tables.units import Units


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
    done = labelled(
        pieces[2][1],
        labeller(Units(counties, "counties", open_region(), open_region().smallest), schema),
    )
    assert done.column("n").to_pylist() == ["20", "21", "22", "23", "24"]
    assert done.column("t")[0].as_py() == "a\n20"
    assert set(done.column("adcode").to_pylist()) == {"110101"}


def test_bad_input_raises(counties, tmp_path):
    with pytest.raises(MissingFileError, match="none: does not exist"):
        plan_parts(tmp_path / "none")
    with pytest.raises(MissingFileError, match="a folder without a Parquet file"):
        plan_parts(tmp_path)
    with pytest.raises(MissingFileError, match="only regular files"):
        plan_parts("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(MissingFileError, match=r"pipe\.csv: only regular files"):
        plan_parts(tmp_path / "pipe.csv")
    (tmp_path / "x.parquet").write_text("hello")
    with pytest.raises(InputError, match=r"x\.parquet: is not what its suffix"):
        plan_parts(tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"x\.parquet: is not what its suffix"):
        plan_parts(tmp_path)
    (tmp_path / "x.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputError, match=r"x\.geojson: is read as geojson; --parts takes"):
        plan_parts(tmp_path / "x.geojson")
    (tmp_path / "g.csv").write_bytes("经度,纬度\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"line 1 is not utf-8 \(declared\)"):
        plan_parts(tmp_path / "g.csv", encoding="utf-8")
    (tmp_path / "d.csv").write_text("a,a\n1,2\n")
    with pytest.raises(InputError, match="each once"):
        plan_parts(tmp_path / "d.csv")
    schema = pa.schema([("a", pa.int64())])
    with pytest.raises(InputError, match="no longitude and latitude among the columns a"):
        labeller(Units(counties, "counties", open_region(), open_region().smallest), schema)
    with pytest.raises(InputError, match="no column 'b'"):
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            schema,
            lon="a",
            lat="b",
        )
    with pytest.raises(InputError, match="datum 'tokyo' is none of"):
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            schema,
            datum="tokyo",
        )
    metres = gpd.GeoDataFrame(geometry=[Point(4e5, 4.4e6)], crs=4509)
    metres.to_parquet(tmp_path / "m.parquet")
    with pytest.raises(CRSError, match="not in longitude and latitude"):
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            plan_parts(tmp_path / "m.parquet")[1],
        )


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
    done = labelled(
        pieces[1],
        labeller(
            Units(counties, "counties", open_region(), open_region().smallest),
            schema,
            lon="經度",
            lat="緯度",
        ),
    )
    assert done.column("名稱")[9].as_py() == "公司29"
    assert set(done.column("adcode").to_pylist()) == {"110101"}


def test_a_row_of_another_width_is_named(tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n116,39\n116,39,1\n")
    (part,), schema = plan_parts(tmp_path / "in.csv")
    with pytest.raises(InputError, match=r"in\.csv: line 3: .*Expected 2 columns, got 3.*mends"):
        list(csv_parts(part, schema))
    (tmp_path / "wide.csv").write_text("lon，lat\n116，39\n", encoding="utf-8")
    with pytest.raises(InputError, match="without --parts it is read"):
        plan_parts(tmp_path / "wide.csv")


def test_a_header_alone_is_one_empty_part(counties, tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n")
    (part,), schema = plan_parts(tmp_path / "in.csv")
    ((one, table),) = csv_parts(part, schema)
    assert (
        one.number,
        one.rows,
        len(
            labelled(
                table,
                labeller(
                    Units(counties, "counties", open_region(), open_region().smallest), schema
                ),
            )
        ),
    ) == (0, 0, 0)


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


@pytest.mark.parametrize("name", ["a", "a.dat", "a.tab", "a.txt", "a.csv"])
def test_what_a_file_is_its_bytes_say(tmp_path, name):
    (tmp_path / name).write_text("lon;lat\n116;39\n")
    (part,), schema = plan_parts(tmp_path / name)
    assert schema.names == ["lon", "lat"]
    assert [len(table) for _, table in csv_parts(part, schema)] == [1]
    pq.write_table(pa.table({"lon": [1.0], "lat": [2.0]}), tmp_path / name)
    (part,), schema = plan_parts(tmp_path / name)
    assert [len(table) for table in part_tables(part)] == [1]


def test_a_folder_is_its_parquet_files_whatever_they_are_called(tmp_path, caplog):
    for name in ("b", "a.pq", "c.parquet"):
        pq.write_table(pa.table({"lon": [1.0], "lat": [2.0]}), tmp_path / name)
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / ".hidden").write_text("x")
    parts, _ = plan_parts(tmp_path)
    assert [part.file.name for part in parts] == ["a.pq", "b", "c.parquet"]
    assert caplog.messages == []
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "below").mkdir()
    assert len(plan_parts(tmp_path)[0]) == 3
    assert caplog.messages[0].endswith("2 not Parquet and not read: below, run.json")


def test_damage_is_said_with_its_row_groups(tmp_path):
    file = tmp_path / "a.parquet"
    random = np.random.default_rng(0)
    pq.write_table(
        pa.table({"lon": random.uniform(size=4_000), "lat": random.uniform(size=4_000)}),
        file, row_group_size=1_000, compression="zstd",
    )  # fmt: skip
    data = bytearray(file.read_bytes())
    with pq.ParquetFile(file) as opened:
        at = opened.metadata.row_group(2).column(0).data_page_offset
    data[at : at + 400] = bytes(400)
    file.write_bytes(data)
    parts, _ = plan_parts(file, rows=1_000)
    assert [len(table) for table in part_tables(parts[1])] == [1_000]
    with pytest.raises(InputError, match=r"a\.parquet: cannot be read as Parquet, row group 2 \("):
        list(part_tables(parts[2]))
    file.write_bytes(data[:-50])
    with pytest.raises(InputError, match=r"a\.parquet: cannot be read as Parquet \("):
        plan_parts(file)


def test_whatever_arrow_raises_is_one_error_of_ours_but_want_of_memory(tmp_path, monkeypatch):
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"lon": [1.0]}), file)

    def raising(error):
        def opened(*_, **__):
            raise error

        monkeypatch.setattr("geo.door.parts.pq.ParquetFile", opened)

    raising(ValueError(""))
    with pytest.raises(InputError, match=r"a\.parquet: .*row groups 0 to 3 \(ValueError\)"):
        list(part_tables(Part(0, file, (0, 1, 3), rows=1)))
    raising(MemoryError("much"))
    with pytest.raises(MemoryError):
        plan_parts(file)


def test_an_odd_line_is_found_behind_quoted_line_ends_and_a_line_for_spreadsheets(tmp_path):
    (tmp_path / "in.csv").write_text('sep=;\nlon;lat\n116;"3\n9"\n\n116\n')
    (part,), schema = plan_parts(tmp_path / "in.csv")
    with pytest.raises(InputError, match=r"in\.csv: line 6: "):
        list(csv_parts(part, schema))


def test_what_was_written_is_read_back_with_its_metadata(tmp_path):
    file = Path(tmp_path / "a.parquet")
    table = pa.table({"a": [1], "b": ["x"], "c": [None]}).replace_schema_metadata({"run": "r"})
    pq.write_table(table, file)
    found = written_columns(file, ["b", "a"])
    assert found.column_names == ["b", "a"]
    assert found.schema.metadata[b"run"] == b"r"
    with pytest.raises(InputError, match=r"a\.parquet"):
        written_columns(file, ["d"])
    before = checksum(file)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    assert len(before) == 64
    assert checksum(file) != before
