"""Files that name other files and hosts, and the watch that sees whether one of them was opened.

Each case is a file that tempts its reader. What it names is a canary: a file that holds a random
word, in a folder whose every opening the kernel reports, or an address of this machine where
somebody listens.
"""

import ctypes
import json
import os
import secrets
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import rasterio
import shapely
from openpyxl import Workbook
from rasterio.transform import from_origin

OWN = "own-row"
_OPENED, _READ = 0x20, 0x1
_LISTEN = """
import socket
door = socket.create_server(("127.0.0.1", 0))
print(door.getsockname()[1], flush=True)
while True:
    caller, _ = door.accept()
    print("called", flush=True)
    caller.close()
"""
LON, LAT = 116.45, 39.92


class Canary:
    """What the files name, and whether anybody came.

    ``folder`` holds the files named, ``url`` is where somebody listens, ``word`` stands in every
    file.
    """

    def __init__(self, folder):
        self.folder = folder / "elsewhere"
        self.folder.mkdir(parents=True)
        self.word = f"canary{secrets.token_hex(8)}"
        self._fill()
        # a process of its own answers, as GDAL may hold every thread of this one
        self._listener = subprocess.Popen(
            [sys.executable, "-S", "-c", _LISTEN], stdout=subprocess.PIPE, bufsize=0
        )
        self._called = self._listener.stdout.fileno()
        self.url = f"http://127.0.0.1:{int(self._listener.stdout.readline())}/hop"
        os.set_blocking(self._called, False)
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch = libc.inotify_init1(os.O_NONBLOCK)
        assert self._watch >= 0
        watched = os.fsencode(self.folder)
        assert libc.inotify_add_watch(self._watch, watched, _OPENED | _READ) >= 0

    def _fill(self):
        point = {"type": "Point", "coordinates": [LON, LAT]}
        feature = {"type": "Feature", "properties": {"name": self.word}, "geometry": point}
        whole = json.dumps({"type": "FeatureCollection", "features": [feature]})
        for name in ("secret.geojson", "secret.json", "secret.geojsonl"):
            self.file(name).write_text(json.dumps(feature) if name[-1] == "l" else whole)
        self.file("secret.csv").write_text(f"name,lon,lat\n{self.word},{LON},{LAT}\n")
        self.file("secret.txt").write_text(f"{self.word}\n")
        self.file("secret.kml").write_text(kml(f"<Placemark><name>{self.word}</name></Placemark>"))
        frame(self.word).to_file(self.file("secret.gpkg"), driver="GPKG")
        frame(self.word).to_file(self.file("secret.shp"), engine="pyogrio")
        raster(self.file("secret.tif"), 77.0)

    def file(self, name="secret.geojson"):
        return self.folder / name

    def seen(self):
        """Return what was opened or called since this was last asked."""
        found = []
        while True:
            try:
                events = os.read(self._watch, 65536)
            except BlockingIOError:
                break
            at = 0
            while at < len(events):
                _, mask, _, length = struct.unpack_from("iIII", events, at)
                name = events[at + 16 : at + 16 + length].split(b"\0")[0].decode()
                found.append(f"{'opened' if mask & _OPENED else 'read'} {name or 'the folder'}")
                at += 16 + length
        with suppress(BlockingIOError):
            if os.read(self._called, 65536):
                found.append("a connection to this machine")
        return sorted(set(found))

    def close(self):
        self._listener.kill()
        self._listener.wait()
        self._listener.stdout.close()
        os.close(self._watch)


@contextmanager
def canary(folder):
    made = Canary(folder)
    try:
        made.seen()
        yield made
    finally:
        made.close()


def frame(name=OWN, n=3):
    spots = [shapely.Point(LON + at / 50, LAT + at / 50) for at in range(n)]
    return gpd.GeoDataFrame(
        {"name": [name] * n, "value": range(1, n + 1)}, geometry=spots, crs="EPSG:4326"
    )


def raster(path, value=1.0, size=64, **more):
    cells = np.full((size, size), value, dtype="float32")
    with rasterio.open(
        path, "w", driver="GTiff", height=size, width=size, count=1, dtype="float32", compress="deflate",
        crs="EPSG:4326", transform=from_origin(116, 40, 1 / size, 1 / size), **more,
    ) as file:  # fmt: skip
        file.write(cells, 1)


def kml(inside, head=""):
    return (
        f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2" '
        'xmlns:gx="http://www.google.com/kml/ext/2.2" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<Document>{inside}</Document></kml>"
    )


def place(inside=""):
    return (
        f"<Placemark><name>{OWN}</name>{inside}<Point><coordinates>{LON},{LAT}</coordinates>"
        "</Point></Placemark>"
    )


CASES = {}


def case(name, *also):
    """Enter a builder: it gets an empty folder and the canary, and returns the file to read."""

    def enter(build):
        CASES[name] = lambda folder, bird: build(folder, bird, *also)
        return build

    return enter


def text_case(name, file, write):
    """Enter a case that is one text."""

    def build(folder, bird):
        path = folder / file
        made = write(bird)
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
        return path

    CASES[name] = build


# ---------------------------------------------------------------- virtual formats in any disguise


