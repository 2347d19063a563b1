"""A frame as a file: GeoJSON, GeoJSON lines, GeoParquet, GeoPackage, CSV, XLSX.

The suffix of the target picks the format. GeoJSON follows RFC 7946: WGS 84, right-hand rings, six
decimals (about 0.1 m), no ``crs`` member, stable order, and a foreign member ``provenance``.
In CSV and XLSX, cells that a spreadsheet would run as a formula are defused. Equal frames give
equal bytes.
"""

import datetime as dt
import json
import math
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, require_crs
from geo.errors import InputError, OutputError
from geo.write import STDOUT, Outputs

__all__ = [
    "SUFFIXES",
    "Provenance",
    "add_frame",
    "csv_rows",
    "defuse",
    "geojson_features",
    "geojson_head",
    "geojson_text",
    "geoparquet_table",
    "json_value",
]

Provenance = Mapping[str, Any]

STORED_DECIMALS: Final = 6
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


def add_frame(
    outputs: Outputs,
    target: str | Path,
    frame: pd.DataFrame,
    *,
    provenance: Provenance | None = None,
) -> None:
    """Stage a frame in the format that the target's suffix names.

    Parameters
    ----------
    outputs
        The run's outputs.
    target
        A path with one of ``SUFFIXES``, or ``"-"`` for GeoJSON (CSV for a plain table) on stdout.
    frame
        In ``STORAGE_CRS`` when it has geometry. Not changed.
    provenance
        What the data are, from where and how; kept in GeoJSON and GeoParquet.

    Raises
    ------
    InputError
        When no format has the suffix, or a plain table is to become a layer.
    CRSError
        When the frame is not in ``STORAGE_CRS``.
    OutputError
        When the file cannot be written whole.

    Examples
    --------
    >>> with Outputs() as outputs:
    ...     add_frame(outputs, "table.doc", pd.DataFrame())
    Traceback (most recent call last):
    geo.errors.InputError: table.doc: no format for this suffix; one of ...
    """
    spatial = isinstance(frame, gpd.GeoDataFrame)
    if spatial:
        require_crs(frame, STORAGE_CRS, name="frame")
    suffix = (".geojson" if spatial else ".csv") if str(target) == STDOUT else Path(target).suffix
    suffix = {".json": ".geojson", ".geojsonseq": ".geojsonl"}.get(suffix.lower(), suffix.lower())
    if suffix not in SUFFIXES:
        msg = f"{target}: no format for this suffix; one of {', '.join(sorted(SUFFIXES))}"
        raise InputError(msg)
    if not spatial and suffix not in (".csv", ".xlsx", ".parquet"):
        msg = f"{target}: a table without geometry is written as .csv, .xlsx or .parquet"
        raise InputError(msg)
    fill = partial(_FILLS[suffix], frame, provenance or {})
    outputs.add(target, fill, partial(_CHECKS.get(suffix, _not_empty), len(frame)))


