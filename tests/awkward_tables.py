"""Awkward tables written in every format that is read, by the writers of others, not by ours."""

import csv
import datetime as dt
import io
import json
import math
import shutil
import warnings
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl import Workbook

DRIVERS = {
    "gpkg": "GPKG", "fgb": "FlatGeobuf", "shp": "ESRI Shapefile",
    "shp_gbk": "ESRI Shapefile", "shp_zip": "ESRI Shapefile", "dxf": "DXF", "tab": "MapInfo File",
    "mif": "MapInfo File", "gdb": "OpenFileGDB",
}  # fmt: skip
TEXTS = ("csv", "csv_bom", "csv_gbk", "csv_utf16", "tsv", "dat")
BOOKS = ("xlsx", "xlsm", "xls", "ods")
TABLES = (*TEXTS, *BOOKS, "parquet")
LAYERS = (
    "geoparquet", "geojson", "geojsonl", "geojson_rs", "gpkg", "fgb", "kml", "kmz", "shp",
    "shp_gbk", "shp_zip", "dxf", "tab", "mif", "gdb",
)  # fmt: skip
ALL = (*TABLES, *LAYERS)
_ENCODINGS = {"csv_bom": "utf-8-sig", "csv_gbk": "gbk", "csv_utf16": "utf-16"}
_SUFFIXES = {
    "csv_bom": "csv", "csv_gbk": "csv", "csv_utf16": "csv", "geoparquet": "parquet",
    "geojson_rs": "geojsonl", "shp_gbk": "shp", "shp_zip": "zip",
}  # fmt: skip
_GEO = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def written(folder, kind, columns, shapes, *, crs="EPSG:4326", heads=None):
    """Write columns (name to list) with one shape a row; None in either is nothing.

    ``heads`` gives columns of tables another name, which two may share.
    """
    path = folder / f"awkward.{_SUFFIXES.get(kind, kind)}"
    if kind in TABLES:
        columns = columns | _coordinates(shapes)
    if kind in TEXTS:
        _write_text(path, kind, columns, heads or {})
    elif kind in BOOKS:
        {"xls": _write_xls, "ods": _write_ods}.get(kind, _write_xlsx)(path, columns, heads or {})
    elif kind == "parquet":
        pq.write_table(arrow(columns), path)
    elif kind == "geoparquet":
        _write_geoparquet(path, columns, shapes, crs)
    elif kind.startswith("geojson"):
        _write_geojson(path, kind, columns, shapes, crs)
    elif kind == "kml":
        _write_kml(path, columns, shapes)
    elif kind == "kmz":
        plain = written(folder, "kml", columns, shapes, crs=crs)
        with zipfile.ZipFile(path, "w") as packed:
            packed.write(plain, "doc.kml")
    else:
        path = _write_gdal(path, kind, columns, shapes, crs)
    return path


def arrow(columns):
    return pa.table({name: pa.array(cells) for name, cells in columns.items()})


def _coordinates(shapes):
    there = [None if one is None or one.is_empty else one for one in shapes]
    return {
        "lon": [None if one is None else one.x for one in there],
        "lat": [None if one is None else one.y for one in there],
    }


