"""What the region is: its provincial units, its box, and the published figures we check against.

Everything here is a fact about Beijing–Tianjin–Hebei; another region is another set of these.
"""

from dataclasses import dataclass
from typing import Final

__all__ = [
    "BOX",
    "CENTRE_LON_LAT",
    "PROVINCES",
    "XIONGAN",
    "Province",
    "SpecialArea",
    "province_of",
]

BOX: Final = (113.4, 36.0, 119.9, 42.7)
"""West, south, east, north of the region in degrees, with a few kilometres to spare."""

CENTRE_LON_LAT: Final = (116.3975, 39.9085)
"""Tiananmen, from which the plan's radii of 50, 100 and 150 km are measured here (WGS 84)."""


@dataclass(frozen=True)
class Province:
    """A provincial-level unit and the figures published for it.

    Attributes
    ----------
    adcode
        GB/T 2260 code, six digits.
    published_area_km2
        Official land area.
    n_counties
        County-level units in 2024.
    area_tolerance
        Relative difference accepted between the layer and the published area; the boundaries are
        generalised and reclaimed land comes and goes.
    """

    adcode: str
    name_zh: str
    name_en: str
    name_ja: str
    published_area_km2: float
    n_counties: int
    area_tolerance: float


PROVINCES: Final = (
    Province("110000", "北京市", "Beijing", "北京市", 16_410.0, 16, 0.005),
    Province("120000", "天津市", "Tianjin", "天津市", 11_966.0, 16, 0.005),
    Province("130000", "河北省", "Hebei", "河北省", 188_800.0, 167, 0.005),
)


@dataclass(frozen=True)
class SpecialArea:
    """An area with no GB/T 2260 code of its own, and what the layer lacks of it."""

    name_zh: str
    name_en: str
    name_ja: str
    adcodes: tuple[str, ...]
    published_area_km2: float
    missing_zh: str
    missing_en: str
    missing_ja: str


XIONGAN: Final = SpecialArea(
    name_zh="雄安新区",
    name_en="Xiong'an New Area",
    name_ja="雄安新区",
    adcodes=("130629", "130632", "130638"),
    published_area_km2=1_770.0,
    missing_zh="缺少鄚州镇、苟各庄镇、七间房乡（任丘）和龙化乡（高阳）四个乡镇",
    missing_en=(
        "without the four townships Maozhou, Gougezhuang and Qijianfang (Renqiu) "
        "and Longhua (Gaoyang)"
    ),
    missing_ja="鄚州鎮・苟各荘鎮・七間房郷（任丘）と竜化郷（高陽）の四つの郷鎮を含まない",
)


def province_of(adcode: str) -> str:
    """Return the provincial code that an adcode belongs to.

    Parameters
    ----------
    adcode
        Six digits.

    Returns
    -------
    str
        The first two digits and four zeros.

    Examples
    --------
    >>> province_of("130638")
    '130000'
    """
    return f"{adcode[:2]}0000"
