"""The page as a text: whole, equal for equal maps, and with nothing of the data as markup."""

import json
import re
import shutil

import folium
import numpy as np
import pandas as pd
import pytest
from rasterio import Affine

from geo.errors import InputError, OutputError, UnknownIdError
from geo.layers import Localized, load
from geo.render import (
    About,
    Axis,
    Categories,
    Field,
    Link,
    Map,
    Time,
    bundle,
    chart,
    flows,
    image,
    note,
    points,
    polygons,
)
from geo.render.bundle import FEATURES, csp_hash, licence, script, style, versions, words
from geo.render.layer import MAX_TEXT
from geo.render.page import check_offline
from geo.render.words import catalogue

TITLE = Localized.of("题", "Title", "題")


def payload_of(html):
    found = re.search(
        r'<script type="application/json" id="jjj-data">(.*?)</script>', html, re.DOTALL
    )
    return json.loads(found.group(1))


@pytest.fixture
def made(sites, about):
    return Map(TITLE, finding=Localized.of("要点", "Finding", "要点")).add(points(sites, about))


def test_equal_maps_have_equal_bytes(sites, about):
    pages = {Map(TITLE).add(points(sites, about, colour_by="kind")).html() for _ in range(2)}
    assert len(pages) == 1


def test_the_page_is_a_folium_map_and_displays_inline(made):
    assert isinstance(made, folium.Map)
    assert all(isinstance(layer, folium.map.Layer) for layer in made.map_layers)
    assert made.get_root().render() == made.html()
    shown = made._repr_html_()
    assert shown.count("<iframe srcdoc=") == 1
    assert len(shown) < 0.5 * len(made.html())
    assert len(shown) < 80_000
    assert shown == made._repr_html_()


def test_saving_writes_the_page_once(made, tmp_path):
    target = tmp_path / "map.html"
    made.save(target)
    assert target.read_text(encoding="utf-8") == made.html()
    with pytest.raises(OutputError, match="exists already"):
        made.save(target)
    made.save(target, overwrite=True)


def test_a_folium_marker_is_drawn_as_words_and_a_plugin_is_refused(made):
    made.add_child(folium.Marker([39, 116], popup="{{ 7*7 }}"))
    assert [one.about.title for one in made.map_layers[1:]] == ["{{ 7*7 }}"]
    with pytest.raises(InputError, match=r"folium\.LatLngPopup cannot stand in a self-contained"):
        made.add_child(folium.LatLngPopup())


def beside(made):
    made.get_root().html.add_child(folium.Element("<b>"))


def above(made):
    folium.Element("<b>").add_to(made.get_root().header)


def below(made):
    made.get_root().add_child(folium.Element("<b>"))


def upon(made):
    folium.Popup("{{ 7*7 }}").add_to(made.map_layers[0])


@pytest.mark.parametrize("put", [beside, above, below, upon])
def test_nothing_of_folium_is_left_out_in_silence(put, made, tmp_path):
    put(made)
    with pytest.raises(InputError, match=r"(branca\.Element|folium\.Popup) cannot stand"):
        made.save(tmp_path / "map.html")
    with pytest.raises(InputError, match="cannot stand"):
        made.get_root().render()
    with pytest.raises(InputError, match="cannot stand"):
        made._repr_html_()
    assert not list(tmp_path.iterdir())


def test_no_strangers_figure_draws_half_of_a_map(made):
    for one in (made, Map("t")):
        figure = folium.Figure()
        figure.add_child(one)
        with pytest.raises(InputError, match="a page of its own"):
            figure.render()


def test_the_page_names_no_address_that_loads(made):
    head = made.html().split("<script>")[0]
    assert not re.search(r"(src|href)\s*=", head)
    assert "url(" not in style()
    check_offline(made.html())


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="stylesheet" href="//cdn/x.css">',
        "<style>@import 'http://a/b.css';</style>",
        "<style>a{background:url(http://a/b.png)}</style>",
        '<div style="background:url(//a/b)"></div>',
        '<img src="x.png">',
    ],
)
def test_anything_that_would_load_is_refused(markup):
    with pytest.raises(OutputError, match="the page would load"):
        check_offline(f"<html>{markup}</html>")


