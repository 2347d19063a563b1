"""Small true files of every kind that is read; what the mutators damage."""

import io
import json
import shutil
import sqlite3
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl import Workbook

from .dbase import dbf_bytes
from .geotiffs import refused_tiffs, tiffs
from .old_excel import xls_bytes
from .parts import FOLDERS, REFUSED_FOLDERS, REFUSED_TEXTS

__all__ = ["Sample", "corpus", "zipped"]

PLAN = Path(__file__).parents[1] / "data" / "plan_tiny"
WHEN = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Sample:
    """A file and what lies beside it.

    Attributes
    ----------
    name
        Which of the corpus.
    main
        The file that is given to the readers.
    files
        Bytes by path within the folder.
    how
        Options for the readers of layers.
    links
        Targets by path within the folder.
    """

    name: str
    main: str
    files: dict[str, bytes]
    how: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def having(self, file: str, content: bytes) -> "Sample":
        """Return a copy in which one file is another."""
        return replace(self, files={**self.files, file: content})

    def write(self, folder: Path) -> Path:
        """Write the files; return the path of the main one."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, target in self.links.items():
            (folder / name).symlink_to(target)
        return folder / self.main


ROWS = [
    {"编号": "S0", "企业名称": "示例企业〇", "adcode": "110105", "经度": "116.486421", "纬度": "39.921491",
     "员工": "12", "上市": "true", "成立": "1999-12-31"},
    {"编号": "S1", "企业名称": "示例, 企业", "adcode": "120116", "经度": "117.654123", "纬度": "39.032846",
     "员工": "", "上市": "", "成立": ""},
    {"编号": "S2", "企业名称": '"示例"', "adcode": "130638", "经度": "115.98765", "纬度": "38.92941",
     "员工": "9007199254740993", "上市": "false", "成立": "2024-02-29"},
]  # fmt: skip


def _csv(delimiter: str = ",", end: str = "\n", above: str = "") -> str:
    def cell(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if {delimiter, '"'} & set(text) else text

    lines = [delimiter.join(ROWS[0]), *(delimiter.join(map(cell, row.values())) for row in ROWS)]
    return above + "".join(f"{line}{end}" for line in lines)


def _texts() -> list[Sample]:
    wkt = "name;WKT\na;POINT (116.4 39.9)\nb;POINT Z (117.2 39.1 3)\n"
    pairs = "名称|位置\n甲|116.4,39.9\n乙|39°06′N 117°12′E\n"
    addresses = "名称\t地址\t区县代码\n甲\t北京市朝阳区建国路1号\t110105\n乙\t河北省雄县\t130638\n"
    flows = "from,to,value\n110105,120116,1.5\n130638,110105,2e3\n"
    metres = "id,东向,北向\na,447000.5,4418000\nb,448000,4419000\n"
    cells = {
        "csv_utf8.csv": _csv().encode(),
        "csv_gbk.csv": _csv(end="\r\n").encode("gb18030"),
        "csv_big5.csv": "名稱,經度,緯度\n甲公司,116.4,39.9\n乙公司,117.2,39.1\n".encode("big5"),
        "csv_utf16.txt": _csv("\t").encode("utf-16"),
        "csv_bare16.txt": _csv("\t").encode("utf-16-le"),
        "csv_titles.csv": _csv(above="示例企业名单,,\n单位：个,,\n").encode("utf-8-sig"),
        "csv_sep.csv": ("sep=;\n" + _csv(";")).encode(),
        "wkt.csv": wkt.encode(),
        "pairs.psv": pairs.encode(),
        "addresses.tsv": addresses.encode(),
        "flows.csv": flows.encode(),
        "metres.csv": metres.encode(),
        "grouped.csv": "城市,2022,,2023,\n,经度,纬度,GDP,人口\n北京,116.4,39.9,3,4\n天津,117.2,39.1,5,6\n".encode(),
        "twice.csv": b"lon,lat,lon_wgs84,lat_wgs84,name,title\n1,2,116.4,39.9,a,b\n3,4,117.2,39.1,c,d\n",
        "both.csv": "经度,纬度,坐标,代码\n116.4,39.9,甲,110105\n116°24′E,39°54′N,乙,\n"
        "１１６．４,39 54 30 N,,\n116.4W,39.9S,,\n东经116度24分,北纬39.9°,,\nx,—,,\nN39.9,E116.4,,\n116°75′,39°N S,,\n".encode(),
        "datums.csv": b"name,lon_gcj02,lat_bd09\na,116.4,39.9\n",
        "many.csv": b"lon,lng,lat\n116.4,116.5,39.9\n",
        "half.csv": "经度,名称,百度坐标(米),坐标（纬度,经度）\n116.4,甲,,\n".encode(),
        "projected.csv": b"id,x,y\na,447000.5,4418000\nb,448000,4419000\n",
        "placed.csv": "名称,公式,lon,lat,location_basis,location_accuracy_m,datum_in\n"
        "'=1+1,'-a,116.4,39.9,coordinates,10,wgs84\n甲,乙,117.2,39.1,coordinates,10,wgs84\n".encode(),
        "spaced.dat": b"id lon lat\na 116.4 39.9\nb 117.2 39.1\n",
    }
    return [Sample(name.partition(".")[0], name, {name: cell}) for name, cell in cells.items()]


def _frame(geometry: list[Any]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(ROWS).drop(columns=["经度", "纬度"])
    table["员工"] = pd.array([12, None, 2**53 + 1], dtype="Int64")
    table["上市"] = pd.array([True, None, False], dtype="boolean")
    return gpd.GeoDataFrame(table, geometry=geometry, crs="EPSG:4326")


def _points() -> gpd.GeoDataFrame:
    return _frame([shapely.Point(float(row["经度"]), float(row["纬度"])) for row in ROWS])


def _areas() -> gpd.GeoDataFrame:
    bow = shapely.Polygon([(116, 39), (117, 40), (117, 39), (116, 40)])
    two = shapely.MultiPolygon([shapely.box(115, 38, 116, 39), shapely.box(117, 39, 118, 40)])
    return _frame([shapely.box(116, 39, 117, 40), bow, two])


GEOMETRIES: list[Any] = [
    {"type": "Point", "coordinates": [116.4, 39.9]},
    {"type": "Point", "coordinates": ["116.4", "39.9"]},
    {"type": "Point", "coordinates": []},
    {"type": "MultiPoint", "coordinates": [[116.4, 39.9, 5], [117, 39, 6]]},
    {"type": "LineString", "coordinates": [[116, 39], [117, 40], [118, 41]]},
    {"type": "MultiLineString", "coordinates": [[[116, 39], [117, 40, 1]], [[1, 2], [3, 4]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]},
    {"type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 0], [9, 9], [0, 0]]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [116, 39]}]},
    {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9]]]},
    None,
]  # fmt: skip


def _json(geometries: list[Any]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "provenance": {"version": "1", "title": "示例", "sources": [{"name": "a"}]},
        "features": [
            {"type": "Feature", "id": at, "properties": {**ROWS[at % 3], "数": at}, "geometry": one}
            for at, one in enumerate(geometries)
        ],
    }


def _jsons() -> list[Sample]:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    near = [one for one in GEOMETRIES if one and one["type"] in ("Point", "LineString")]
    lines = "\n".join(
        json.dumps(one, ensure_ascii=False) for one in _json(GEOMETRIES[3:8])["features"]
    )
    made = {
        "points.geojson": json.dumps(_json(near), ensure_ascii=False),
        "shapes.geojson": json.dumps(_json(GEOMETRIES), indent=1),
        "stated.json": json.dumps({**_json(GEOMETRIES[:3]), "crs": crs}),
        "one.geojson": json.dumps(GEOMETRIES[6]),
        "lines.geojsonl": lines + "\n{not json\n",
        "lines.json": lines,
        "record.geojsons": "\n".join(f"\x1e{line}" for line in lines.splitlines()),
    }
    return [
        Sample(name.replace(".", "_"), name, {name: text.encode()}) for name, text in made.items()
    ]


def _book() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "企业"
    sheet.append(["示例企业名单"])
    sheet.append(list(ROWS[0]))
    for at, row in enumerate(ROWS):
        sheet.append(
            [*list(row.values())[:3], float(row["经度"]), float(row["纬度"]), at, at == 1, None]
        )
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("C4:C5")
    sheet["H4"] = "=1+1"
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("说明")["A1"] = "说明"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
_NUMBER = (
    '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p>'
    "</table:table-cell>"
)


def _ods() -> bytes:
    head = "".join(map(_CELL.format, ("名称", "经度", "纬度")))
    rows = [_CELL.format("甲") + _NUMBER.format(116.4) + _NUMBER.format(39.9),
            _CELL.format("乙") + _NUMBER.format(117.2) + _NUMBER.format(39.1),
            '<table:table-cell table:number-columns-repeated="3"/>']  # fmt: skip
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in (head, *rows))
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})  # fmt: skip


def zipped(members: dict[str, bytes]) -> bytes:
    """Pack members with a fixed date."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), content)
    return kept.getvalue()


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>
<Schema name="s" id="s"><SimpleField name="n" type="int"/></Schema>
<Folder><name>点</name>
<Placemark id="a"><name>甲</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">5</SimpleData>
</SchemaData></ExtendedData><Point><coordinates>116.4,39.9,5</coordinates></Point></Placemark>
<Placemark><name>乙</name><ExtendedData><Data name="名称"><value>1</value></Data><Data name='数量'><value>2</value></Data>
<Data name="n2"><value/></Data></ExtendedData><LineString><coordinates>116,39 117,40</coordinates></LineString></Placemark>
<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>116,39 117,39 117,40 116,39</coordinates>
</LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>
"""

DXF = "\n".join(
    (
        *("0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009", "0", "ENDSEC"),
        *("0", "SECTION", "2", "ENTITIES"),
        *("0", "POINT", "8", "点", "10", "116.4", "20", "39.9", "30", "1.0"),
        *("0", "LINE", "8", "0", "10", "116", "20", "39", "11", "117", "21", "40"),
        *("0", "LWPOLYLINE", "8", "0", "90", "3", "70", "1", "10", "116", "20", "39"),
        *("10", "117", "20", "39", "10", "117", "20", "40", "42", "0.5"),
        *("0", "CIRCLE", "8", "0", "10", "116", "20", "39", "40", "0.5"),
        *("0", "TEXT", "8", "0", "10", "116", "20", "39", "40", "1", "1", "字"),
        *("0", "ENDSEC", "0", "EOF", ""),
    )
)


def _gdal(folder: Path, name: str, frame: gpd.GeoDataFrame, driver: str, **how: Any) -> Sample:
    place = folder / name.replace(".", "_")
    place.mkdir()
    pyogrio.write_dataframe(frame, place / name, driver=driver, **how)
    if name.endswith(".gpkg"):
        _told(place / name)
        _small_pages(place / name)
    files = {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }
    shutil.rmtree(place)
    return Sample(name.replace(".", "_"), name, files)


def _told(path: Path) -> None:
    """Give a GeoPackage the provenance that this project writes."""
    items = '<GDALMetadata><MDI key="provenance">{"version": "1"}</MDI></GDALMetadata>'
    base = sqlite3.connect(path)
    base.execute("create table gpkg_metadata (id integer primary key, metadata text)")
    base.execute("insert into gpkg_metadata (metadata) values (?)", (items,))
    base.commit()
    base.close()


def _small_pages(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("pragma page_size = 1024")
    base.execute("vacuum")
    base.close()


def _layers(folder: Path) -> list[Sample]:
    points, areas = _points(), _areas()
    plain = points.rename(
        columns={"编号": "id", "企业名称": "name", "员工": "n", "上市": "l", "成立": "d"}
    )
    metres = plain.to_crs("EPSG:4509").drop(columns="l")
    arcgis = {"layer": "points", "TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"}
    made = [
        _gdal(folder, "points.gpkg", points, "GPKG", layer="点"),
        _gdal(folder, "areas.fgb", areas, "FlatGeobuf"),
        _gdal(folder, "points.shp", plain.drop(columns="l"), "ESRI Shapefile", encoding="UTF-8"),
        _gdal(folder, "gbk.shp", metres, "ESRI Shapefile", encoding="GBK"),
        _gdal(folder, "areas.shp", areas[["adcode", "geometry"]], "ESRI Shapefile"),
        _gdal(folder, "table.mif", plain.drop(columns="l"), "MapInfo File"),
        _gdal(folder, "table.tab", plain.drop(columns="l"), "MapInfo File"),
        _gdal(folder, "base.gdb", plain, "OpenFileGDB", **arcgis),
    ]
    wide = _shapes(folder)
    gbk = next(one for one in made if one.name == "gbk_shp")
    gbk.files.pop("gbk.cpg", None)
    shp = {f"a/{name}": content for name, content in made[2].files.items()}
    gdb = made[-1].files
    return [
        *made,
        Sample("wide_shp", "a.shp", wide, {"encoding": "gbk"}),
        Sample("packed_shp", "packed.zip", {"packed.zip": zipped(shp)}),
        Sample("packed_gdb", "packed.gdb.zip", {"packed.gdb.zip": zipped(gdb)}),
        Sample("kml", "a.kml", {"a.kml": KML.encode()}),
        Sample("kmz", "a.kmz", {"a.kmz": zipped({"doc.kml": KML.encode(), "files/a.png": b"x"})}),
        Sample("dxf", "a.dxf", {"a.dxf": DXF.encode()}, {"datum": "wgs84"}),
    ]


def _shapes(folder: Path) -> dict[str, bytes]:
    """Return a shapefile with integers that a float does not hold, and a row marked as deleted."""
    files = _gdal(folder, "a.shp", _points()[["adcode", "geometry"]], "ESRI Shapefile").files
    rows = [("甲", "90071992547409931", "1"), ("乙", "", "x"), ("丙", "-9", "")]
    return {**files, "a.dbf": dbf_bytes(rows), "a.cpg": b"GBK"}


def _parquets(folder: Path) -> list[Sample]:
    path = folder / "a.parquet"
    made = []
    for name, frame in (("geoparquet", _points()), ("parquet", pd.DataFrame(ROWS))):
        frame.to_parquet(path)
        table = pq.read_table(path)
        kept = {**(table.schema.metadata or {}), b"provenance": b'{"version": "1"}'}
        kept.pop(b"pandas", None)
        pq.write_table(
            table.replace_schema_metadata(kept), path, compression="snappy", row_group_size=2
        )
        made.append(Sample(name, f"{name}.parquet", {f"{name}.parquet": path.read_bytes()}))
    path.unlink()
    return made


def _rasters(folder: Path) -> list[Sample]:
    return [Sample(name, "a.tif", {"a.tif": made}, how) for name, made, how in tiffs(folder)]


TARGETS = """format: 1
title: {zh: 甲, en: A, ja: あ}
thresholds: {on_pace: 0.9, behind: 0.5}
sources:
  s: {title: somewhere}