def json_value(value: Any) -> Any:  # noqa: PLR0911 - one return a kind of value
    """Turn a cell into what JSON can hold: no NaN, no infinity, no timestamps, no NumPy types.

    Parameters
    ----------
    value
        Any cell of a frame.

    Returns
    -------
    None, bool, int, float, str, list or dict
        Missing and not finite become None, dates ISO 8601 text.

    Examples
    --------
    >>> json_value(np.float64("nan")), json_value(pd.Timestamp("2026-02-02"))
    (None, '2026-02-02')
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date):
        return _iso(value)
    if isinstance(value, Mapping):
        return {str(key): json_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | np.ndarray):
        return [json_value(one) for one in value]
    return str(value)


def _iso(value: dt.date) -> str:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time() and not value.tzinfo
    return value.date().isoformat() if midnight else value.isoformat()  # type: ignore[attr-defined]


def _column_values(column: "pd.Series[Any]") -> list[Any]:
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind in ("i", "u", "b"):
        return list(column.tolist())
    return [json_value(value) for value in column.tolist()]


def _geometry_json(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    shapes = frame.geometry.to_numpy()
    rounded = shapely.transform(
        shapely.force_2d(shapes), lambda xy: np.round(xy, STORED_DECIMALS) + 0.0
    )
    shapes = shapely.orient_polygons(rounded)
    text = shapely.to_geojson(shapes)
    text[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = "null"
    return np.asarray(text, dtype=object)


def geojson_features(frame: gpd.GeoDataFrame) -> Iterator[str]:
    """Write each row as the text of a GeoJSON feature.

    Parameters
    ----------
    frame
        In ``STORAGE_CRS``.

    Yields
    ------
    str
        Without a line end.

    Examples
    --------
    >>> list(geojson_features(gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs="EPSG:4326")))
    ['{"type":"Feature","properties":{"a":1},"geometry":null}']
    """
    plain = frame.drop(columns=frame.geometry.name)
    names = [str(name) for name in plain.columns]
    columns = [_column_values(plain.iloc[:, at]) for at in range(len(names))]
    rows: Any = zip(*columns, strict=True) if columns else (() for _ in range(len(frame)))
    for shape, row in zip(_geometry_json(frame), rows, strict=True):
        properties = json.dumps(
            dict(zip(names, row, strict=True)), ensure_ascii=False, separators=(",", ":")
        )
        yield f'{{"type":"Feature","properties":{properties},"geometry":{shape}}}'


def geojson_text(frame: gpd.GeoDataFrame, provenance: Provenance | None = None) -> str:
    r"""Write a frame as an RFC 7946 FeatureCollection, one feature a line.

    Parameters
    ----------
    frame
        In ``STORAGE_CRS``.
    provenance
        Becomes the foreign member ``provenance``; left out when empty.

    Returns
    -------
    str
        Ends with a newline.

    Raises
    ------
    CRSError
        When the frame is not in ``STORAGE_CRS``.

    Examples
    --------
    >>> empty = gpd.GeoDataFrame({"a": []}, geometry=[], crs="EPSG:4326")
    >>> geojson_text(empty)
    '{"type":"FeatureCollection","features":[\n]}\n'
    """
    require_crs(frame, STORAGE_CRS, name="frame")
    features = ",\n".join(geojson_features(frame))
    return f"{geojson_head(provenance)}{features}{chr(10) if features else ''}]}}\n"


def geojson_head(provenance: Provenance | None = None) -> str:
    r"""Write a FeatureCollection up to its first feature.

    Parameters
    ----------
    provenance
        Becomes the foreign member ``provenance``; left out when empty.

    Returns
    -------
    str
        Ends with a line end.

    Examples
    --------
    >>> geojson_head()
    '{"type":"FeatureCollection","features":[\n'
    """
    head = '{"type":"FeatureCollection",'
    if provenance:
        body = json.dumps(json_value(provenance), ensure_ascii=False, separators=(",", ":"))
        head += f'"provenance":{body},'
    return f'{head}"features":[\n'


def _fill_geojson(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    path.write_text(geojson_text(frame, provenance), encoding="utf-8", newline="\n")


def _fill_geojsonl(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{feature}\n" for feature in geojson_features(frame))


def geoparquet_table(frame: pd.DataFrame, provenance: Provenance | None = None) -> Any:
    """Turn a frame into a pyarrow table with GeoParquet 1.1 metadata.

    Parameters
    ----------
    frame
        With geometry in ``STORAGE_CRS``, or a plain table.
    provenance
        Kept under the metadata key ``provenance``.

    Returns
    -------
    pyarrow.Table
        The geometry as WKB; columns with mixed types as text.

    Examples
    --------
    >>> from shapely import Point
    >>> spot = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(116, 40)], crs="EPSG:4326")
    >>> geoparquet_table(spot).schema.names
    ['a', 'geometry']
    """
    import pyarrow as pa  # noqa: PLC0415 - only this format needs it

    if isinstance(frame, gpd.GeoDataFrame):
        name = frame.geometry.name
        shapes = frame.geometry.to_numpy()
        plain = pd.DataFrame(frame.drop(columns=name))
    else:
        name, shapes, plain = None, None, frame
    columns = {str(key): _arrow_column(plain.iloc[:, at]) for at, key in enumerate(plain.columns)}
    metadata = {}
    if shapes is not None and name is not None:
        wkb = shapely.to_wkb(shapes, flavor="iso")
        wkb[shapely.is_missing(shapes)] = None
        columns[name] = pa.array(wkb, type=pa.binary())
        metadata["geo"] = json.dumps(_geo_metadata(name, shapes))
    if provenance:
        metadata["provenance"] = json.dumps(
            json_value(provenance), ensure_ascii=False, sort_keys=True
        )
    return pa.table(columns).replace_schema_metadata(metadata)


def _arrow_column(column: "pd.Series[Any]") -> Any:
    import pyarrow as pa  # noqa: PLC0415

    try:
        return pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        values = [json_value(value) for value in column]
        text = [
            value if value is None or isinstance(value, str) else json.dumps(value)
            for value in values
        ]
        return pa.array(text, type=pa.string())


def _geo_metadata(name: str, shapes: NDArray[np.object_]) -> dict[str, Any]:
    present = shapes[~shapely.is_missing(shapes)]
    kinds = sorted({str(shape.geom_type) for shape in present})
    described: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": STORAGE_CRS.to_json_dict(),
    }
    box = shapely.total_bounds(present) if len(present) else np.full(4, np.nan)
    if np.isfinite(box).all():
        described["bbox"] = box.tolist()
    return {"version": "1.1.0", "primary_column": name, "columns": {name: described}}


def _fill_parquet(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(geoparquet_table(frame, provenance), path, compression="zstd")


def _fill_gpkg(frame: gpd.GeoDataFrame, provenance: Provenance, path: Path) -> None:
    import pyogrio  # noqa: PLC0415

    # a text column named fid would be taken for the row id
    renamed = {
        name: f"{name}_in" for name in frame.columns if str(name).lower() in ("fid", "ogc_fid")
    }
    before = os.environ.get("OGR_CURRENT_DATE")
    os.environ["OGR_CURRENT_DATE"] = "1980-01-01T00:00:00.000Z"
    try:
        pyogrio.write_dataframe(
            _plain_cells(frame.rename(columns=renamed)),
            path,
            driver="GPKG",
            layer="layer",
            dataset_metadata={"provenance": json.dumps(json_value(provenance), ensure_ascii=False)}
            if provenance
            else None,
        )
    finally:
        if before is None:
            del os.environ["OGR_CURRENT_DATE"]
        else:
            os.environ["OGR_CURRENT_DATE"] = before


def _plain_cells(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy in which object columns hold only text, numbers or nothing."""
    texts = {}
    for name in frame.columns.drop(frame.geometry.name):
        if frame[name].dtype == object:
            texts[name] = [
                value
                if value is None or isinstance(value, str | int | float)
                else json.dumps(value)
                for value in map(json_value, frame[name])
            ]
    return frame.assign(**texts)


