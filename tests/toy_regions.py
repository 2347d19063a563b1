"""Regions that nobody lives in: two levels, other codes, on the southern half; one across 180°.

``make_toy`` draws six units of two parents as squares of half a degree around a corner, with sites,
an axis, roads, a railway, flows and a raster of heights; ``make_bare`` gives only the units.
"""

import json
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from shapely.geometry import mapping, shape

SIDE = 0.5
PARENTS = {"A": "Aroha", "B": "Bindi"}
UNITS = {
    "A-1": (0, 0), "A-2": (1, 0), "A-3": (2, 0),
    "B-1": (0, 1), "B-2": (1, 1), "B-3": (2, 1),
}  # fmt: skip


def turned(lon):
    return lon - 360 if lon > 180 else lon


def ring(west, south, wide=SIDE, high=SIDE):
    """Return a ring; one that crosses 180° is kept whole with longitudes above 180."""
    east, north = west + wide, south + high
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def collection(features):
    made = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made})


def polygon(west, south, wide=SIDE, high=SIDE):
    if west < 180 < west + wide:
        parts = [
            [ring(west, south, 180 - west, high)],
            [ring(-180, south, west + wide - 180, high)],
        ]
        return {"type": "MultiPolygon", "coordinates": parts}
    return {"type": "Polygon", "coordinates": [ring(turned(west), south, wide, high)]}


def make_bare(folder: Path, region_id: str, west: float, south: float) -> Path:
    """Write units and parents, and what a region has to say of itself at least."""
    folder.mkdir(parents=True)
    units = [
        (
            {"unit_id": key, "parent_id": key[0], "name_en": f"Unit {key}"},
            polygon(west + x * SIDE, south + y * SIDE),
        )
        for key, (x, y) in UNITS.items()
    ]
    parents = []
    for key, name in PARENTS.items():  # with every corner of their units
        own = [shape(drawn) for told, drawn in units if told["parent_id"] == key]
        whole = shapely.coverage_union_all(own)
        parents.append(({"unit_id": key, "name_en": name}, mapping(whole)))
    (folder / "districts.geojson").write_text(collection(units))
    (folder / "provinces.geojson").write_text(collection(parents))
    (folder / "region.yaml").write_text(
        f"""id: {region_id}
name: Toyland
view: [{west - 0.1}, {south - 0.1}, {west + 1.6}, {south + 1.1}]
boundary_accuracy_m: 50
units:
  - {{level: district, file: districts.geojson, id: unit_id, parent: parent_id, names: {{en: name_en}}}}
  - {{level: province, file: provinces.geojson, id: unit_id, names: {{en: name_en}}}}
land: district
credits:
  - {{what: "districts and provinces", source: "Toyland Survey 2026", licence: CC0}}
"""
    )
    return folder


def make_toy(
    folder: Path, region_id: str = "toy", west: float = 146.0, south: float = -42.5
) -> Path:
    """Write a region that has everything but Chinese tables."""
    make_bare(folder, region_id, west, south)
    rows = ["facility_id,name_en,category,year,weight,lon,lat"]
    random = np.random.default_rng(7)
    for at in range(30):
        lon, lat = west + 1.5 * random.random(), south + random.random()
        rows.append(
            f"f{at:02d},Site {at},{'lab' if at % 3 else 'works'},{2015 + at % 5},{1 + at % 4},"
            f"{turned(lon):.5f},{lat:.5f}"
        )
    for key, name in PARENTS.items():
        lat = south + (0.25 if key == "A" else 0.75)
        rows.append(f"seat-{name.lower()},{name} Hall,seat,2000,1,{turned(west + 0.75):.5f},{lat}")
    (folder / "facilities.csv").write_text("\n".join(rows) + "\n")
    middle = south + 0.5
    line = [[turned(west + 0.1), middle], [turned(west + 1.4), middle]]
    cross = [[turned(west + 0.75), south + 0.1], [turned(west + 0.75), south + 0.9]]
    (folder / "axes.geojson").write_text(
        collection(
            [
                (
                    {"axis_id": "spine", "name_en": "Spine"},
                    {"type": "LineString", "coordinates": line},
                )
            ]
        )
    )
    ways = []
    for at, coordinates in enumerate((line, cross)):
        ways.append(
            (
                {"edge_id": f"w{at}", "length_km": 100.0},
                {"type": "LineString", "coordinates": coordinates},
            )
        )
    (folder / "roads.geojson").write_text(collection(ways))
    (folder / "rails.geojson").write_text(collection(ways[:1]))
    profile = (folder / "region.yaml").read_text()
    profile = profile.replace(
        "names: {en: name_en}}\nland",
        "names: {en: name_en},\n     seats: {file: facilities.csv, prefix: seat-}}\nland",
    )
    (folder / "region.yaml").write_text(
        profile
        + f"""centre: {{lon_lat: [{turned(west + 0.75)}, {middle}], name: Middle}}
handover_crs: EPSG:32755
layers: {{facilities: facilities.csv, axes: axes.geojson, terrain: heights.tif}}
plan: toy-plan
networks: {{rail: rails.geojson, road: roads.geojson}}
"""
    )
    (folder / "plans").mkdir()
    (folder / "plans" / "toy-plan.yaml").write_text(
        f"""format: 1
plan: {{id: toy-plan, title: {{zh: 规划, en: Toy plan, ja: 計画}}, period: [2020, 2030], source: us}}
sources: {{us: {{title: The test}}}}
units: {{layer: districts}}
centre:
  {{name: {{zh: 中, en: Middle, ja: 中}}, point: [{turned(west + 0.75)}, {middle}],
   standing: stated, source: us}}
corridors:
  - {{id: spine, axis_set: toy, name: {{zh: 脊, en: Spine, ja: 背}}, line: {{layer: axes, id: spine}},
     half_width_km: {{value: 8, standing: stated, source: us}}, standing: stated, source: us}}
circles:
  - {{id: inner, name: {{zh: 内, en: Inner, ja: 内}}, standing: stated, source: us,
     radius_km: {{value: 20, standing: stated, source: us}},
     members: [{{units: [A-1], standing: stated, source: us}},
               {{units: [A-2, B-1], standing: unconfirmed, source: us}}],
     published_area_km2: {{value: 6900, tolerance: 900, standing: stated, source: us}}}}
roles: [{{id: work, name: {{zh: 业, en: Work, ja: 業}}}}]
zones:
  - {{id: west, name: {{zh: 西, en: West, ja: 西}}, extent: {{units: [A-1, B-1]}}, role: work,
     standing: stated, source: us}}
"""
    )
    heights = np.tile(np.linspace(0, 900, 40, dtype="float32"), (30, 1))
    with rasterio.open(
        folder / "heights.tif", "w", driver="GTiff", width=40, height=30, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(0.05, 0, west - 0.25, 0, -0.05, south + 1.25),
    ) as file:  # fmt: skip
        file.write(heights, 1)
    return folder