targets:
  - id: a
    name: {zh: 甲, en: A, ja: あ}
    unit: {zh: 个, en: pieces, ja: 個}
    sense: up
    base: {value: 100, date: 2020}
    target: {value: 200, date: 2030-12-31}
    standing: stated
    source: s
"""
PAGE = (
    '<!DOCTYPE html><html><head><title>t</title></head><body><script type="application/json" '
    'id="{}">{{"title": {{"en": "T"}}, "sources": [{{"name": "n"}}], "version": "1"}}</script></body></html>'
)


REFUSED_BESIDE = {
    "picture": b"\x89PNG\r\n\x1a\n",
    "comments": b"# nothing but words\n",
    "twice": b"id,id\na,b\n",
    "quote": b'id,zh\na,"b\n',
    "bytes": b"id,zh\na,\xff\xff\n",
}


def _plan() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(PLAN.iterdir())}


def _documents() -> list[Sample]:
    values = b"target,date,value\na,2025,150\na,2026-06-30,160\n"
    return [
        Sample("plan", "tiny.yaml", _plan()),
        Sample("targets", "targets.yaml", {"targets.yaml": TARGETS.encode()}),
        Sample("values", "values.csv", {"values.csv": values}),
        Sample("page", "a.html", {"a.html": PAGE.format("jjj-provenance").encode()}),
        Sample("map", "map.html", {"map.html": PAGE.format("jjj-data").encode()}),
    ]


def _refused() -> list[Sample]:
    """Make files that break one rule each, so that its refusal is reached whatever the seed."""
    feature = {"type": "Feature", "properties": {"a": 1}, "geometry": GEOMETRIES[0]}
    stated = {"type": "name", "properties": {"name": "GCJ-02"}}
    whole = json.dumps(feature)
    files = {
        "half_sign.geojson": whole.replace("1}", '"\\ud800", "b": ["\\udfff"], "c": NaN, "a": 2}'),
        "shifted.geojson": json.dumps({**_json(GEOMETRIES[:1]), "crs": stated}),
        "two_members.geojson": whole.replace('{"type"', '{"type": "x", "type"', 1),
        "no_list.geojson": '{"type": "FeatureCollection", "features": {}}',
        "topology.json": '{"type": "Topology"}',
        "deep.json": "[" * 100_000,
        "alias.yaml": "a: &x 1\nb: *x\n",
        "twice.yaml": "a: 1\na: 2\n[b]: 3\n",
        "list.yaml": "- 1\n",
        "bare.yaml": "# nothing\n",
        "latin.yaml": b"a: \xff\n",
        "packed.csv.gz": b"\x1f\x8b\x08\x00",
        "part.dbf": b"\x03abc",
        "wrong.xlsx": b"lon,lat\n1,2\n",
        "none.csv": b"",
        "folder/a.csv": b"lon,lat\n1,2\n",
    }
    made = []
    for name, content in files.items():
        coded = content if isinstance(content, bytes) else content.encode()
        main = name.partition("/")[0]
        made.append(Sample(f"refused_{main.replace('.', '_')}", main, {name: coded}))
    return made


def _within(name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{name}/{one}": content for one, content in files.items()}


def _refused_beside(folder: Path) -> list[Sample]:
    """Make rasters and parts that break one rule, and files whose parts lie elsewhere or wait."""
    tables, database = _shapes(folder), _gdal(folder, "a.gpkg", _points(), "GPKG").files["a.gpkg"]
    moved = {f"b/{name}" if name.endswith("dbf") else name: one for name, one in tables.items()}
    waiting = {"a.gpkg": database, "a.gpkg-wal": b"x"}
    return [
        *(
            Sample(f"refused_{name}_tif", "a.tif", {"a.tif": one})
            for name, one in refused_tiffs(folder)
        ),
        *(
            Sample(f"refused_parts_{name}", name, _within(name, files))
            for name, files in REFUSED_FOLDERS.items()
        ),
        *(
            Sample(f"refused_rows_{name}", "a.csv", {"a.csv": one})
            for name, one in REFUSED_TEXTS.items()
        ),
        *(
            Sample(f"refused_beside_{name}", "tiny.yaml", _plan() | {"types.csv": one})
            for name, one in REFUSED_BESIDE.items()
        ),
        Sample("refused_folder_tif", "a.tif", {"a.tif/a": b"II*"}),
        Sample("refused_waiting_gpkg", "a.gpkg", waiting),
        Sample("refused_linked_shp", "a.shp", moved, links={"a.dbf": "b/a.dbf"}),
        Sample("refused_encoding_shp", "a.shp", tables, {"encoding": "klingon"}),
    ]


def corpus(folder: Path) -> list[Sample]:
    """Make every file; the folder is left as it was."""
    books = {"book.xlsx": _book(), "book.ods": _ods(), "book.xls": xls_bytes()}
    return [
        *_texts(),
        *_jsons(),
        *(Sample(name.replace(".", "_"), name, {name: made}) for name, made in books.items()),
        *_layers(folder),
        *_parquets(folder),
        *_rasters(folder),
        *_documents(),
        *(Sample(f"parts_{name}", name, _within(name, files)) for name, files in FOLDERS.items()),
        *_refused(),
        *_refused_beside(folder),
    ]