def vrt(target, before=""):
    return (
        f'{before}<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>'
        f"{escape(str(target))}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


_DISGUISES = {
    "": "", "kml": "<?xml version='1.0'?><!-- <kml -->", "json": '<!-- {"type":"FeatureCollection",'
    '"features":[]} -->', "bom": "\ufeff", "blank": "\n \t\n", "declared": '<?xml version="1.0"?>',
    "doctype": "<!DOCTYPE kml>", "style": "<?xml-stylesheet href='x'?><!-- <gml:x <kml -->",
}  # fmt: skip
_SUFFIXES = (
    ".vrt", ".kml", ".gml", ".geojson", ".geojsonl", ".json", ".csv", ".tsv", ".txt", ".shp",
    ".gpkg", ".parquet", ".xlsx", ".dxf", ".tab", ".mif", ".fgb", ".kmz", ".ods", ".tif", "",
)  # fmt: skip
for _suffix in _SUFFIXES:
    for _name in ("kml", "json") if _suffix in (".gml", ".geojsonl", "") else ("kml",):
        text_case(
            f"vrt-in-{_suffix[1:] or 'nothing'}-{_name}", f"a{_suffix}",
            lambda bird, d=_DISGUISES[_name]: vrt(bird.file(), d),
        )  # fmt: skip
for _name, _before in _DISGUISES.items():
    text_case(f"vrt-behind-{_name or 'nothing'}", "a.kml",
              lambda bird, d=_before: vrt(bird.file("secret.shp"), d))  # fmt: skip
    text_case(f"vrt-geojsonl-{_name or 'nothing'}", "a.geojsonl",
              lambda bird, d=_before: vrt(bird.file("secret.csv"), d))  # fmt: skip
text_case("vrt-utf-16", "a.kml", lambda bird: vrt(bird.file()).encode("utf-16"))
text_case("vrt-address-kml", "a.kml",
          lambda bird: vrt(f"/vsicurl/{bird.url}.geojson", "<?xml version='1.0'?><!-- <kml -->"))  # fmt: skip
text_case("vrt-address-geojsonl", "a.geojsonl",
          lambda bird: vrt(f"/vsicurl/{bird.url}.geojson", '<!-- {"type":"Feature"} -->'))  # fmt: skip
text_case(
    "vrt-service",
    "a.kml",
    lambda bird: vrt(f"WFS:{bird.url}", "<?xml version='1.0'?><!-- <kml -->"),
)
text_case("vrt-warped", "a.kml", lambda bird: (
    '<!-- <kml --><OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name="secret"><SrcDataSource>'
    f"{bird.file()}</SrcDataSource></OGRVRTLayer><TargetSRS>EPSG:4326</TargetSRS>"
    "</OGRVRTWarpedLayer></OGRVRTDataSource>"))  # fmt: skip


def raster_vrt(target):
    return (
        '<VRTDataset rasterXSize="64" rasterYSize="64"><SRS>EPSG:4326</SRS><GeoTransform>116,0.01,'
        '0,40,0,-0.01</GeoTransform><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{target}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )


for _suffix in (".tif", ".tiff", ".vrt", ".kml", ".geojson"):
    text_case(f"raster-vrt-{_suffix[1:]}", f"a{_suffix}",
              lambda bird: raster_vrt(bird.file("secret.tif")))  # fmt: skip
text_case("raster-vrt-address", "a.tif", lambda bird: raster_vrt(f"/vsicurl/{bird.url}.tif"))
text_case("tile-index", "a.tif", lambda bird: (
    f"<GDALTileIndexDataset><IndexDataset>{bird.file('secret.gpkg')}</IndexDataset>"
    "</GDALTileIndexDataset>"))  # fmt: skip

# ---------------------------------------------------------------- services and chains of commands

for _name, _text in {
    "wms": "<?xml version='1.0'?><!-- <kml --><GDAL_WMS><Service name='TMS'><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>",
    "wfs": "<?xml version='1.0'?><!-- <kml --><OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "wfs-answer": "<?xml version='1.0'?><!-- <kml --><wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs' "
    "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='x {url}'/>",
    "csw": "<?xml version='1.0'?><!-- <kml --><OGRCSWDataSource><URL>{url}</URL></OGRCSWDataSource>",
    "wmts": "<?xml version='1.0'?><!-- <kml --><GDAL_WMTS><GetCapabilitiesUrl>{url}</GetCapabilitiesUrl></GDAL_WMTS>",
    "gml": "<?xml version='1.0'?><!-- <kml --><gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml' "
    "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='http://x {file}'>"
    "<gml:featureMember xlink:href='{url}' xmlns:xlink='http://www.w3.org/1999/xlink'/>"
    "</gml:FeatureCollection>",
    "gpx": "<?xml version='1.0'?><!-- <kml --><gpx version='1.1'><link href='{url}'/></gpx>",
    "entity": "<!DOCTYPE kml [<!ENTITY x SYSTEM 'file://{file}'>]><kml><Document><Placemark><name>"
    "&x;</name><Point><coordinates>116,39</coordinates></Point></Placemark></Document></kml>",
    "entity-parameter": "<!DOCTYPE kml [<!ENTITY % x SYSTEM '{url}'>%x;]><kml/>",
    "include": "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{file}'/>",
}.items():
    for _suffix in (".kml", ".geojsonl", ".gml"):
        text_case(f"{_name}-{_suffix[1:]}", f"a{_suffix}", lambda bird, t=_text: (
            t.replace("{url}", bird.url).replace("{file}", str(bird.file()))))  # fmt: skip

_FEATURE = {
    "type": "Feature", "properties": {"name": OWN},
    "geometry": {"type": "Point", "coordinates": [LON, LAT]},
}  # fmt: skip


def _collection(**more):
    return {"type": "FeatureCollection", "features": [_FEATURE], **more}


for _name, _json in {
    "chain": lambda bird: {
        "type": "gdal_streamed_alg",
        "command_line": f"gdal vector pipeline ! read {bird.file()} ! write --output-format stream",
    },
    "oapif": lambda bird: {
        "links": [{"rel": "data", "type": "application/json", "href": f"{bird.url}/collections"}],
        "collections": [{"id": "a", "links": [{"rel": "items", "href": bird.url}]}],
    },
    "tilejson": lambda bird: {"tilejson": "2.2.0", "tiles": [f"{bird.url}/{{z}}/{{x}}/{{y}}.pbf"]},
    "stac": lambda bird: {
        "stac_version": "1.0.0", "type": "FeatureCollection", "features": [],
        "links": [{"rel": "next", "href": bird.url}],
    },
    "topojson": lambda bird: {"type": "Topology", "objects": {}, "arcs": [], "href": bird.url},
    "esri": lambda bird: {
        "objectIdFieldName": "a", "exceededTransferLimit": True,
        "geometryType": "esriGeometryPoint", "features": [], "spatialReference": {"wkt": bird.url},
    },
    "paged": lambda bird: _collection(
        links=[{"rel": "next", "href": bird.url}], next=str(bird.file()),
        exceededTransferLimit=True,
    ),
    "crs-link": lambda bird: _collection(
        crs={"type": "link", "properties": {"href": bird.url, "type": "proj4"}}
    ),
    "crs-link-file": lambda bird: _collection(
        crs={"type": "link", "properties": {"href": str(bird.file("secret.txt")), "type": "ogcwkt"}}
    ),
    "crs-address": lambda bird: _collection(
        crs={"type": "name", "properties": {"name": bird.url}}
    ),
    "crs-path": lambda bird: _collection(
        crs={"type": "name", "properties": {"name": str(bird.file("secret.txt"))}}
    ),
    "crs-init": lambda bird: _collection(
        crs={"type": "name", "properties": {"name": f"+init={bird.file('secret.txt')}:1"}}
    ),
    "crs-init-bare": lambda bird: _collection(
        crs={"type": "name", "properties": {"name": f"{bird.file('secret.txt')}:1"}}
    ),
    "crs-grids": lambda bird: _collection(
        crs={"type": "name", "properties": {
            "name": f"+proj=longlat +ellps=krass +nadgrids={bird.file('secret.txt')} +type=crs"}}
    ),
    "crs-grids-address": lambda bird: _collection(
        crs={"type": "name", "properties": {
            "name": f"+proj=longlat +ellps=krass +nadgrids={bird.url}.tif +type=crs"}}
    ),
    "crs-heights": lambda bird: _collection(
        crs={"type": "name", "properties": {
            "name": f"+proj=longlat +datum=WGS84 +geoidgrids={bird.file('secret.tif')} +type=crs"}}
    ),
    "schema-ref": lambda bird: _collection(**{"$schema": bird.url, "$ref": str(bird.file())}),
}.items():  # fmt: skip
    for _suffix in (".geojson", ".json"):
        text_case(f"{_name}-{_suffix[1:]}", f"a{_suffix}",
                  lambda bird, make=_json: json.dumps(make(bird)))  # fmt: skip
text_case("chain-geojsonl", "a.geojsonl",
          lambda bird: json.dumps(json.loads(json.dumps({
              "type": "gdal_streamed_alg", "command_line": f"gdal vector read {bird.file()}"}))))  # fmt: skip
text_case("features-link-geojsonl", "a.geojsonl",
          lambda bird: json.dumps({**_FEATURE, "links": [{"href": bird.url}]}) + "\n")  # fmt: skip

# ---------------------------------------------------------------- KML and KMZ

for _name, _text in {
    "network-link": "<NetworkLink><Link><href>{}</href></Link></NetworkLink>",
    "network-link-old": "<NetworkLink><Url><href>{}</href><refreshMode>onChange</refreshMode></Url>"
    "</NetworkLink>",
    "overlay": "<GroundOverlay><Icon><href>{}</href></Icon><LatLonBox><north>40</north><south>39"
    "</south><east>117</east><west>116</west></LatLonBox></GroundOverlay>",
    "screen": "<ScreenOverlay><Icon><href>{}</href></Icon></ScreenOverlay>",
    "photo": "<PhotoOverlay><Icon><href>{}</href></Icon></PhotoOverlay>",
    "model": "<Placemark><Model><Link><href>{}</href></Link><ResourceMap><Alias><targetHref>{}"
    "</targetHref></Alias></ResourceMap></Model></Placemark>",
    "style-of-another": "<Placemark><styleUrl>{}#x</styleUrl><Point><coordinates>116,39"
    "</coordinates></Point></Placemark>",
    "style-icon": "<Style id='s'><IconStyle><Icon><href>{}</href><gx:x>1</gx:x></Icon></IconStyle>"
    "</Style><StyleMap id='m'><Pair><key>normal</key><styleUrl>{}#s</styleUrl></Pair></StyleMap>",
    "schema": "<Placemark><ExtendedData><SchemaData schemaUrl='{}#a'><SimpleData name='a'>1"
    "</SimpleData></SchemaData></ExtendedData><Point><coordinates>116,39</coordinates></Point>"
    "</Placemark>",
    "atom": "<atom:link href='{}'/>",
    "tour": "<gx:Tour><gx:Playlist><gx:SoundCue><href>{}</href></gx:SoundCue></gx:Playlist>"
    "</gx:Tour>",
    "update": "<NetworkLinkControl><Update><targetHref>{}</targetHref></Update>"
    "</NetworkLinkControl>",
}.items():
    for _kind in ("address", "file"):

        def _kml_text(bird, t=_text, k=_kind):
            return kml(place() + t.replace("{}", bird.url if k == "address" else str(
                bird.file("secret.kml"))))  # fmt: skip

        text_case(f"kml-{_name}-{_kind}", "a.kml", _kml_text)


def _zip(path, members, links=()):
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
        for name, target in links:
            item = zipfile.ZipInfo(name)
            item.create_system, item.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            made.writestr(item, str(target))
    return path


@case("kmz-links")
def _(folder, bird):
    link = f"<NetworkLink><Link><href>{bird.url}</href></Link></NetworkLink>"
    other = f"<NetworkLink><Link><href>{bird.file('secret.kml')}</href></Link></NetworkLink>"
    return _zip(folder / "a.kmz", {"doc.kml": kml(place() + link + other)})


@case("kmz-traversal")
def _(folder, bird):
    members = {"doc.kml": kml(place()), "../../out.kml": kml(place()), "/tmp/out.kml": "x"}
    return _zip(folder / "a.kmz", members)


@case("kmz-member-is-a-link")
def _(folder, bird):
    return _zip(folder / "a.kmz", {}, [("doc.kml", bird.file("secret.kml"))])


@case("kmz-member-is-virtual")
def _(folder, bird):
    return _zip(
        folder / "a.kmz", {"doc.kml": vrt(bird.file(), "<?xml version='1.0'?><!-- <kml -->")}
    )


@case("kmz-not-a-zip")
def _(folder, bird):
    path = folder / "a.kmz"
    path.write_text(kml(f"<NetworkLink><Link><href>{bird.url}</href></Link></NetworkLink>"))
    return path


# ---------------------------------------------------------------- databases


def _gpkg(folder, name="a.gpkg"):
    path = folder / name
    frame().to_file(path, driver="GPKG", layer="own")
    return path


def _with_sql(path, *statements, schema=()):
    base = sqlite3.connect(path)
    try:
        for one in statements:
            base.execute(one)
        if schema:
            base.execute("pragma writable_schema = on")
            for kind, name, sql in schema:
                base.execute("insert into sqlite_master values (?, ?, ?, 0, ?)",
                             (kind, name, name, sql))  # fmt: skip
        base.commit()
    finally:
        base.close()
    return path


_CONTENT = (
    "insert into gpkg_contents (table_name, data_type, identifier, srs_id) "
    "values ('{0}', 'attributes', '{0}', 4326)"
)
_SHAPES = (
    "insert into gpkg_geometry_columns values ('{0}', 'geom', 'POINT', 4326, 0, 0)",
    (
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) "
        "values ('{0}', 'features', '{0}', 4326)"
    ),
)
for _name, _sql in {
    "VirtualOGR": "create virtual table s using VirtualOGR('{file}')",
    "VirtualOGR-address": "create virtual table s using VirtualOGR('/vsicurl/{url}')",
    "VirtualShape": "create virtual table s using VirtualShape('{shape}', 'UTF-8', 4326)",
    "csv": "create virtual table s using csv(filename='{csv}')",
    "VirtualText": "create virtual table s using VirtualText('{csv}', 'UTF-8', 0, COMMA)",
    "commented": "create/**/virtual/**/table s using/**/VirtualOGR('{file}')",
    "two-lines": "create virtual\ntable s\nusing\tVirtualOGR('{file}')",
    "quoted": "create virtual table s using \"VirtualOGR\"('{file}')",
}.items():

    def _virtual(folder, bird, sql=_sql):
        made = sql.format(file=bird.file(), url=bird.url, csv=bird.file("secret.csv"),
                          shape=bird.file("secret"))  # fmt: skip
        return _with_sql(_gpkg(folder), _CONTENT.format("s"), schema=[("table", "s", made)])

    CASES[f"gpkg-virtual-{_name}"] = _virtual

for _name, _sql in {
    "extension": "select load_extension('{file}') as a",
    "readfile": "select readfile('{file}') as a",
    "pixel": "select gdal_get_pixel_value('{tif}', 1, 'pixel', 1, 1) as a, geom from own",
    "geocode": "select ogr_geocode('{url}') as geom",
    "extent": "select ogr_layer_Extent('{file}', 'secret') as geom",
    "count": "select ogr_layer_FeatureCount('/vsicurl/{url}', 'secret') as a, geom from own",
    "srs": "select ImportFromEPSG(4326) as a, ST_Transform(geom, 4326) as geom from own",
}.items():

    def _view(folder, bird, sql=_sql):
        made = sql.format(file=bird.file(), url=bird.url, tif=bird.file("secret.tif"))
        return _with_sql(
            _gpkg(folder), "delete from gpkg_contents where table_name = 'own'",
            "delete from gpkg_geometry_columns", *(one.format("s") for one in _SHAPES),
            schema=[("view", "s", f"create view s as {made}")],
        )  # fmt: skip

    CASES[f"gpkg-view-{_name}"] = _view


@case("gpkg-trigger")
def _(folder, bird):
    made = f"create trigger t after insert on own begin select load_extension('{bird.file()}'); end"
    return _with_sql(_gpkg(folder), made)


@case("gpkg-metadata-is-a-view")
def _(folder, bird):
    made = f"create view gpkg_metadata as select readfile('{bird.file()}') as metadata"
    return _with_sql(
        _gpkg(folder), "drop table if exists gpkg_metadata",
        schema=[("view", "gpkg_metadata", made)],
    )  # fmt: skip


@case("gpkg-metadata-entity")
def _(folder, bird):
    text = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{bird.file()}">]><GDALMetadata>'
        '<Metadata><MDI key="provenance">{"a": "&x;"}</MDI></Metadata></GDALMetadata>'
    )
    return _with_sql(
        _gpkg(folder), "create table gpkg_metadata (id integer, md_scope text, md_standard_uri "
        "text, mime_type text, metadata text)",
        "insert into gpkg_metadata values (1, 'dataset', 'x', 'text/xml', '" + text + "')",
    )  # fmt: skip


