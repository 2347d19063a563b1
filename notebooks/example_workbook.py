"""A made-up list of firms as a planning institute keeps it: an Excel file and its GBK twin.

Nothing in it is real; every name says 示例. The coordinates are in GCJ-02, as they come from Amap;
some rows have an address only, some are wrong in the ways in which such lists are. Equal calls give
equal files.
"""

import random
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from openpyxl import Workbook

from geo.datum import wgs84_to_gcj02
from geo.layers import read
from geo.write import Outputs

HEADER = (
    "序号", "企业名称", "所在城市", "区县", "详细地址", "经度", "纬度", "行业", "总部", "产值（万元）",
)  # fmt: skip
TRADES = ("高端装备", "生物医药", "人工智能", "新能源", "新材料", "低空经济")
TITLE = "示例规划设计研究院 京津冀产业协同企业名单（虚构数据，仅供演示）"


def firms(rows=360, seed=2026):
    """Return made-up rows: most in GCJ-02, some by address only, some wrong."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    counties = read("counties")
    cities = read("prefectures")["name_zh"]
    urban = counties[counties["area_km2"] < 450].sort_index()
    made = []
    for at in range(rows):
        code = rng.choice(list(urban.index))
        lon, lat = wgs84_to_gcj02(*_inside(urban.geometry[code], numbers))
        name, city = urban.loc[code, "name_zh"], cities[urban.loc[code, "city_adcode"]]
        address = f"{city}{name}示例路{rng.randint(1, 200)}号"
        place = [round(float(lon[0]), 6), round(float(lat[0]), 6)]
        made.append(
            [at + 1, f"示例{rng.choice(TRADES)}企业{at + 1:03d}", city, name, address, *place,
             rng.choice(TRADES), rng.choice(("北京", "天津", "石家庄", "雄安")), rng.randint(80, 9000)]
        )  # fmt: skip
    return _spoilt(made)


def _inside(shape, numbers):
    west, south, east, north = shape.bounds
    while True:
        lon, lat = numbers.uniform(west, east), numbers.uniform(south, north)
        if shapely.contains_xy(shape, lon, lat):
            return [lon], [lat]


def _spoilt(rows):
    """Give some rows the faults that such lists have."""
    for at in range(0, len(rows), 12):  # an address, and nothing else
        rows[at][5] = rows[at][6] = None
    rows[5][5], rows[5][6] = rows[5][6], rows[5][5]
    rows[17][5], rows[17][6] = rows[17][6], rows[17][5]
    rows[25][5] = "".join(chr(ord(sign) + 0xFEE0) for sign in str(rows[25][5]))
    rows[33][5], rows[33][6] = "东经116°23′50″", "北纬39°54′30″"
    rows[33][2:5] = "北京市", "东城区", "北京市东城区示例街1号"
    rows[41][5] = rows[41][6] = 0
    rows[53][5:7] = 121.473701, 31.230416
    rows[65][5:7] = "待补", None
    rows[65][2:5] = None, None, "桥西区示例路8号"  # 石家庄 or 张家口
    rows[77][2:7] = "雄安新区", None, "河北雄安新区示例大街", None, None
    rows[89][2:7] = "北京市", "密云县", "北京市密云县示例路3号", None, None
    rows[101][2:7] = "石家庄市", "桥东区", "石家庄市桥东区示例路9号", None, None
    return rows


def _book(rows, path):
    book = Workbook()
    cover = book.active
    cover.title = "说明"
    cover.append([TITLE])
    cover.append(["坐标由网页地图拾取；空白处待补。"])
    sheet = book.create_sheet("企业名单（示例）")
    sheet.append([TITLE])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append([])
    sheet.append(list(HEADER))
    for row in rows:
        sheet.append(row)
    book.save(path)


def _twin(rows, path):
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in (HEADER, *rows)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gbk"))


def write(folder):
    """Write the workbook and its CSV twin into a folder; return both paths."""
    folder = Path(folder).resolve()
    book, twin = folder / "示例企业名单.xlsx", folder / "示例企业名单.csv"
    with Outputs(overwrite=True) as outputs:
        outputs.add(book, partial(_book, firms()))
        outputs.add(twin, partial(_twin, firms()))
    return book, twin
