"""Values that break programs: what the mutators put where something true stood."""

from random import Random
from typing import Any, Final

__all__ = [
    "INTEGERS", "JSON_VALUES", "MAGIC", "PIECES", "ROOTS", "TABLES", "WORDS", "XML_PIECES", "blob",
]  # fmt: skip

INTEGERS: Final = (
    0, 1, 2, 3, 7, 15, 16, 100, 127, 128, 255, 256, 1000, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
    0xFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 2**53, 2**63 - 1, 2**63, 2**64 - 1,
)  # fmt: skip
"""Lengths, counts and offsets that no header should hold."""

WORDS: Final = (
    "", " ", "0", "-1", "1e400", "-1e400", "nan", "NaN", "inf", "-Infinity", "null", "None", "1e-400",
    "9" * 400, "0x10", "1_000", "１２", "٣٤", "1,234.5", "116°24′", "999999999999999999999", "true",
    "180.0000001", "-90", "1E5", "2026-02-30", "99999-01-01", "0000-00-00", "24:00", "=1+1", "@SUM(1)",
    "a\x00b", "\x00", "\x07\x1b[31m", "\x85", "\u2028", "\u202eabc\u202c", "\u200b", "\ufeff", "\x7f",
    "\ufffd", "\ufffe", "\U0010ffff", "e\u0301" * 30, "𠀀", "𝟙𝟚", "名" * 300, "a" * 5000, "'", '"', '""',
    "\\", "\\u0000", "%s%n", "{0}", "{{7*7}}", "${x}", "<b>", "&amp;", "&#0;", "../../etc/passwd", "/dev/zero",
    "/vsicurl/http://127.0.0.1:9/a", "file:///etc/passwd", "http://127.0.0.1:9/a.xml", "CON", "geometry",
    "id", "lon", "lat", "经度", "纬度", "adcode", "WKT", "POINT (1 2", "POINT EMPTY", "POINT (nan nan)", "110105",
    "EPSG:0", "EPSG:99999", "EPSG:2413", "urn:ogc:def:crs:EPSG::4214", "GCJ-02", "LOCAL_CS[\"x\"]", "\r", "\r\n", "\n",
)  # fmt: skip
"""Cells, names and tokens."""

ROOTS: Final = (
    b"<!DOCTYPE kml [<!ENTITY a 'b'>]>", b"<OGRVRTDataSource><!-- <kml --></OGRVRTDataSource>", b"<html>", b"<!-- <kml -->", b"<kml",
    b"<VRTDataset rasterXSize='1'/>", b"<a:kml xmlns:a='b'/>", b"<?xml version='1.0' encoding='utf-16'?>", b"<gpx/>", b"<kml/><kml/>",
    b"<?xml version='1.1'?>", b"<table><tr><td>lon</td></tr></table>", b"<!" + b"-" * 70_000,
)  # fmt: skip
"""Beginnings of XML that is no KML, or hardly."""

MAGIC: Final = (
    b"PAR1", b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"fgb\x03fgb", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"!table\n", b"\x1f\x8b",
    b"%PDF", b"II*\x00", b"AC1032", b"\x1e", b"Version 300\nCharset x\n", b"0\nSECTION\n", b"{\"", b"<kml>", b"GIF8", b"\xef\xbb\xbf\xef\xbb\xbf",
)  # fmt: skip
"""Beginnings that say another kind."""

TABLES: Final = (
    b"\n  Type LINKED\n", b"\ncreate view V as select * from A, B\n", b"\nopen table \"/etc/passwd\"\n", b"\n  Type \"RASTER\"\n",
    b"\n  File \"/etc/passwd\"\n", b"\nbegin sql\n", b"\n  Type NATIVE Charset \"Neutral\"\n", b"\n  Type DBF\n", b"\n",
)  # fmt: skip
"""Lines of MapInfo tables that name other files."""

XML_PIECES: Final = (
    '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]>', "&b;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml?>",
    "</a>", "<a", "<a:b/>", 'xmlns:x="y"', "<kml>", '<NetworkLink><Link><href>/etc/passwd</href></Link></NetworkLink>',
    '<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="ZZZ1:AAA9"/>', '<c r="ZZZ9999999"><v>1</v></c>',
    '<c r="A0" t="s"><v>999999</v></c>', '<c t="s"><v>-1</v></c>', '<c t="e"><v>#REF!</v></c>', '<c t="d"><v>x</v></c>',
    '<row r="0"/>', '<row r="99999999999"/>', '<dimension ref="A1:XFD1048576"/>', '<c t="inlineStr"><is/></c>',
    '<table:table-row table:number-rows-repeated="4000000000"/>', '<table:table-cell table:number-columns-repeated="-1"/>',
    '<coordinates>1</coordinates>', "<coordinates>nan,nan inf,1</coordinates>", "<Polygon/>", "<MultiGeometry/>",
)  # fmt: skip
"""Bits of markup that mean something to some reader."""

PIECES: Final = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xfe\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x81",
    b"\r", b"\n\n\n", b'"', b"'", b"\x1a", b"\x1e", b"{", b"[" * 3000, b"{" * 3000, b"- " * 2000, b"(" * 3000, b"]" * 99,
    b"<a>" * 2000, b",", b",,,,,,", b";", b"\t", b"|", b"&a *a", b"!!python/object:os.system x", b"<<: *x", b"%YAML 9.9",
    b"---", b"...", b"? ", b"\\ud800", b"\\u0000", b"1e999", b"-0", b"0" * 500, b"9" * 5000, b"PK\x05\x06", b"PAR1",
)  # fmt: skip
"""Bytes to put into a text."""


def _deep(depth: int) -> Any:
    made: Any = []
    for _ in range(depth):
        made = [made]
    return made


JSON_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 10**400, 1e308, float("nan"), float("inf"), 2**63, 2**53 + 1, "", "x", "\ud800", "\x00", [],
    {}, [[]], [None], {"": {}}, {"type": "Point"}, {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    {"type": "LineString", "coordinates": [[0, 0]]}, {"type": "Point", "coordinates": [1e400, 5]}, [1, "2", None], [116, 39],
    {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]}, _deep(60),
    [[0, 0], [1e300, 1e300], [0, -1e300], [0, 0]], [[1, 1]] * 4, [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]], "Feature",
    "FeatureCollection", "Topology", "MultiPoint", "MultiPolygon", "Polygon", "\u202e", "1,2", ["116.4", "39.9"], [1, 2, 3, 4, 5],
    {"name": "EPSG:99999"}, {"type": "name", "properties": {"name": "GCJ-02"}}, {"type": "name", "properties": {"name": "EPSG:2413"}},
)  # fmt: skip
"""Values for a place in a JSON tree."""


def blob(random: Random) -> bytes:
    """Return a geometry in WKB, or what looks like one."""
    order = random.choice((b"\x01", b"\x00", b"\x02"))
    kind = random.choice(
        (
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            12,
            15,
            16,
            17,
            1001,
            2003,
            3001,
            99,
            0x80000001,
            0x20000001,
        )
    )
    coded = kind.to_bytes(4, "little" if order == b"\x01" else "big")
    counts = b"".join(
        random.choice(INTEGERS).to_bytes(9, "little")[:4] for _ in range(random.randrange(4))
    )
    return order + coded + counts + random.randbytes(random.choice((0, 7, 16, 24, 64)))