for _suffix in ("-wal", "-journal", "-shm", ".aux.xml"):

    @case(f"gpkg-beside{_suffix}", _suffix)
    def _(folder, bird, suffix):
        path = _gpkg(folder)
        if suffix == "-wal":
            _with_sql(path, "pragma journal_mode = wal")
        path.with_name(path.name + suffix).symlink_to(bird.file("secret.txt"))
        return path


@case("gpkg-journal-names-another")
def _(folder, bird):
    path = _gpkg(folder)
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("pragma cache_size = 1")
    base.execute("begin immediate")
    base.execute("create table x (a)")
    base.executemany("insert into x values (?)", [("y" * 900,)] * 400)
    journal = path.with_name("a.gpkg-journal")
    kept, half = journal.read_bytes(), path.read_bytes()
    base.close()
    name = os.fsencode(bird.file("secret.txt"))
    check = sum(struct.unpack(f"{len(name)}b", name)) & 0xFFFFFFFF
    magic = bytes.fromhex("d9d505f920a163d7")
    trailer = struct.pack(">I", 0) + name + struct.pack(">II", len(name), check) + magic
    path.write_bytes(half)
    journal.write_bytes(kept + trailer)
    return path


@case("sqlite-is-no-gpkg")
def _(folder, bird):
    return _with_sql(
        folder / "a.gpkg", "create table own (name text)",
        schema=[("table", "s", f"create virtual table s using VirtualOGR('{bird.file()}')")],
    )  # fmt: skip


