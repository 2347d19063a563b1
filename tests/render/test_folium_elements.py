"""Folium's own elements on a map of ours: drawn, as words only, or refused by name; and the way back."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import branca
import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from blocks import places, unpack
from branca.utilities import color_brewer
from folium.features import CustomIcon, DivIcon, GeoJsonPopup, GeoJsonTooltip
from folium.utilities import JsCode
from pyproj import Geod
from shapely import Point, box

from geo.errors import InputError, UnknownIdError
from geo.layers import Localized
from geo.render import About, Map, flows, image, labels, lines, points, polygons
from geo.render.bundle import style
from geo.render.folium_map.plain import PAPER, cells_of, columns_of, escape_text, shapes_of
from geo.render.folium_map.styles import words_of_html

HOSTILE = (
    "<img src=x onerror=window.__pwn=1>",
    "</script><script>window.__pwn=1</script>",
    "{{7*7}}{% for a in b %}{# c",
    "{{ cycler.__init__.__globals__.os.mkdir('ran') }}",
    "`${window.__pwn=1}`\\",
    "'\";window.__pwn=1//\u2028",
    "__proto__",
    "&lt;img src=x onerror=window.__pwn=1&gt;",
)


@pytest.fixture
def made():
    return Map("t")


def only(made):
    (layer,) = made.map_layers
    return layer


def column(layer, header):
    """Return the cells of a row of the table."""
    found = unpack(layer.payload["shapes"])
    at = next(one["column"] for one in layer.payload["fields"] if one["header"] == header)
    return cells_of(layer.payload, found["class"])[at]


def names(layer):
    found = unpack(layer.payload["shapes"])
    return cells_of(layer.payload, found["class"])[layer.payload["names"]["any"]]


def square(x, y, **properties):
    return {
        "type": "Feature",
        "id": f"{x},{y}",
        "properties": properties,
        "geometry": shapely.geometry.mapping(box(x, y, x + 1, y + 1)),
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


class TestMarkers:
    def test_loose_ones_are_one_layer_whose_words_are_those_of_popup_and_tooltip(self, made):
        folium.Marker([39.9, 116.4], tooltip="<b>Beijing</b>", popup="Capital<br>of all").add_to(
            made
        )
        folium.Marker([39.1, 117.2], popup="Tianjin &amp; port").add_to(made)
        layer = only(made)
        assert (layer.kind, layer.about.title) == (
            "point",
            Localized.of("标记", "Markers", "マーカー"),
        )
        assert names(layer) == ["Beijing", "Tianjin & port"]
        assert column(layer, "text") == ["Capital · of all", None]
        assert places(layer.payload["shapes"])["x"].tolist() == [11640000, 11720000]

    def test_what_is_added_after_the_map_has_it_is_there(self, made):
        group = folium.FeatureGroup("Later").add_to(made)
        marker = folium.Marker([39, 116]).add_to(group)
        assert "name" not in only(made).payload["name_headers"].values()
        marker.add_child(folium.Popup("now"))
        folium.Marker([39, 117], popup="too").add_to(group)
        assert names(only(made)) == ["now", "too"]

    def test_radii_are_pixels_and_colours_are_classes(self, made):
        for radius, colour in ((4, "red"), (10, "#00f"), (7, "rgb(255, 0, 0)")):
            folium.CircleMarker([39, 116 + radius / 10], radius=radius, color=colour).add_to(made)
        layer = only(made)
        assert unpack(layer.payload["shapes"])["radius"].tolist() == [16, 40, 28]
        assert layer.payload["colours"][:2] == ["#ff0000", "#0000ff"]
        assert [one["label"] for one in layer.payload["legend"]["items"]] == ["red", "#00f"]
        assert [one["n"] for one in layer.payload["legend"]["items"]] == [2, 1]
        assert layer.payload["sizes"]["items"] == []

    def test_a_fill_is_the_colour_of_a_point(self, made):
        folium.CircleMarker([39, 116], color="black", fill=True, fill_color="gold").add_to(made)
        assert only(made).payload["colours"][0] == "#ffd700"

    def test_pins_keep_their_colour(self, made):
        folium.Marker([39, 116], icon=folium.Icon("darkgreen", icon="train")).add_to(made)
        folium.Marker([39, 117]).add_to(made)
        assert set(only(made).payload["colours"][:2]) == {"#728224", "#2a81cb"}

    def test_more_colours_than_a_legend_can_name_are_drawn_without_one(self, made):
        for at in range(40):
            folium.CircleMarker([39, 116 + at / 20], color=f"#0000{at:02x}").add_to(made)
        payload = only(made).payload
        assert payload["legend"]["kind"] == "none"
        assert len(set(payload["colours"])) == 41
        assert sum(one["n"] for one in payload["legend"]["items"]) == 40

    def test_a_circle_has_metres(self, made):
        folium.Circle([60, 116], radius=10_000, color="red", fill=True).add_to(made)
        layer = only(made)
        (ring,) = shapes_of(layer.payload, "area")
        xy = shapely.get_coordinates(ring)
        n = len(xy)
        far = Geod(ellps="WGS84").inv([116] * n, [60] * n, *xy.T)[2]
        assert np.abs(np.array(far) - 10_000).max() < 1.5  # what five decimals keep
        assert layer.payload["style"]["opacity"] == 0.2

    def test_a_circle_across_180_degrees_lies_on_both_sides(self, made):
        folium.Circle([0, 179.9], radius=50_000, fill=True).add_to(made)
        (parts,) = shapes_of(only(made).payload, "area")
        assert len(parts.geoms) == 2
        west, _, east, _ = parts.bounds
        assert (west, east) == (-180, 180)

    @pytest.mark.parametrize(("at", "radius"), [([89.99, 0], 50_000), ([39, 116], 0)])
    def test_a_circle_that_cannot_be_drawn_says_so(self, made, at, radius):
        folium.Circle(at, radius=radius, tooltip="Pole").add_to(made)
        with pytest.raises(
            InputError, match=r"folium\.Circle 1 \(Pole\) (holds a pole|has no rad)"
        ):
            made.html()


class TestPaths:
    def test_lines_have_colour_width_and_dashes(self, made):
        folium.PolyLine([[39, 116], [39, 117]], color="red", weight=5).add_to(made)
        folium.PolyLine([[[39, 116], [40, 117]], [[38, 116], [38, 117]]], weight=2).add_to(made)
        folium.PolyLine([[39, 116], [41, 117]], dash_array="4", tooltip="planned").add_to(made)
        whole, dashed = made.map_layers
        assert unpack(whole.payload["shapes"])["radius"].tolist() == [20, 8]
        assert unpack(whole.payload["shapes"])["own"].tolist() == [1, 2]
        assert dashed.payload["style"] == {"line": "class", "width": 3.0, "dash": [6, 5]}
        assert dashed.about.title == "planned"  # a layer of one is called as that one is

    def test_areas_are_filled_or_outlines_and_rings_are_holes(self, made):
        rings = [
            [[38, 115], [40, 115], [40, 117], [38, 117]],
            [[39, 116], [39, 116.5], [39.5, 116]],
        ]
        folium.Polygon(rings, color="#111111", fill_color="green", fill_opacity=0.5).add_to(made)
        folium.Rectangle([[41, 117], [38, 115]], color="navy").add_to(made)
        filled, outline = made.map_layers
        (shape,) = shapes_of(filled.payload, "area")
        assert shape.area == pytest.approx(4 - 0.125)
        assert filled.payload["colours"][0] == "#008000"
        wanted = {"fill": "class", "line": "ink", "opacity": 0.5, "width": 3.0}
        assert filled.payload["style"].items() >= wanted.items()
        assert outline.payload["style"]["fill"] is None
        assert outline.bounds == (115, 38, 117, 41)

    @pytest.mark.parametrize(
        ("element", "said"),
        [
            (folium.Marker([116.4, 39.9], tooltip="A"), r"Marker 1 \(A\) has the latitude 116.4"),
            (folium.Marker([39, 216]), r"Marker 1 has the place 39, 216 \(latitude, longitude\)"),
            (folium.Marker(), "Marker 1 has no location"),
            (folium.PolyLine([[39, 116], [39, 190]]), "PolyLine 1 has the place 39, 190"),
            (folium.PolyLine([[39, 116]]), "PolyLine 1 has a part of fewer than 2"),
            (folium.Polygon([[39, 116], [40, 116]]), "Polygon 1 has a part of fewer than 3"),
            (folium.CircleMarker([39, 116], color="url(//e/x)"), "CircleMarker 1: 'url.* no colour"),
            (folium.PolyLine([[39, 1], [39, 2]], weight="x"), "PolyLine 1: weight is a number"),
            (folium.GeoJson({"type": "Point", "coordinates": [1, 91]}), "GeoJson, feature 1 has the"),
            (folium.GeoJson({"type": "Point", "coordinates": [float("nan"), 1]}), "is no number"),
            (folium.GeoJson({"type": "Point", "coordinates": ["a"]}), "GeoJson, feature 1 is no Geo"),
            (folium.GeoJson({"features": 1}), "GeoJson, feature 1 is no GeoJSON"),
        ],
    )  # fmt: skip
    def test_what_lies_nowhere_is_refused_by_its_name(self, made, element, said):
        folium.Marker([1, 1]) if element is None else element.add_to(made)
        with pytest.raises(InputError, match=said):
            made.html()


class TestGroups:
    def test_a_group_is_a_layer_by_its_name(self, made):
        group = folium.FeatureGroup("<i>Old</i> towns", show=False).add_to(made)
        folium.Marker([39, 116]).add_to(group)
        folium.CircleMarker([39, 117]).add_to(group)
        layer = only(made)
        assert (layer.about.title, layer.about.shown, layer.payload["n"]) == ("Old towns", False, 2)

    def test_a_group_of_several_kinds_is_a_heading(self, made):
        group = folium.FeatureGroup("Town").add_to(made)
        folium.Marker([39, 116]).add_to(group)
        folium.Marker([39, 115]).add_to(group)
        folium.Rectangle([[38, 115], [39, 116]], fill=True, tooltip="Park").add_to(group)
        found = [(one.about.group, one.about.title, one.kind) for one in made.map_layers]
        assert found == [
            ("Town", "Park", "area"),
            ("Town", Localized.of("标记", "Markers", "マーカー"), "point"),
        ]

    def test_groups_in_groups_are_headings_and_hide_with_them(self, made):
        outer = folium.FeatureGroup("Outer", show=False).add_to(made)
        inner = folium.FeatureGroup("Inner").add_to(outer)
        folium.Marker([39, 116]).add_to(inner)
        folium.PolyLine([[39, 116], [40, 116]]).add_to(outer)
        found = [(one.about.group, str(one.about.shown)) for one in made.map_layers]
        assert found == [("Outer", "False")] * 2
        assert "Inner" in [one.about.title for one in made.map_layers]

    def test_no_name_that_folium_makes_by_chance_is_in_a_page(self):
        def page():
            made = Map("t")
            folium.Marker([39, 116], popup="a").add_to(folium.FeatureGroup().add_to(made))
            folium.GeoJson(collection(square(115, 39, v=1))).add_to(made)
            return made.html()

        assert page() == page()
        assert "macro_element_" not in page()

    def test_the_order_is_that_of_adding_and_what_stays_in_front_does(self, made, sites, about):
        first = folium.FeatureGroup("first").add_to(made)
        folium.CircleMarker([39, 116]).add_to(first)
        folium.CircleMarker([39, 116], tooltip="loose").add_to(made)
        made.add(points(sites, about))
        last = folium.FeatureGroup("last").add_to(made)
        folium.CircleMarker([39, 116]).add_to(last)
        made.add_child(points(sites, About("lowest")), index=0)
        order = ["lowest", "first", "loose", about.title, "last"]
        assert [one.about.title for one in made.map_layers] == order
        made.keep_in_front(first)
        assert made.map_layers[-1].about.title == "first"
        assert [one["id"] for one in made.payload()["layers"]] == [
            f"layer-{n}" for n in range(1, 6)
        ]

    def test_pins_stand_above_lines_and_areas(self, made):
        folium.Marker([39, 116], tooltip="pin").add_to(folium.FeatureGroup().add_to(made))
        folium.PolyLine([[39, 116], [40, 116]]).add_to(made)
        assert [one.kind for one in made.map_layers] == ["line", "point"]

    def test_a_popup_of_a_group_is_that_of_its_features(self, made):
        group = folium.FeatureGroup("g").add_to(made)
        group.add_child(folium.Tooltip("all of them"))
        folium.Marker([39, 116]).add_to(group)
        folium.Marker([39, 117], tooltip="own").add_to(group)
        assert names(only(made)) == ["all of them", "own"]

    def test_a_layer_of_ours_may_stand_in_a_group(self, made, sites, about):
        group = folium.FeatureGroup("g", show=False).add_to(made)
        group.add_child(points(sites, about))
        layer = only(made)
        assert (layer.about.group, layer.about.title, layer.about.shown) == (
            "g",
            about.title,
            False,
        )

    def test_a_line_of_many_colours_is_a_group_of_lines(self, made):
        folium.ColorLine([[39, 116], [39, 117], [39, 118]], [0, 1], nb_steps=2).add_to(made)
        assert only(made).payload["n"] == 2


class TestGeoJson:
    data = collection(
        square(115, 39, name="west", kind="rural", n=1, more={"a": [1]}),
        square(116, 39, name="east", kind="urban", n=None, more=None),
        square(117, 39, name="far", kind="rural", n=3, more=None),
    )

    def test_properties_are_rows_and_colours_say_what_they_mean(self, made):
        folium.GeoJson(
            self.data,
            name="Zones",
            style_function=lambda one: {
                "fillColor": {"rural": "green", "urban": "red"}[one["properties"]["kind"]],
                "fillOpacity": 0.7,
                "color": "white",
            },
            highlight_function=lambda _: {"weight": 9},
        ).add_to(made)
        layer = only(made)
        assert layer.about.title == "Zones"
        assert names(layer) == ["west", "east", "far"]
        assert column(layer, "n") == [1, None, 3]
        assert column(layer, "more") == ['{"a":[1]}', None, None]
        legend = layer.payload["legend"]
        assert (legend["title"], [one["label"] for one in legend["items"]]) == (
            "kind",
            ["rural", "urban"],
        )
        assert layer.payload["style"]["line"] == "paper"

    def test_fields_and_aliases_of_tooltip_and_popup_are_the_rows(self, made):
        shown = folium.GeoJson(
            self.data,
            tooltip=GeoJsonTooltip(["name", "kind"], aliases=["<b>Name:</b>", "Kind of land:"]),
        ).add_to(made)
        shown.add_child(GeoJsonPopup(["n"]))
        payload = only(made).payload
        assert [(one["header"], one["label"]) for one in payload["fields"]] == [
            ("kind", "Kind of land"),
            ("n", "n"),
        ]
        assert "more" not in json.dumps(payload)
        assert names(only(made)) == ["west", "east", "far"]

    def test_without_a_name_the_first_field_is_one(self, made):
        folium.GeoJson(self.data, tooltip=GeoJsonTooltip(["n"])).add_to(made)
        assert names(only(made)) == ["1.0", None, "3.0"]

    def test_a_field_that_is_not_there_is_named(self, made):
        folium.GeoJson(self.data, tooltip=GeoJsonTooltip(["nope"])).add_to(made)
        with pytest.raises(UnknownIdError, match="nope"):
            made.html()

    def test_opacity_that_differs_is_kept_feature_by_feature(self, made):
        folium.GeoJson(
            self.data,
            style_function=lambda one: {
                "color": "red",
                "fillOpacity": (one["properties"]["n"] or 2) / 4,
            },
        ).add_to(made)
        payload = only(made).payload
        assert payload["colours"][:3] == ["#ff000040", "#ff000080", "#ff0000bf"]
        assert payload["style"]["opacity"] == 1.0

    def test_frames_texts_single_features_and_geometries_are_read(self, made, squares):
        folium.GeoJson(squares, name="a").add_to(made)
        folium.GeoJson(json.dumps(self.data), name="b").add_to(made)
        folium.GeoJson(square(1, 1, name="x"), name="c").add_to(made)
        folium.GeoJson({"type": "Point", "coordinates": [116, 39, 44]}, name="d").add_to(made)
        folium.GeoJson(collection(), name="e").add_to(made)
        found = [(one.about.title, one.payload["n"]) for one in made.map_layers]
        assert found == [("a", 2), ("b", 3), ("c", 1), ("d", 1)]

    def test_a_projected_frame_lies_where_it_does(self, made, squares):
        folium.GeoJson(squares.to_crs(32650)).add_to(made)
        assert only(made).bounds == pytest.approx((115, 39, 117, 40), abs=0.02)

    def test_several_kinds_of_geometry_are_several_layers(self, made):
        shapes = ["POINT (116 39)", "LINESTRING (116 39, 117 39)", box(115, 38, 116, 39)]
        mixed = shapely.GeometryCollection(shapely.from_wkt([*shapes[:2], shapes[2].wkt]))
        frame = gpd.GeoDataFrame({"name": ["all"]}, geometry=[mixed], crs=4326)
        folium.GeoJson(frame, name="mixed").add_to(made)
        found = [(one.kind, one.about.group, names(one)) for one in made.map_layers]
        assert found == [(kind, "mixed", ["all"]) for kind in ("area", "line", "point")]

    def test_features_that_lie_nowhere_are_counted(self, made):
        frame = gpd.GeoDataFrame(
            {"name": list("abc")}, geometry=[box(0, 0, 1, 1), None, shapely.Polygon()], crs=4326
        )
        folium.GeoJson(frame).add_to(made)
        folium.GeoJson(frame.iloc[1:], name="none").add_to(made)
        assert [(one.kind, one.payload["n"], one.payload["dropped"]) for one in made.map_layers] == [
            ("area", 1, 2), ("point", 0, 2),
        ]  # fmt: skip

    def test_points_are_drawn_by_their_marker(self, made):
        spots = gpd.GeoDataFrame({"big": [1, 0]}, geometry=[Point(1, 1), Point(2, 2)], crs=4326)
        folium.GeoJson(
            spots,
            marker=folium.CircleMarker(radius=8, color="red", fill=True),
            style_function=lambda one: {"radius": 12 if one["properties"]["big"] else 4},
        ).add_to(made)
        folium.GeoJson(spots, marker=folium.Circle(radius=1000, fill=True), name="r").add_to(made)
        discs, rings = made.map_layers
        assert unpack(discs.payload["shapes"])["radius"].tolist() == [48, 16]
        assert (rings.kind, rings.payload["n"]) == ("area", 2)

    def test_a_style_in_the_data_counts_where_there_is_no_function(self, made):
        one = square(1, 1, style={"color": "red", "fill": False})
        folium.GeoJson(collection(one)).add_to(made)
        layer = only(made)
        assert layer.payload["colours"][0] == "#ff0000"
        assert layer.payload["fields"] == []


class TestChoropleth:
    def make(self, made, **changes):
        features = [square(110 + k, 39, code=f"c{k}") for k in range(6)]
        table = pd.DataFrame({"code": [f"c{k}" for k in range(5)], "v": [1.0, 2, 5, 9, np.nan]})
        wanted = {
            "geo_data": collection(*features),
            "data": table,
            "columns": ["code", "v"],
            "key_on": "feature.properties.code",
            "bins": [1, 2, 5, 10],
            "fill_color": "YlGnBu",
            "legend_name": "Value (<b>t</b>)",
            "name": "Values",
        }
        return folium.Choropleth(**wanted | changes).add_to(made)

    def test_classes_are_those_of_folium(self, made):
        self.make(made)
        payload = only(made).payload
        assert payload["colours"][:3] == [one.lower() for one in color_brewer("YlGnBu", n=3)]
        assert payload["colours"][3] == "#000000"
        assert unpack(payload["shapes"])["class"].tolist() == [0, 1, 2, 2, 3, 3]
        legend = payload["legend"]
        assert legend["title"] == "Value (<b>t</b>)"
        assert [(one["from"], one["to"], one["n"]) for one in legend["items"]] == [
            (1, 2, 1), (2, 5, 1), (5, 10, 2),
        ]  # fmt: skip
        assert (legend["missing"], legend["kind"]) == (2, "classes")
        assert payload["style"]["opacity"] == 0.6

    def test_every_feature_has_the_colour_that_folium_gives_it(self, made):
        drawn = self.make(made, nan_fill_color="white", nan_fill_opacity=0.2, bins=4)
        payload = only(made).payload
        codes = unpack(payload["shapes"])["class"]
        wanted = [drawn.geojson.style_function(one) for one in drawn.geojson.data["features"]]
        for code, one in zip(codes, wanted, strict=True):
            colour = payload["colours"][code]
            assert colour[:7] == {"white": "#ffffff"}.get(
                one["fillColor"], one["fillColor"].lower()
            )
            assert int(colour[7:], 16) / 255 == pytest.approx(one["fillOpacity"], abs=0.01)

    def test_a_tooltip_on_its_features_is_read(self, made):
        self.make(made).geojson.add_child(GeoJsonTooltip(["code"], aliases=["Code"]))
        assert names(only(made)) == [f"c{k}" for k in range(6)]

    def test_without_data_it_is_one_colour(self, made):
        folium.Choropleth(collection(square(1, 1), square(2, 1)), fill_color="tan").add_to(made)
        assert only(made).payload["legend"]["items"] == [{"colour": "#d2b48c", "n": 2}]


class TestTilesAndView:
    def test_tiles_of_a_known_host_are_offered_and_off(self, made):
        folium.TileLayer("OpenStreetMap").add_to(made)
        gaode = "https://webrd0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"
        folium.TileLayer(gaode, attr="a", subdomains="1234").add_to(
            folium.FeatureGroup().add_to(made)
        )
        folium.TileLayer("OpenStreetMap").add_to(made)
        assert [one["basemap_id"] for one in made.payload()["basemaps"]] == ["osm", "gaode"]
        policy = re.search(r"img-src ([^;]+);", made.html()).group(1)
        assert "https://tile.openstreetmap.org" in policy
        assert "https://webrd01.is.autonavi.com" in policy

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            (
                "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
                "a.basemaps.cartocdn.com",
            ),
            ("https://tile.openstreetmap.org@evil.example/{z}", "evil.example"),
            ("https://tile.openstreetmap.org.evil.example/{z}", "evil.example"),
            ("//[/{z}", "nowhere"),
        ],
    )
    def test_tiles_of_other_hosts_are_refused(self, made, url, host):
        with pytest.raises(InputError, match=rf"folium\.TileLayer cannot.*{re.escape(host)}"):
            folium.TileLayer(url, attr="a").add_to(made)

    def test_the_view_is_what_was_asked_for_last(self, made, sites, about):
        made.add(points(sites, about))
        made.fit_bounds([[30, 110], [31, 112]])
        made.fit_bounds([[41, 118], [38, 115]])
        assert made.payload()["box"] == (115, 38, 118, 41)
        made.fit_bounds(made.get_bounds())
        assert made.payload()["box"] == (115.9, 39.0, 117.2, 39.9)

    @pytest.mark.parametrize(
        "bounds", [[[None, None], [None, None]], [[39, 116]], 3, [[0, 0], [99, 9]]]
    )
    def test_a_view_that_is_none_is_refused(self, made, bounds):
        made.fit_bounds(bounds)
        if bounds == [[39, 116]]:
            assert made.payload()["box"] == (116, 39, 116, 39)
            return
        with pytest.raises(InputError, match="fit_bounds"):
            made.html()

    def test_a_layer_control_changes_nothing(self, made):
        folium.LayerControl().add_to(made)
        assert made.html() == Map("t").html()


ICON = DivIcon(html="<b onclick=1>")


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (folium.plugins.HeatMap([[39, 116]]), r"folium\.plugins\.HeatMap .* image\(\)"),
        (folium.plugins.MarkerCluster(), r"folium\.plugins\.MarkerCluster .*FeatureGroup"),
        (folium.plugins.AntPath([[39, 1], [39, 2]]), r"plugins\.AntPath .*other hosts"),
        (folium.plugins.BoatMarker([39, 1]), r"plugins\.BoatMarker"),
        (folium.plugins.FeatureGroupSubGroup(folium.FeatureGroup()), "FeatureGroupSubGroup"),
        (folium.plugins.MiniMap(), r"overview=True"),
        (folium.RegularPolygonMarker([39, 1]), r"folium\.RegularPolygonMarker"),
        (folium.TopoJson({}, "objects.a"), r"folium\.TopoJson .*decode it to GeoJSON"),
        (folium.WmsTileLayer("https://a/", "b"), r"folium\.WmsTileLayer .*another host"),
        (folium.raster_layers.ImageOverlay("https://e/x.png", [[0, 0], [1, 1]]), r"image\(\)"),
        (folium.LatLngPopup(), r"folium\.LatLngPopup cannot .*script"),
        (folium.ClickForMarker(), r"folium\.ClickForMarker cannot"),
        (folium.Popup("x"), r"folium\.Popup cannot .*marker"),
        (folium.Element("<b>"), r"branca\.Element cannot .*markup"),
        (branca.colormap.linear.viridis, r"branca\.LinearColormap .*Choropleth"),
        (folium.Marker([39, 1], icon=ICON), r"folium\.DivIcon cannot .*labels"),
        (folium.Marker([39, 1], icon=CustomIcon("https://e/x.png")), r"folium\.CustomIcon"),
        (folium.Marker([39, 1], popup=folium.Popup(branca.element.IFrame("x"))), "IFrame .*a text"),
        (folium.Marker([39, 1], popup=folium.Popup(folium.Element("x"))), r"branca\.Element"),
        (folium.Marker([39, 1]).add_child(folium.VegaLite({})), r"folium\.VegaLite .*chart\(\)"),
        (folium.GeoJson(collection(), on_each_feature=JsCode("f")), "on_each_feature.*JavaScript"),
        (folium.GeoJson(collection(), marker=folium.Marker(icon=ICON)), r"folium\.DivIcon"),
    ],
)  # fmt: skip
def test_what_cannot_be_safe_is_refused_by_name_at_once_and_in_groups_later(element, said):
    with pytest.raises(InputError, match=said) as refused:
        Map("t").add_child(element)
    assert "to_folium()" in str(refused.value)
    made = Map("t")
    group = folium.FeatureGroup("g").add_to(made)
    group.add_child(element)
    kept = isinstance(element, folium.Popup)  # that of all features of the group
    for ask in (made.html, made._repr_html_, made.get_root().render, made.to_folium):
        if kept:
            ask()
            continue
        with pytest.raises(InputError, match=said):
            ask()


def test_events_and_data_elsewhere_are_refused(made, tmp_path):
    group = folium.FeatureGroup("g").add_to(made)
    group.on(click=JsCode("() => 1"))
    with pytest.raises(InputError, match=r"folium\.EventHandler cannot .*JavaScript"):
        made.html()
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps(collection()))
    with pytest.raises(InputError, match=r"GeoJson\(embed=False\) cannot .*asks nobody"):
        folium.GeoJson(str(file), embed=False).add_to(Map("t"))


def test_a_subclass_with_a_script_of_its_own_is_refused(made):
    class Loud(folium.Marker):
        _template = folium.template.Template("{% macro script(this, kwargs) %}x(){% endmacro %}")

    class Quiet(folium.Marker):
        pass

    Quiet([39, 116]).add_to(made)
    assert only(made).payload["n"] == 1
    with pytest.raises(InputError, match=r"Loud cannot"):
        Loud([39, 116]).add_to(made)


def test_an_element_that_a_plain_map_has_drawn_is_still_read(made):
    plain = folium.Map(tiles=None)
    group = folium.FeatureGroup("g").add_to(plain)
    folium.Marker([39, 116], icon=folium.Icon("red")).add_to(group)
    plain.get_root().render()
    group.add_to(made)
    assert only(made).payload["colours"][0] == "#d63e2a"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a</p><p>b</p>", "a · b"),
        ("<table><tr><th>k</th><td>v</td></tr><tr><td>w</td></tr></table>", "k v · w"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<script>alert(1)", ""),
        ("<iframe srcdoc='<b>x'>hidden</iframe>seen", "seen"),
        ("&lt;b&gt; &amp;amp; &#20140;", "<b> &amp; 京"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("a\u202eb\x00c\ud800", "a\ufffdb\ufffdc\ufffd"),
        ("</script></p>  x \n y", "x y"),
        ("{{7*7}} ${x} `y`", "{{7*7}} ${x} `y`"),
        ("<!-- a --><![CDATA[ b ]]>c", "c"),
    ],
)
def test_words_of_markup(html, said):
    assert words_of_html(html) == said


def test_a_popup_that_was_to_be_escaped_is_a_text_as_it_stands(made):
    text = "<b>bold</b> & `x`"
    folium.Marker([39, 116], popup=folium.Popup(text, parse_html=True)).add_to(made)
    folium.Marker([39, 117], popup=folium.Popup(text)).add_to(made)
    assert names(only(made)) == [text, "bold & `x`"]


def hostile_map(text):
    """Put a text into every place of folium's elements, and into our own layers."""
    made = Map(text, finding=text, lang="en")
    group = folium.FeatureGroup(text).add_to(made)
    folium.Marker([39, 116], tooltip=text, popup=text).add_to(group)
    folium.CircleMarker([39, 117], popup=folium.Popup(text, parse_html=True)).add_to(made)
    features = [square(110 + k, 39, **{text: text, "name": text, "c": k}) for k in range(3)]
    folium.GeoJson(
        collection(*features),
        name=text,
        tooltip=GeoJsonTooltip([text, "name"], aliases=[text, text]),
    ).add_to(made)
    folium.Choropleth(
        collection(*features),
        data=pd.Series([1.0, 2, 3]),
        key_on="feature.properties.c",
        legend_name=text,
        name=text,
        bins=3,
    ).add_to(made)
    frame = gpd.GeoDataFrame(
        {"name": [text], text: [text], "kind": [text]}, geometry=[Point(116, 39)], crs=4326
    )
    source = {"sources": [{"attribution": text, "title": text}]}
    about = About(text, source, group=text)
    return made.add(points(frame, about, colour_by="kind"), labels(frame, About(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_folium_runs_or_ends_an_element(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    html = hostile_map(text).html()
    plain = hostile_map("t").html()
    assert html.count("<script") == plain.count("<script")
    assert html.lower().count("</script") == plain.lower().count("</script")
    assert not (tmp_path / "ran").exists()


def scripts(html):
    return re.findall(r"<script>(.*?)</script>", html, re.DOTALL)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_runs_on_a_plain_map(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    html = hostile_map(text).to_folium().get_root().render()
    assert not (tmp_path / "ran").exists()
    assert text == "__proto__" or text not in html
    assert "window.__pwn=1" not in html
    assert "49" not in re.sub(r"[0-9a-f]{32}", "", html)  # seven times seven
    plain = hostile_map("t").to_folium().get_root().render()
    assert html.lower().count("<script") == plain.lower().count("<script")
    assert html.lower().count("</script") == plain.lower().count("</script")
    if node := which("node"):
        file = tmp_path / "page.js"
        file.write_text("\n".join(scripts(html)), encoding="utf-8")
        done = subprocess.run([node, "--check", str(file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-400:]


def test_harmless_texts_read_as_they_did():
    import html

    for text in (*HOSTILE, "京津冀 (2026) 5.5 km² – 甲、乙", "a\nb\t'c'"):
        assert html.unescape(escape_text(text)) == text
    assert not set("<>&{}`$\\\"'_\n") & set(escape_text("<>{}`$\\\"'_\n").replace("&#", ""))


class TestPlainMap:
    def test_it_is_folium_s_own_with_a_group_a_layer_and_no_tiles(self, sites, squares, about):
        made = Map("t", lang="en").add(
            polygons(squares, About("Land"), role="land"),
            points(sites, about, colour_by="kind"),
            labels(sites, About("Names", shown=False)),
        )
        folium.Marker([39, 116], tooltip="M").add_to(made)
        plain = made.to_folium()
        assert type(plain) is folium.Map
        groups = [one for one in plain._children.values() if type(one) is folium.FeatureGroup]
        assert [(one.layer_name, one.show) for one in groups] == [
            ("Land", True), ("Firms", True), ("Names", False), ("M", True),
        ]  # fmt: skip
        below = [child for one in groups for child in one._children.values()]
        assert {type(one).__module__.split(".")[0] for one in below} == {"folium"}
        kinds = [type(one).__name__ for one in plain._children.values()]
        assert kinds[-2:] == ["LayerControl", "FitBounds"]
        assert "TileLayer" not in kinds
        assert "TileLayer" in [
            type(one).__name__ for one in made.to_folium(tiles="OpenStreetMap")._children.values()
        ]

    def test_colours_and_places_are_those_of_the_page(self, sites, about):
        layer = points(sites, about, colour_by="kind")
        plain = Map("t", lang="en").add(layer).to_folium()
        (drawn,) = next(iter(plain._children.values()))._children.values()
        codes = columns_of(layer.payload["shapes"])["class"]
        found = drawn.data["features"]
        assert [one["properties"]["style"]["fillColor"] for one in found] == [
            layer.payload["colours"][code] for code in codes
        ]
        assert [one["geometry"]["coordinates"] for one in found] == [
            (116.4, 39.9), (117.2, 39.1), (115.9, 39.0),
        ]  # fmt: skip
        assert [one["properties"]["f0"] for one in found] == ["Plant A", "Institute B", "Park C"]

    def test_there_and_back_is_the_same_map(self, squares, about):
        rows = gpd.GeoDataFrame(geometry=shapely.from_wkt(["LINESTRING (1 1, 2 2)"]), crs=4326)
        made = Map("t").add(polygons(squares, about, colour_by="value"), lines(rows, About("l")))
        back = Map("t")
        for one in list(made.to_folium()._children.values()):
            one.add_to(back)
        before, after = made.map_layers, back.map_layers
        for one, other in zip(before, after, strict=True):
            assert (one.kind, one.bounds) == (other.kind, other.bounds)
            assert shapely.equals(
                shapes_of(one.payload, one.kind), shapes_of(other.payload, other.kind)
            ).all()
        assert before[0].payload["colours"] == after[0].payload["colours"]

    def test_flows_and_rasters_are_there_too(self, sites, about):
        from rasterio import Affine

        pair = pd.DataFrame({"origin": ["s1"], "destination": ["s2"], "weight": [1.0]})
        cells = image(
            np.ones((2, 2)), about, transform=Affine(1, 0, 115, 0, -1, 41), crs="EPSG:4326"
        )
        plain = (
            Map("t")
            .add(flows(pair, sites, about), cells, points(sites.iloc[:0], about))
            .to_folium()
        )
        groups = [one for one in plain._children.values() if isinstance(one, folium.FeatureGroup)]
        assert [[type(one).__name__ for one in group._children.values()] for group in groups] == [
            ["GeoJson"], ["ImageOverlay"], [],
        ]  # fmt: skip
        assert [one.layer_name for one in groups] == ["企业", "企业 2", "企业 3"]
        plain.get_root().render()

    def test_plugins_go_on_from_there(self, sites, about):
        plain = Map("t").add(points(sites, about)).to_folium()
        folium.plugins.HeatMap([[39, 116]]).add_to(plain)
        assert "heatLayer" in plain.get_root().render()

    def test_colours_of_the_ground_are_those_of_the_style_sheet(self):
        light = style().split("--left")[0]
        for name, colour in PAPER.items():
            assert f"--{name}:{colour}" in light.replace(": ", ":")


def test_a_block_is_read_back_as_the_page_reads_it(sites, squares, about):
    many = sites.iloc[np.arange(3_000) % 3].reset_index(drop=True)
    moved = gpd.points_from_xy(np.linspace(115, 118, 3_000), np.linspace(39, 41, 3_000) % 0.7 + 39)
    many = many.set_geometry(gpd.GeoSeries(moved, crs=4326)).assign(
        name_zh=[f"甲{k}" for k in range(3000)]
    )
    for layer in (points(many, about), points(sites, about), polygons(squares, about)):
        theirs, ours = unpack(layer.payload["shapes"]), columns_of(layer.payload["shapes"])
        assert all(np.array_equal(theirs[name], ours[name]) for name in theirs)
    xy = shapely.get_coordinates(shapes_of(points(many, about).payload, "point"))
    wanted = places(points(many, about).payload["shapes"])
    assert np.array_equal(np.rint(xy * 1e5).T, [wanted["x"], wanted["y"]])
    holes = squares.set_geometry(
        [box(0, 0, 9, 9) - box(2, 2, 3, 3), box(20, 0, 21, 1) | box(30, 0, 31, 1)]
    )
    back = shapes_of(polygons(holes.set_crs(4326), about).payload, "area")
    assert shapely.equals(back, holes.geometry.to_numpy()).all()


def test_the_example_of_the_manual_runs(tmp_path, monkeypatch):
    manual = Path(__file__).parents[2] / "docs" / "maps.md"
    (block,) = re.findall(r"```python\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    found = {}
    exec(block, found)  # noqa: S102 - our own manual
    assert (tmp_path / "counties.html").stat().st_size > 100_000
    assert [one.about.title for one in found["made"].map_layers] == ["Area", "Airports"]
    assert type(found["plain"]) is folium.Map
