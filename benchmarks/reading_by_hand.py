"""The job of ``jjj locate`` as a careful person scripts it with pandas and geopandas, all at once.

    python -m benchmarks.reading_by_hand IN.csv OUT.parquet

County, city, province and Xiong'an by ``sjoin``, metres to the border of the county, the doubtful
rows, GeoParquet. Without what makes a table of unknown origin safe: no encodings, no reasons, no datum.
"""

import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.layers import about, read
from geo.region import open_region


def main(source, target):
    table = pd.read_csv(source)
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["经度"], table["纬度"]), crs="EPSG:4326"
    )
    counties = read("counties").sort_index()
    joined = points.sjoin(counties[["geometry"]], how="left", predicate="intersects")
    code = joined[~joined.index.duplicated()]["adcode"]  # the lowest on a shared border
    for column, layer in (("city", "city_adcode"), ("province", "province_adcode")):
        names = read("prefectures" if column == "city" else "provinces")["name_zh"]
        points[column] = code.map(counties[layer].map(names))
    points["adcode"], points["county"] = code, code.map(counties["name_zh"])
    points["in_xiongan"] = code.isin(open_region().special_areas[0].units)
    metric = read("counties", crs="analysis").geometry
    borders = shapely.boundary(metric.to_numpy())
    inside = code.notna().to_numpy()
    at = metric.index.get_indexer(code[inside])
    spots = points.geometry[inside].to_crs(metric.crs).to_numpy()
    distance = np.full(len(points), np.nan)
    distance[inside] = shapely.distance(spots, borders[at])
    points["boundary_distance_m"] = distance.round(1)
    points["ambiguous"] = distance < float(about("counties")["accuracy_m"])
    points.to_parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