@case("gpkg-crs-grids")
def _(folder, bird):
    wkt = _grid_wkt(bird)
    return _with_sql(
        _gpkg(folder), "insert into gpkg_spatial_ref_sys values ('a', 990001, 'a', 990001, "
        f"'{wkt}', '')", "update gpkg_contents set srs_id = 990001",
        "update gpkg_geometry_columns set srs_id = 990001",
    )  # fmt: skip


def _grid_wkt(bird):
    return (
        'GEOGCS["a",DATUM["a",SPHEROID["a",6378245,298.3],EXTENSION["PROJ4_GRIDS",'
        f'"{bird.file("secret.txt")}"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    )


def _geodatabase(folder):
    path = folder / "a.gdb"
    frame().to_file(path, driver="OpenFileGDB", layer="own")
    return path


@case("geodatabase-with-a-link")
def _(folder, bird):
    path = _geodatabase(folder)
    for one in sorted(path.glob("a0000000*.gdbtable"))[-1:]:
        one.unlink()
        one.symlink_to(bird.file("secret.txt"))
    return path


@case("geodatabase-with-a-virtual-file")
def _(folder, bird):
    path = _geodatabase(folder)
    (path / "a.vrt").write_text(vrt(bird.file()))
    (path / "timestamps").write_text(vrt(bird.file()))
    return path


# ---------------------------------------------------------------- parts beside a file


def _shapefile(folder, name="a.shp"):
    path = folder / name
    frame().to_file(path, engine="pyogrio")
    return path


for _suffix in (
    ".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".shp.xml", ".qpj",
    ".aux.xml", ".DBF", ".PRJ", ".CPG", ".cst",
):  # fmt: skip

    def _part(folder, bird, suffix=_suffix, *, also_main=False):
        path = _shapefile(folder)
        beside = path.with_suffix(suffix)
        beside.unlink(missing_ok=True)
        if suffix.isupper():
            path.with_suffix(suffix.lower()).unlink()
        named = "secret.dbf" if suffix.lower() == ".dbf" else "secret.txt"
        beside.symlink_to(bird.file(named))
        if also_main:
            path.rename(folder / "b.shp")
            path.symlink_to(folder / "b.shp")
        return path

    CASES[f"shapefile-part{_suffix}"] = _part
    if _suffix in (".dbf", ".prj", ".cpg"):
        CASES[f"shapefile-itself-a-link{_suffix}"] = lambda folder, bird, s=_suffix, b=_part: b(
            folder, bird, s, also_main=True
        )


@case("shapefile-prj-grids")
def _(folder, bird):
    path = _shapefile(folder)
    path.with_suffix(".prj").write_text(_grid_wkt(bird))
    return path


for _name, _stated in {
    "address": lambda bird: bird.url,
    "path": lambda bird: str(bird.file("secret.txt")),
    "init": lambda bird: f"+init={bird.file('secret.txt')}:1",
}.items():

    @case(f"shapefile-prj-{_name}", _stated)
    def _(folder, bird, stated):
        path = _shapefile(folder)
        path.with_suffix(".prj").write_text(stated(bird))
        return path


@case("zip-with-links")
def _(folder, bird):
    path = _shapefile(folder)
    members = {one.name: one.read_bytes() for one in folder.glob("a.*") if one.suffix != ".dbf"}
    return _zip(folder / "z.zip", members, [(path.with_suffix(".dbf").name, bird.file())])


@case("zip-with-paths")
def _(folder, bird):
    _shapefile(folder)
    members = {f"{folder}/../{one.name}": one.read_bytes() for one in folder.glob("a.*")}
    return _zip(folder / "z.zip", members)


@case("zip-with-a-virtual-file")
def _(folder, bird):
    return _zip(folder / "z.zip", {"a.vrt": vrt(bird.file()), "a.kml": vrt(bird.file())})


for _suffix in (".vrt", ".csvt", ".prj", ".csv.aux.xml"):

    @case(f"csv-beside{_suffix}", _suffix)
    def _(folder, bird, suffix):
        path = folder / "a.csv"
        path.write_text(f"name,value,lon,lat\n{OWN},1,{LON},{LAT}\n")
        path.with_name(f"a{suffix}").symlink_to(bird.file("secret.txt"))
        return path


text_case("csv-formulas", "a.csv", lambda bird: (
    f"name,value,lon,lat\n=WEBSERVICE(\"{bird.url}\"),1,{LON},{LAT}\n"
    f"=IMPORTDATA(\"{bird.file()}\"),1,{LON},{LAT}\n"))  # fmt: skip
text_case("tsv-names-a-file", "a.tsv",
          lambda bird: f"file\tlon\tlat\n{bird.file()}\t{LON}\t{LAT}\n")  # fmt: skip

# ---------------------------------------------------------------- drawings and MapInfo


@case("dxf-references")
def _(folder, bird):
    path = folder / "a.dxf"
    lines = (
        "0 SECTION 2 HEADER 9 $PROJECTNAME 1 x 0 ENDSEC 0 SECTION 2 BLOCKS 0 BLOCK 8 0 2 x 70 4 "
        f"10 0 20 0 3 x 1 {bird.file('secret.txt')} 0 ENDBLK 0 ENDSEC 0 SECTION 2 ENTITIES 0 INSERT"
        " 8 0 2 x 10 116 20 39 0 POINT 8 0 10 116.4 20 39.9 0 IMAGE 8 0 10 116 20 39 340 A 0 "
        "UNDERLAY 8 0 340 A 0 ENDSEC 0 SECTION 2 OBJECTS 0 IMAGEDEF 5 A 1 "
        f"{bird.file('secret.tif')} 0 ENDSEC 0 EOF"
    )
    path.write_text("\n".join(lines.split(" ")) + "\n")
    return path


for _name, _text in {
    "view": '!table\n!version 300\n\nOpen Table "{name}" Hide\nCreate View a As\nSelect *\n',
    "seamless": '!table\n!version 450\nDefinition Table\n  Type NATIVE Charset "Neutral"\n'
    '  Fields 2\n    Seamless Char (10) ;\n    Table Char (200) ;\n"\\IsSeamless" = "TRUE"\n',
    "raster": '!table\n!version 300\nDefinition Table\n  File "{tif}"\n  Type "RASTER"\n'
    '  (0,0) (0,0) Label "a"\n',
    "linked": "!table\n!version 300\nDefinition Table\n  Type LINKED\nFields 1\n a Char (10) ;\n"
    "begin_metadata\nend_metadata\nbegin SQL\nselect * from x\nend SQL\n",
    "odbc": '!table\n!version 300\nDefinition Table\n  Type ODBC "{url}"\n  Fields 1\n',
    "spelled-apart": '!table\n!version 300\nopen\ttable "{name}" Hide\ncreate\tview a As\n',
    "comma": '!table\n!version 300\nDefinition Table\n  File="{csv}"\n  Type NATIVE\n  Fields 1\n',
}.items():

    @case(f"mapinfo-{_name}", _text)
    def _(folder, bird, text):
        path = folder / "a.tab"
        path.write_text(text.format(name=bird.file("secret"), tif=bird.file("secret.tif"),
                                    url=bird.url, csv=bird.file("secret.csv")))  # fmt: skip
        path.with_suffix(".dat").write_bytes(b"\x03" + bytes(64))
        path.with_suffix(".map").write_bytes(bytes(512))
        return path


def _mapinfo(folder, name):
    path = folder / name
    frame().to_file(path, driver="MapInfo File")
    return path


for _suffix in (".dat", ".map", ".id", ".ind", ".mid"):

    @case(f"mapinfo-part{_suffix}", _suffix)
    def _(folder, bird, suffix):
        path = _mapinfo(folder, "a.mif" if suffix == ".mid" else "a.tab")
        part = path.with_suffix(suffix)
        part.unlink(missing_ok=True)
        part.symlink_to(bird.file("secret.txt"))
        return path


@case("flatgeobuf-crs-grids")
def _(folder, bird):
    path = folder / "a.fgb"
    made = frame().set_crs(_grid_wkt(bird), allow_override=True)
    pyogrio.write_dataframe(made, path, driver="FlatGeobuf")
    return path


# ---------------------------------------------------------------- Parquet


@case("parquet-names-another")
def _(folder, bird):
    path = folder / "a.parquet"
    kept = []
    table = pa.table({"name": [OWN], "lon": [LON], "lat": [LAT], "value": [1]})
    pq.write_table(table, path, metadata_collector=kept)
    kept[0].set_file_path(str(bird.file()))
    pq.write_metadata(table.schema, path, metadata_collector=kept)
    return path


for _name, _crs in {
    "address": lambda bird: bird.url,
    "schema": lambda bird: {"$schema": bird.url, "type": "GeographicCRS", "name": "a"},
    "grids": lambda bird: {
        "type": "BoundCRS",
        "source_crs": json.loads(
            frame().crs.from_user_input("+proj=longlat +ellps=krass +type=crs").to_json()
        ),
        "target_crs": json.loads(frame().crs.to_json()),
        "transformation": {
            "name": "a",
            "method": {"name": "NTv2", "id": {"authority": "EPSG", "code": 9615}},
            "parameters": [{
                "name": "Latitude and longitude difference file",
                "value": str(bird.file("secret.txt")),
                "id": {"authority": "EPSG", "code": 8656},
            }],
        },
    },
}.items():  # fmt: skip

    @case(f"parquet-crs-{_name}", _crs)
    def _(folder, bird, crs):
        path = folder / "a.parquet"
        frame().to_parquet(path)
        table = pq.read_table(path)
        geo = json.loads(table.schema.metadata[b"geo"])
        geo["columns"]["geometry"]["crs"] = crs(bird)
        made = {**table.schema.metadata, b"geo": json.dumps(geo).encode()}
        pq.write_table(table.replace_schema_metadata(made), path)
        return path


# ---------------------------------------------------------------- workbooks

_DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "{}">]>'


