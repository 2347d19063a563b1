"""Sites: facilities, firms, stations and towns, with how exactly each is known."""

from typing import Final

from geo.layers.layer import Text3
from geo.layers.schema import ADCODE, Column, Schema, names
from geo.layers.specs.spec import Spec

__all__ = ["SITES", "TOWNS"]

_SITE: Final = (
    Column("lon", "number", "longitude, WGS 84", "°"),
    Column("lat", "number", "latitude, WGS 84", "°"),
    Column("position_accuracy_m", "integer", "how far the point may be from the site", "m"),
)
_CHECK: Final = Column(
    "county_check",
    "text",
    "whether the point lies in the county it states: inside, within_accuracy or outside",
    pattern="inside|within_accuracy|outside",
)

SITES: Final = (
    Spec(
        "facilities",
        Text3("设施", "Facilities", "施設"),
        Schema(
            "facility_id",
            (
                *names(),
                Column(
                    "category",
                    "text",
                    "kind of facility",
                    pattern="airport|development_zone|government_or_plan_node|hospital|"
                    "hsr_station|large_science_facility|manufacturing_base|"
                    "national_laboratory_or_key_lab|science_city_or_park|seaport|"
                    "supercomputing_or_data_centre|university",
                ),
                Column(
                    "role",
                    "text",
                    "function",
                    pattern="research|manufacturing|application|service|transport",
                ),
                *_SITE,
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("city", "text", "prefecture-level city"),
                Column("status_year", "integer", "year opened or founded", "year", nullable=True),
                Column(
                    "date_kind",
                    "text",
                    "which of the two, as far as the row tells",
                    nullable=True,
                    pattern="founded|opened|unstated",
                ),
                Column("source", "text", "what the row rests on"),
                Column("checked_against", "text", "what agreed, and by how much", nullable=True),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "Compiled by hand and tested against independent tables; see layers/tables/README.md.",
        None,
        Text3(
            "择要列举的设施，并非全部；其中 92 处的位置只精确到 3 公里",
            "A selection, not a census; 92 sites are known only to 3 km",
            "選んで掲載した施設であり、全数ではない。うち92か所の位置は3 kmの精度",
        ),
    ),
    Spec(
        "firms",
        Text3("企业", "Firms", "企業"),
        Schema(
            "firm_id",
            (
                Column("name_zh", "text", "name in Chinese"),
                Column("name_en", "text", "name in English"),
                Column("city", "text", "prefecture-level city or Xiong'an"),
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("industry", "text", "section of GB/T 4754"),
                Column("industry_detail", "text", "what it does"),
                Column(
                    "founded_or_listed",
                    "text",
                    "year, with its kind",
                    nullable=True,
                    pattern=r"(listed|founded|established) \d{4}",
                ),
                Column("position_basis", "text", "what the point rests on"),
                *_SITE,
                Column("checked_against", "text", "what agreed", nullable=True),
                Column("has_site", "flag", "the point is the firm's own site, not its district"),
                Column(
                    "status", "text", "present or not_moved_yet", pattern="present|not_moved_yet"
                ),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "Compiled by hand; 100 have a site, the others their district with kilometres of accuracy.",
        None,
        Text3(
            "不是抽样样本，不可据以推断总体；156 家企业只定位到区县或片区，其中 4 家央企"
            "尚未迁入雄安",
            "Not a sample of all firms; 156 are placed only in their district or quarter, and four "
            "of these, centrally owned, have not moved to Xiong'an yet",
            "標本ではなく、全体を推し量ることはできない。156社の位置は区・県か街区までで、うち中央直属の4社は"
            "雄安へ未移転",
        ),
    ),
    Spec(
        "stations",
        Text3("高铁站", "High-speed railway stations", "高速鉄道駅"),
        Schema(
            "facility_id",
            (
                *names(),
                *_SITE,
                Column("adcode", "text", "county stated", pattern=ADCODE),
                Column("city", "text", "prefecture-level city"),
                Column("line_ids", "text", "lines through it, separated by a space"),
                _CHECK,
            ),
            ("Point",),
        ),
        ("facts",),
        "The facilities of category hsr_station, with the lines of rail_lines that stop there.",
        3000.0,
    ),
)

TOWNS: Final = Spec(
    "towns",
    Text3("城镇", "Towns", "町"),
    Schema(
        "geonameid",
        (
            Column("name_en", "text", "name in Latin letters"),
            Column("name_zh", "text", "name in Chinese, where listed", nullable=True),
            Column("population", "integer", "as listed; 0 is unknown", "persons"),
            Column("adcode", "text", "county it lies in", pattern=ADCODE),
        ),
        ("Point",),
        r"\d+",
    ),
    ("geonames",),
    "Populated places inside the counties.",
    1000.0,
)