def test_the_policy_allows_this_script_and_these_styles_only(made):
    html = made.html()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    policy = policy.replace("&#x27;", "'")
    assert policy.startswith("default-src 'none'; ")
    code = script(frozenset())  # none of the features
    assert f"script-src {csp_hash(code)};" in policy
    look = style(frozenset())
    assert f"style-src {csp_hash(look)};" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert f"<script>{code}</script>" in html
    assert f"<style>{look}</style>" in html


def built():
    return json.loads((bundle.BUILT / "modules.json").read_text(encoding="utf-8"))


def modules_in(text):
    """Name the modules whose script stands in a page or a script."""
    return {
        name
        for name, one in built()["modules"].items()
        if one["script"] and f"\n{one['script']}\n" in text
    }


def features(made):
    inside = modules_in(made.html())
    return {one for one, name in built()["features"].items() if name in inside}


def test_only_the_features_that_a_page_uses_are_in_it(sites, squares, about):
    assert set(built()["features"]) == FEATURES
    plain = Map(TITLE).add(points(sites, about))
    assert features(plain) == set()
    assert len(plain.html().encode("utf-8")) < 200_000
    assert features(Map(TITLE).add(note("here", 116, 39))) == {"notes"}
    assert features(Map(TITLE, basemaps=["osm"])) == {"basemaps"}
    table = pd.DataFrame({"x": [1, 2], "n": [1, 2]})
    drawn = chart("line", table, title="t", x=Axis("x", "x"), y=Axis("n"), series={"n": "n"})
    assert features(Map(TITLE).add(drawn)) == {"charts"}
    cells = image(np.ones((2, 2)), about, transform=Affine(1, 0, 115, 0, -1, 41), crs="EPSG:4326")
    assert features(Map(TITLE).add(cells)) == {"image"}
    land = polygons(squares, about, role="land")
    assert features(Map(TITLE, overview=True).add(land)) == {"overview"}


def test_time_swipe_flows_and_density_are_features_too(sites, about):
    one_year = points(sites.assign(year=2020), about, time=Time("year"))
    assert features(Map(TITLE).add(one_year)) == {"time"}
    years = points(sites.assign(year=range(2000, 2000 + len(sites))), about, time=Time("year"))
    assert features(Map(TITLE).add(years)) == {"time", "swipe"}
    assert features(Map(TITLE).add(points(sites, about), points(sites, about))) == {"swipe"}
    pair = pd.DataFrame({"origin": ["s1"], "destination": ["s2"], "weight": [1.0]})
    drawn = flows(pair, sites, about)
    assert features(Map(TITLE).add(drawn)) == {"flow"}
    many = sites.iloc[np.zeros(40_001, dtype=int)].reset_index(drop=True)
    assert features(Map(TITLE).add(points(many, about))) == {"density"}
    assert features(Map(TITLE).add(points(many.iloc[1:], about))) == set()
    source = (bundle.BUILT.parent / "src" / "layers" / "points.js").read_text(encoding="utf-8")
    assert "const DENSITY_FROM = 40_000;" in source


def test_a_page_holds_all_that_its_modules_import_and_nothing_else():
    modules, start = built()["modules"], built()["features"]
    for uses in (frozenset(), *(frozenset([one]) for one in FEATURES), FEATURES):
        needed, before = {built()["core"], *(start[one] for one in uses)}, set()
        while needed != before:
            before = set(needed)
            needed |= {one for name in before for one in modules[name]["needs"]}
        assert modules_in(script(uses)) == {name for name in needed if modules[name]["script"]}


def test_the_core_imports_no_feature():
    inside = modules_in(script(frozenset()))
    assert inside & set(built()["features"].values()) == set()
    assert not [name for name in inside if name.startswith(("src/charts/", "src/callouts/"))]
    assert "node_modules/leaflet/src/layer/tile/TileLayer.js" not in inside
    assert list(built()["modules"])[-1] == "src/main.js"


def test_no_module_imports_in_a_circle():
    seen = set()
    for name, one in built()["modules"].items():
        own = [other for other in one["needs"] if other.startswith("src/")]
        assert set(own) <= seen, name  # each stands after all that it imports
        seen.add(name)