def _book(folder):
    path = folder / "a.xlsx"
    book = Workbook()
    sheet = book.active
    for row in (("name", "value", "lon", "lat"), (OWN, 1, LON, LAT), (OWN, 2, LON, LAT)):
        sheet.append(row)
    book.save(path)
    return path


def _changed(path, change, more=None):
    with zipfile.ZipFile(path) as old:
        members = {one: old.read(one) for one in old.namelist()}
    for name, edit in change.items():
        members[name] = edit(members[name].decode()).encode()
    members.update({name: text.encode() for name, text in (more or {}).items()})
    return _zip(path, members)


def _declared(text, target):
    """Put an entity before a document, and use it in its first text."""
    head, sign, rest = text.partition("?>")
    body = rest if sign else text
    start = head + sign if sign else ""
    return start + _DTD.format(target) + body.replace(OWN, "&e;")


for _member in (
    "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml",
    "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml",
):  # fmt: skip
    for _kind in ("file", "address"):

        @case(f"xlsx-entity-{Path(_member).stem}-{_kind}", _member, _kind)
        def _(folder, bird, member, kind):
            target = bird.url if kind == "address" else f"file://{bird.file('secret.txt')}"
            return _changed(_book(folder), {member: lambda text: _declared(text, target)})


@case("xlsx-links")
def _(folder, bird):
    link = (
        '<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        '2006/main"><externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships" r:id="rId1"/></externalLink>'
    )
    names = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId1" Type="{names}/externalLinkPath" '
        'TargetMode="External" Target="{}"/></Relationships>'
    )
    connection = (
        f'<connections><connection id="1" type="4"><webPr url="{bird.url}"/></connection>'
        "</connections>"
    )
    more = {
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": rels.format(bird.url),
        "xl/externalLinks/externalLink2.xml": link,
        "xl/externalLinks/_rels/externalLink2.xml.rels": rels.format(f"file://{bird.file()}"),
        "xl/connections.xml": connection,
        "xl/queryTables/queryTable1.xml": "<queryTable connectionId='1'/>",
    }

    def known(text):
        added = "".join(
            f'<Relationship Id="x{at}" Type="{names}/externalLink" '
            f'Target="externalLinks/externalLink{at}.xml"/>'
            for at in (1, 2)
        )
        return text.replace("</Relationships>", f"{added}</Relationships>")

    def listed(text):
        books = f'<externalReferences><externalReference r:id="x1" xmlns:r="{names}"/>' \
            f'<externalReference r:id="x2" xmlns:r="{names}"/></externalReferences>'  # fmt: skip
        return text.replace("</sheets>", f"</sheets>{books}")

    change = {"xl/_rels/workbook.xml.rels": known, "xl/workbook.xml": listed}
    return _changed(_book(folder), change, more)


