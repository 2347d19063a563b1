"""The door to the shipped layers: ids, files, hashes, reference systems."""

import pytest
from metres import ANALYSIS_CRS

from geo.crs import STORAGE_CRS
from geo.errors import CRSError, InputError, LayerError, MissingFileError, UnknownIdError
from geo.layers import catalogue, ids, load, path, read, read_table
from geo.layers.specs import specs
from geo.layers.store import forget_catalogue


def test_every_id_has_a_file_and_an_entry():
    for one in ids():
        assert path(one).is_file()
        assert catalogue()["layers"][one]["file"] == path(one).name


@pytest.mark.parametrize("ask", [load, read, path])
def test_an_unknown_layer_names_the_nearest(ask):
    with pytest.raises(UnknownIdError, match="unknown layer 'countis'; nearest: counties"):
        ask("countis")


@pytest.mark.parametrize("hostile", ["", "../LICENSE", "counties.geojson", "/etc/passwd", "区县"])
def test_only_ids_are_layers(hostile):
    with pytest.raises(UnknownIdError):
        path(hostile)


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(UnknownIdError, match="unknown table 'city_train'; nearest: city_trains"):
        read_table("city_train")


def test_a_raster_is_no_frame():
    for one in specs().rasters:
        with pytest.raises(UnknownIdError):
            load(one)


def test_reference_systems():
    assert read("axes").crs == STORAGE_CRS
    for name in (ANALYSIS_CRS, "analysis"):
        assert read("axes", crs=name).crs == ANALYSIS_CRS
    assert read("axes", crs="EPSG:3857").crs.to_epsg() == 3857
    with pytest.raises(CRSError, match="rests on"):
        read("axes", crs="EPSG:2436")


def test_what_is_read_can_be_changed_without_harm():
    first = read("provinces")
    first.loc[:, "name_en"] = "x"
    assert read("provinces").name_en.tolist() == ["Beijing", "Tianjin", "Hebei"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda old: old[:-1],
        lambda old: old.replace(b"Beijing", b"Peiping", 1),
        lambda _: b"",
        lambda old: old + b"\n",
    ],
    ids=["cut", "one word", "empty", "one line end"],
)
def test_a_tampered_layer_is_refused(installation, damage):
    file = installation / "provinces.geojson"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(LayerError, match=r"layer provinces: provinces\.geojson is not the file of"):
        load("provinces")
    assert len(load("counties").frame) == 199


def test_a_tampered_table_is_refused(installation):
    file = installation / "tables" / "claims.csv"
    file.write_bytes(file.read_bytes().replace(b"18.6", b"81.6", 1))
    with pytest.raises(LayerError, match=r"claims\.csv is not the file of the catalogue"):
        read_table("claims")


def test_missing_files_are_named(installation):
    (installation / "counties.geojson").unlink()
    with pytest.raises(MissingFileError, match=r"counties\.geojson: the shipped layer is missing"):
        load("counties")
    (installation / "tables" / "claims.csv").unlink()
    with pytest.raises(MissingFileError, match=r"claims\.csv: the shipped table is missing"):
        read_table("claims")
    (installation / "catalog.json").unlink()
    forget_catalogue()
    with pytest.raises(MissingFileError, match=r"catalog\.json: the catalogue is missing"):
        load("provinces")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_broken_catalogue_is_one_clear_error(installation, content):
    (installation / "catalog.json").write_bytes(content)
    forget_catalogue()
    with pytest.raises(InputError, match=r"catalog\.json: not the catalogue of the layers"):
        load("provinces")


def test_a_layer_missing_from_the_catalogue_is_refused(installation):
    file = installation / "catalog.json"
    file.write_bytes(file.read_bytes().replace(b'"towns": {', b'"other": {'))
    forget_catalogue()
    with pytest.raises(LayerError, match="layer towns"):
        load("towns")


def test_specs_and_catalogue_say_the_same():
    for layer_id, fixed in specs().vector.items():
        entry = catalogue()["layers"][layer_id]
        assert entry["title"] == fixed.title.described()
        assert [one["source_id"] for one in entry["sources"]] == [
            one if isinstance(one, str) else one.source_id for one in fixed.sources
        ]
        assert [one["name"] for one in entry["columns"]] == [
            one.name for one in fixed.schema.columns
        ]
        assert entry.get("caveat") == (fixed.caveat.described() if fixed.caveat else None)