def defuse(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Parameters
    ----------
    value
        A cell; only texts are changed, and signed numbers written as text are not.

    Returns
    -------
    object
        The cell, or the defused text.

    Examples
    --------
    >>> defuse("=HYPERLINK(1)"), defuse("-12.5"), defuse("北京"), defuse(-3)
    ("'=HYPERLINK(1)", '-12.5', '北京', -3)
    """
    if not isinstance(value, str) or not value.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def _tabular(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy without geometry; points become ``lon`` and ``lat`` (WGS 84, 6 decimals)."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    shapes = frame.geometry.to_numpy()
    kinds = set(shapely.get_type_id(shapes[~shapely.is_missing(shapes)]))
    if kinds <= {0}:
        pair = (
            ("lon", "lat")
            if not {"lon", "lat"} & set(plain.columns)
            else ("lon_wgs84", "lat_wgs84")
        )
        somewhere = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        places = np.full((len(shapes), 2), np.nan)
        places[somewhere] = shapely.get_coordinates(shapes[somewhere])
        for at, name in enumerate(pair):
            plain[name] = np.round(places[:, at], STORED_DECIMALS)
    return plain


def _cell(value: Any) -> Any:
    value = json_value(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _fill_csv(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    import csv  # noqa: PLC0415

    header, rows = csv_rows(frame)
    encoding = "utf-8-sig" if path.suffix else "utf-8"  # Excel reads UTF-8 by its mark only
    with path.open("x", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def csv_rows(frame: pd.DataFrame) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Turn a frame into a CSV's header and rows, defused for spreadsheets.

    Parameters
    ----------
    frame
        Points become ``lon`` and ``lat``.

    Returns
    -------
    header, rows : tuple
        Names, and an iterator of cells.

    Examples
    --------
    >>> header, rows = csv_rows(pd.DataFrame({"a": ["=1"]}))
    >>> header, list(rows)
    (['a'], [("'=1",)])
    """
    plain = _tabular(frame)
    columns = [
        [defuse(_cell(value)) for value in plain.iloc[:, at]] for at in range(plain.shape[1])
    ]
    return [defuse(str(name)) for name in plain.columns], zip(*columns, strict=True)


def _fill_xlsx(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:  # noqa: ARG001
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    plain = _tabular(frame)
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = dt.datetime(1980, 1, 1)  # noqa: DTZ001
    sheet = book.create_sheet("data")

    def cell(value: Any) -> Any:
        value = defuse(_cell(value))
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:32_767])
        made.data_type = "s"
        return made

    sheet.append([cell(str(name)) for name in plain.columns])
    for row in plain.itertuples(index=False, name=None):
        sheet.append([cell(value) for value in row])
    loose = path.with_name(f"loose-{path.name}")
    book.save(loose)
    _rezip(loose, path)
    loose.unlink()