for _kind in ("address", "file", "traversal"):

    @case(f"xlsx-sheet-elsewhere-{_kind}", _kind)
    def _(folder, bird, kind):
        target = {
            "address": bird.url, "file": f"file://{bird.file()}",
            "traversal": f"/../../../../../../..{bird.file()}",
        }[kind]  # fmt: skip

        def moved(text):
            return text.replace(
                'Target="/xl/worksheets/sheet1.xml"', f'Target="{target}" TargetMode="External"'
            )

        return _changed(_book(folder), {"xl/_rels/workbook.xml.rels": moved})


@case("xlsx-formulas")
def _(folder, bird):
    path = _book(folder)
    formula = (
        f'<c r="E2"><f>WEBSERVICE("{bird.url}")</f><v>1</v></c><c r="F2"><f>[1]Sheet!A1</f><v>1</v>'
        f"</c><c r=\"G2\"><f>cmd|'/C cat {bird.file()}'!A0</f><v>1</v></c></row>"
    )
    sheet = "xl/worksheets/sheet1.xml"
    return _changed(path, {sheet: lambda text: text.replace("</row>", formula, 2)})


def _ods(folder, *, before="", inside="", manifest="", cell=OWN):
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
    )

    def row(*cells):
        made = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p>'
            "</table:table-cell>"
            for one in cells
        )
        return f"<table:table-row>{made}</table:table-row>"

    rows = row("name", "value", "lon", "lat") + row(cell, 1, LON, LAT)
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {spaces}><office:body>'
        f'<office:spreadsheet>{inside}<table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'<?xml version="1.0"?>{manifest}<manifest:manifest xmlns:manifest="x"/>'
    return _zip(folder / "a.ods", {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content, "META-INF/manifest.xml": listed,
    })  # fmt: skip