def test_an_overview_stands_where_it_is_asked_for_and_there_is_land(sites, squares, about):
    land = polygons(squares, about, role="land")
    around = polygons(squares, about, role="neighbour")
    assert Map(TITLE).add(land).payload()["overview"] is False
    assert Map(TITLE, overview=True).add(around, land).payload()["overview"] is True
    for other in (around, points(sites, about), polygons(squares, about), None):
        made = Map(TITLE, overview=True).add(*[one for one in (other,) if one is not None])
        assert made.payload()["overview"] is False


def test_a_page_holds_the_words_it_says_and_no_others(made, sites, about):
    assert words() == set(catalogue())
    plain = payload_of(made.html())["words"]
    assert set(plain) == words(frozenset())
    assert "play" not in plain
    assert "measure" in plain
    pair = pd.DataFrame({"origin": ["s1"], "destination": ["s2"], "weight": [1.0]})
    assert "flows_in_sum" in payload_of(Map(TITLE).add(flows(pair, sites, about)).html())["words"]


def test_every_word_that_a_module_asks_for_is_in_the_catalogue():
    asked = re.compile(r'\bW\("([a-z_]+)"|PAGE\.words\.([a-z_]+)')
    for path in (bundle.BUILT.parent / "src").rglob("*.js"):
        found = asked.findall(path.read_text(encoding="utf-8"))
        assert {one or other for one, other in found} <= set(catalogue()), path


def test_the_script_cannot_end_its_element():
    assert "</script" not in script().lower()
    assert "<!--" not in script()
    assert "sourceMappingURL" not in script()
    assert "\r" not in script() + style()


def test_what_was_built_is_checked_when_it_is_read(monkeypatch, tmp_path):
    assert versions() == {"leaflet": "1.9.4", "fflate": "0.8.3"}
    assert "BSD 2-Clause" in licence("leaflet")
    assert "MIT License" in licence("fflate")
    for name, holder in (("Leaflet", "Agafonkin"), ("fflate", "Barrett")):
        assert re.search(rf"/\*[^*]*{name} [^*]*{holder}[^*]*\*/", script(frozenset()))
    shutil.copytree(bundle.BUILT, tmp_path / "dist")
    (tmp_path / "dist" / "LICENSE-leaflet").write_text("changed")
    monkeypatch.setattr(bundle, "BUILT", tmp_path / "dist")
    with pytest.raises(OutputError, match="not the file of the manifest"):
        bundle.licence("leaflet")
    (tmp_path / "dist" / "modules.json").unlink()
    bundle._built.cache_clear()
    with pytest.raises(OutputError, match=r"modules\.json: not the file of the manifest; run npm"):
        bundle._built()


HOSTILE = [
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}",
    "{% for a in b %}",
    "</script><script>window.__pwn=1</script>",
    "<!--<script>",
    "${window.__pwn=1}`",
    "\u2028\u2029\\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_data_or_words_is_a_template_or_ends_an_element(text, sites):
    hostile = sites.assign(name_zh=text, kind=text).rename(columns={"year": text})
    html = (
        Map(text, finding=text, kicker=text, caveats=[text], review_number=text)
        .add(
            points(
                hostile,
                About(
                    text,
                    group=text,
                    provenance={"sources": [{"attribution": text, "title": text}]},
                ),
                colour_by="kind",
            )
        )
        .html()
    )
    plain = Map("t", finding="t").add(points(sites, About("t"), colour_by="kind")).html()
    assert html.count("<script") == plain.count("<script")
    assert html.lower().count("</script") == plain.lower().count("</script")
    found = payload_of(html)
    assert found["title"] == found["finding"] == found["caveats"][0] == text
    assert found["layers"][0]["legend"]["items"][0]["label"] == text


def test_credits_come_from_provenance_each_once():
    layers = [load("counties"), load("provinces")]
    found = payload_of(
        Map(TITLE).add(*(polygons(one.frame, About.of(one)) for one in layers)).html()
    )
    shown = [one["attribution"]["en"] for one in found["sources"]]
    assert shown.count("Boundaries: 天地图 (Tianditu)") == 1
    assert found["layers"][0]["sources"] == found["layers"][1]["sources"]
    assert layers[0].caveat.described() in found["caveats"]