def _rezip(source: Path, target: Path) -> None:
    """Copy a zip with fixed times, so that equal content gives equal bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                start, end = (
                    content.find(b"<dcterms:modified"),
                    content.find(b"</dcterms:modified>"),
                )
                stamp = b'<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z'
                content = content[:start] + stamp + content[end:]
            new.writestr(zipfile.ZipInfo(item.filename, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)


def _wrong_count(path: Path, expected: int, found: int) -> None:
    if found != expected:
        msg = f"{path.suffix[1:]} reads back {found} rows of {expected}"
        raise OutputError(msg)


def _not_empty(expected: int, path: Path) -> None:  # noqa: ARG001
    if path.stat().st_size == 0:
        msg = "nothing was written"
        raise OutputError(msg)


def _check_geojson(expected: int, path: Path) -> None:
    with path.open("rb") as file:
        content = file.read()
    found = content.count(b'\n{"type":"Feature",')
    if not content.endswith(b"]}\n"):
        found = -1
    _wrong_count(path, expected, found)


def _check_geojsonl(expected: int, path: Path) -> None:
    with path.open("rb") as file:
        _wrong_count(path, expected, sum(1 for _ in file))


def _check_parquet(expected: int, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    _wrong_count(path, expected, pq.read_metadata(path).num_rows)


def _check_gpkg(expected: int, path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        intact = base.execute("pragma integrity_check").fetchone()[0]
        indexed = base.execute("select count(*) from sqlite_master where name like 'rtree_%'")
        if intact != "ok" or indexed.fetchone()[0] == 0:
            msg = f"the GeoPackage is not whole ({intact})"
            raise OutputError(msg)
        _wrong_count(path, expected, base.execute('select count(*) from "layer"').fetchone()[0])
    finally:
        base.close()


def _check_xlsx(expected: int, path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        if book.testzip() is not None:
            _wrong_count(path, expected, -1)


_FILLS: Final[dict[str, Callable[..., None]]] = {
    ".csv": _fill_csv,
    ".geojson": _fill_geojson,
    ".geojsonl": _fill_geojsonl,
    ".gpkg": _fill_gpkg,
    ".parquet": _fill_parquet,
    ".xlsx": _fill_xlsx,
}
_CHECKS: Final[dict[str, Callable[[int, Path], None]]] = {
    ".geojson": _check_geojson,
    ".geojsonl": _check_geojsonl,
    ".gpkg": _check_gpkg,
    ".parquet": _check_parquet,
    ".xlsx": _check_xlsx,
}
SUFFIXES: Final = tuple(_FILLS)
"""The suffixes that pick a format."""