for _kind in ("file", "address"):

    @case(f"ods-entity-{_kind}", _kind)
    def _(folder, bird, kind):
        target = bird.url if kind == "address" else f"file://{bird.file('secret.txt')}"
        dtd = _DTD.format(target)
        return _ods(folder, before=dtd, manifest=dtd, cell=f"{OWN}&e;")

    @case(f"ods-links-{_kind}", _kind)
    def _(folder, bird, kind):
        target = bird.url if kind == "address" else f"file://{bird.file('secret.csv')}"
        return _ods(folder, inside=(
            f'<table:dde-links><table:dde-link><office:dde-source office:dde-topic="{target}"/>'
            "</table:dde-link></table:dde-links><table:table><table:table-source "
            f'xlink:href="{target}" table:filter-name="calc8"/></table:table>'))  # fmt: skip


# ---------------------------------------------------------------- rasters


@case("tif-overviews-file")
def _(folder, bird):
    return _tif_with_overviews(folder, str(bird.file("secret.tif")))


@case("tif-overviews-address")
def _(folder, bird):
    return _tif_with_overviews(folder, f"/vsicurl/{bird.url}.tif")


def _tif_with_overviews(folder, target):
    path = folder / "a.tif"
    raster(path, size=3000)
    with rasterio.open(path, "r+") as file:
        file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=target)
    return path