def test_two_layers_of_one_name_get_two_ids(sites, about):
    found = Map(TITLE).add(points(sites, about), points(sites, about)).payload()
    assert len({one["id"] for one in found["layers"]}) == 2


def test_the_page_opens_on_what_is_shown(sites, squares, about):
    low = polygons(squares, about, role="zone")
    assert Map(TITLE).add(low).payload()["box"] == (115.0, 39.0, 117.0, 40.0)
    assert Map(TITLE, box=(1, 2, 3, 4)).add(low).payload()["box"] == (1, 2, 3, 4)
    assert Map(TITLE).payload()["box"] == (113.4, 36.0, 119.9, 42.7)


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="one of zh, en, ja"):
        Map(TITLE, lang="fr")


def test_notes_stand_on_the_map(sites, about):
    made = Map(TITLE).add(points(sites, about), note("here", 116.4, 39.9, side="sw", short="h"))
    wanted = {"text": "here", "short": "h", "lon": 116.4, "lat": 39.9, "side": "sw"}
    assert made.payload()["notes"] == [wanted]
    for place in ((181, 0, "ne"), (0, 86, "ne"), (0, 0, "n")):
        with pytest.raises(InputError, match="a note stands at degrees"):
            note("x", place[0], place[1], side=place[2])


@pytest.mark.parametrize("text", ["", " ", "x" * 201, Localized.of("好", "", "好"), "名" * 10**6])
def test_a_note_is_one_short_sentence(text):
    with pytest.raises(InputError, match="a note has 1 to 200 signs"):
        note(text, 116, 39)
    with pytest.raises(InputError, match="a note has 1 to 200 signs"):
        note("fine", 116, 39, short=text)


class TestCharts:
    table = pd.DataFrame({"km": [5.0, 15.0], "n": [3, None], "who": [["s1", "s2"], ["s3"]]})

    def make(self, **changes):
        wanted = {
            "title": "Profile",
            "x": Axis("Chainage", "km"),
            "y": Axis("Sites"),
            "series": {"n": "Sites"},
        }
        return chart("bar", self.table, **wanted | changes)

    def test_rows_know_their_features(self):
        made = self.make(link=Link("firms", "who"))
        assert made.payload["link"] == {"layer": "firms", "keys": [["s1", "s2"], ["s3"]]}
        assert made.payload["series"][0]["values"] == [3, None]

    def test_missing_columns_and_text_series_are_refused(self):
        with pytest.raises(UnknownIdError):
            self.make(series={"m": "x"})
        with pytest.raises(InputError, match="no numbers"):
            self.make(series={"who": "x"})
        with pytest.raises(InputError, match="1 to 5000 rows"):
            chart(
                "bar",
                self.table.iloc[:0],
                title="",
                x=Axis("", "km"),
                y=Axis(""),
                series={"n": ""},
            )


def test_a_map_of_foliums_own_cannot_swallow_a_layer(sites, about):
    plain = folium.Map(tiles=None)
    plain.add_child(points(sites, about))
    with pytest.raises(InputError, match=r"drawn by geo\.render\.Map"):
        plain.get_root().render()


def test_no_text_is_longer_than_a_page_can_set(sites):
    long = "长" * 1_000_000
    three = Localized.of(long, long, long)
    source = {
        "sources": [{"title": long, "licence": three.described()}],
        "caveat": three.described(),
    }
    about = About(three, source, caveats=(long,), group=long)
    table = pd.DataFrame({"x": [long], "n": [1]})
    made = Map(three, finding=long, kicker=long, caveats=[long], review_number=long).add(
        points(
            sites.assign(name_zh=long),
            about,
            colour_by=Categories("kind", labels={"plant": long}, title=long),
            fields=[Field("kind", long, long, words={"plant": three})],
        ),
        chart(
            "bar", table, title=long, x=Axis(long, "x"), y=Axis(long), series={"n": long}, note=long
        ),
    )
    texts = re.findall(r"长+", made.html())
    assert len(texts) > 20
    assert {len(one) for one in texts} == {MAX_TEXT - 1}