def shown(cell):
    """Return a cell as a person types it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return "NaN" if math.isnan(cell) else repr(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _write_text(path, kind, columns, heads):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter={"tsv": "\t", "dat": "|"}.get(kind, ","))
    writer.writerow([heads.get(one, one) for one in columns])
    writer.writerows([shown(cell) for cell in row] for row in zip(*columns.values(), strict=True))
    path.write_bytes(text.getvalue().encode(_ENCODINGS.get(kind, "utf-8")))


def _book_cell(cell):
    """Return what a workbook keeps: numbers of 15 digits, moments without a zone, no NaN."""
    large = isinstance(cell, int) and abs(cell) > 10**15
    odd = isinstance(cell, float) and not math.isfinite(cell)
    old = isinstance(cell, dt.date) and cell.year < 1900
    zoned = isinstance(cell, dt.datetime) and cell.tzinfo is not None
    return shown(cell) if large or odd or old or zoned else cell


def _write_xlsx(path, columns, heads):
    book = Workbook()
    sheet = book.active
    sheet.append([heads.get(one, one) for one in columns])
    for row in zip(*columns.values(), strict=True):
        sheet.append([_book_cell(cell) for cell in row])
    book.save(path)
    if path.suffix == ".xlsm":
        with zipfile.ZipFile(path) as old:
            parts = {one: old.read(one) for one in old.namelist()}
        kinds = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = kinds.replace(_GEO.encode(), _MACRO.encode())
        with zipfile.ZipFile(path, "w") as new:
            for name, content in parts.items():
                new.writestr(name, content)


def _write_ods(path, columns, heads):
    def cell(value):
        value = _book_cell(value)
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, bool):
            kind, attribute = "boolean", f'office:boolean-value="{str(value).lower()}"'
        elif isinstance(value, int | float):
            kind, attribute = "float", f'office:value="{value!r}"'
        elif isinstance(value, dt.date):
            kind, attribute = "date", f'office:date-value="{value.isoformat()}"'
        else:
            kind, attribute = "string", ""
        text = f"<text:p>{escape(shown(value))}</text:p>"
        return f'<table:table-cell office:value-type="{kind}" {attribute}>{text}</table:table-cell>'

    head = [heads.get(one, one) for one in columns]
    rows = [head, *zip(*columns.values(), strict=True)]
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="表1">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type={quoteattr(kind)}/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", kind)
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", manifest)


def _write_geoparquet(path, columns, shapes, crs):
    import pyproj

    stated = None if crs is None else pyproj.CRS(crs).to_json_dict()
    geo = {
        "version": "1.1.0", "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": stated}},
    }  # fmt: skip
    table = arrow(columns).append_column("geometry", pa.array(_blobs(shapes), pa.binary()))
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)


def _blobs(shapes):
    return [None if one is None else shapely.to_wkb(one, flavor="iso") for one in shapes]


def _json_cell(cell):
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _json_shape(shape):
    if shape is None:
        return None
    if shape.is_empty:
        return {"type": shape.geom_type, "coordinates": []}
    return json.loads(shapely.to_geojson(shape))


def _write_geojson(path, kind, columns, shapes, crs):
    features = [
        {
            "type": "Feature",
            "properties": {name: _json_cell(cell) for name, cell in zip(columns, row, strict=True)},
            "geometry": _json_shape(shape),
        }
        for *row, shape in zip(*columns.values(), shapes, strict=True)
    ]
    texts = [json.dumps(one, ensure_ascii=False) for one in features]
    if kind == "geojson":
        stated = {"type": "name", "properties": {"name": crs}}
        member = "" if crs == "EPSG:4326" else f'"crs":{json.dumps(stated)},'
        text = f'{{"type":"FeatureCollection",{member}"features":[{",".join(texts)}]}}'
    else:
        mark = "\x1e" if kind == "geojson_rs" else ""
        text = "".join(f"{mark}{one}\n" for one in texts)
    path.write_text(text, encoding="utf-8")


def _write_kml(path, columns, shapes):
    marks = []
    for *row, shape in zip(*columns.values(), shapes, strict=True):
        cells = "".join(
            f"<Data name={quoteattr(name)}><value>{escape(shown(cell))}</value></Data>"
            for name, cell in zip(columns, row, strict=True)
            if cell is not None
        )
        place = ""
        if shape is not None and shape.is_empty:
            place = "<Point><coordinates></coordinates></Point>"
        elif shape is not None:
            numbers = ",".join(map(repr, shape.coords[0]))
            place = f"<Point><coordinates>{numbers}</coordinates></Point>"
        marks.append(f"<Placemark><ExtendedData>{cells}</ExtendedData>{place}</Placemark>")
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><Folder><name>awkward</name>{''.join(marks)}</Folder></Document></kml>",
        encoding="utf-8",
    )


def _write_gdal(path, kind, columns, shapes, crs):
    target = path.with_suffix(".shp") if kind == "shp_zip" else path
    table = pa.table({"geometry": pa.array(_blobs(shapes), pa.binary())})
    for name, cells in ({} if kind == "dxf" else columns).items():
        table = table.append_column(name, pa.array(cells))
    kinds = {shapely.get_type_id(one) for one in shapes if one is not None}
    high = any(one is not None and one.has_z for one in shapes)
    name = {0: "Point", 1: "LineString", 3: "Polygon"}.get(*kinds) if len(kinds) == 1 else "Unknown"
    if kind == "fgb" and high:
        name = "Unknown"
    options = {"ENCODING": "GBK"} if kind == "shp_gbk" else {}
    if kind in ("tab", "mif"):
        options = {"ENCODING": "UTF-8", "FORMAT": "MIF" if kind == "mif" else "TAB"}
    elif kind == "gdb":
        options = {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"}
    elif kind in ("shp", "shp_zip"):
        options = {"ENCODING": "UTF-8"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the format cannot hold, which the test states
        pyogrio.write_arrow(
            table, target, driver=DRIVERS[kind], geometry_name="geometry", crs=crs,
            layer="awkward", geometry_type=f"{name}{' Z' if high and name != 'Unknown' else ''}",
            layer_options=options,
        )  # fmt: skip
    if kind == "shp_zip":
        with zipfile.ZipFile(path, "w") as packed:
            for part in path.parent.glob("awkward.*"):
                if part.suffix in (".shp", ".dbf", ".shx", ".prj", ".cpg"):
                    packed.write(part, part.name)
                    part.unlink()
    return path


def _write_xls(path, columns, heads):
    """Copy the same table, written once by xlwt, which is not among the tools of this project."""
    assert not heads
    shutil.copy(Path(__file__).parent / "data" / "xls" / f"{next(iter(columns))}.xls", path)


def plain(cell):
    """Return a cell without the wrappings of libraries; nothing of any kind is None."""
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124 - NaN
        return None
    return cell.item() if hasattr(cell, "item") else cell