for _suffix in (".tif.aux.xml", ".tif.ovr", ".tif.msk", ".tfw", ".aux", ".rrd", ".wld", ".IMD",
                ".tab", ".xml"):  # fmt: skip

    @case(f"tif-beside{_suffix}", _suffix)
    def _(folder, bird, suffix):
        path = folder / "a.tif"
        raster(path, size=300)
        beside = path.with_name(f"a{suffix}")
        if suffix.endswith("aux.xml"):
            beside.write_text(
                '<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">'
                f"{bird.file('secret.tif')}</MDI></Metadata><Metadata domain='IMAGE_STRUCTURE'/>"
                "</PAMDataset>"
            )
        else:
            beside.symlink_to(bird.file("secret.tif" if "." in suffix[1:] else "secret.txt"))
        return path


@case("tif-crs-grids")
def _(folder, bird):
    path = folder / "a.tif"
    raster(path)
    with rasterio.open(path, "r+") as file:
        file.crs = _grid_wkt(bird)
    return path


# ---------------------------------------------------------------- names that mean something to GDAL


@case("name-with-an-exclamation-mark")
def _(folder, bird):
    path = folder / "x!" / str(bird.file("secret.gpkg"))[1:]  # "!" parts an archive and its member
    path.parent.mkdir(parents=True)
    return _gpkg(folder, "own.gpkg").rename(path)


@case("name-with-a-semicolon")
def _(folder, bird):
    (folder / "a").symlink_to(bird.file("secret.gpkg"))  # ";" parts an address and its parameters
    return _gpkg(folder, "own.gpkg").rename(folder / "a;b.gpkg")


@case("name-of-an-archive")
def _(folder, bird):
    path = folder / "a.zip"  # a database to us, and an archive to who goes by its name
    inside = _with_sql(_gpkg(folder), _CONTENT.format("s"), schema=[
        ("table", "s", f"create virtual table s using VirtualOGR('{bird.file()}')")])  # fmt: skip
    _gpkg(folder, "own.gpkg").rename(path)
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("b.gpkg", inside.read_bytes())
    return path


NAMES = {
    "address": lambda bird: bird.url,
    "vsicurl": lambda bird: f"/vsicurl/{bird.url}",
    "vsicurl-apart": lambda bird: f"/./vsicurl/{bird.url}",
    "vsizip": lambda bird: f"/vsizip/{bird.file()}",
    "vsisubfile": lambda bird: f"/vsisubfile/0_-1,{bird.file()}",
    "file-address": lambda bird: f"file://{bird.file()}",
    "zip-address": lambda bird: f"zip://{bird.file()}",
    "geopackage": lambda bird: f"GPKG:{bird.file('secret.gpkg')}:secret",
    "sqlite": lambda bird: f"SQLITE:{bird.file('secret.gpkg')}",
    "csv": lambda bird: f"CSV:{bird.file('secret.csv')}",
    "service": lambda bird: f"WFS:{bird.url}",
    "features-service": lambda bird: f"OAPIF:{bird.url}",
    "raster-directory": lambda bird: f"GTIFF_DIR:1:{bird.file('secret.tif')}",
    "virtual": lambda bird: vrt(bird.file()),
    "connection": lambda bird: f"vrt://{bird.file('secret.tif')}",
    "json": lambda bird: json.dumps({"type": "FeatureCollection", "href": bird.url}),
    "device": lambda bird: "/dev/zero",
    "memory": lambda bird: "/proc/self/mem",
}
"""Words given in place of a file's name."""
