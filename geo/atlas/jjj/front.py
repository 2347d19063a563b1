"""What the front page says before the maps."""

from typing import Final

from geo.atlas.gallery import Front
from geo.texts import Text3

__all__ = ["FRONT"]

_TITLE: Final = Text3(
    "京津冀空间协同图集",
    "Atlas of spatial coordination: Beijing–Tianjin–Hebei",
    "京津冀 空間協同アトラス",
)
_DECK: Final = Text3(
    "设施、企业、走廊与圈层在哪里，有多少，有多确定——对照规划，逐图来看。",
    "Facilities, firms, corridors and circles, read against the plan: where they are, how many, and "
    "how sure that is.",
    "施設、企業、回廊、圏域はどこにどれだけあり、どこまで確かなのか。計画と照らし合わせて読む。",
)
_REVIEW: Final = Text3(
    "无。边界为天地图概括数据（偏差约 200—300 米），仅供分析，不作划界依据；公开出版前须依《地图管理条例》送审，并在此填写审图号。",
    "none. Boundaries are generalised by about 200 to 300 m, for analysis and not for delimitation; "
    "before publication the maps must be reviewed and the number filled in here.",
    "なし。境界は天地図の簡略化した線（誤差約200～300 m）で、分析用であり境界画定の根拠にはならない。"
    "公表前に審査を受け、ここに番号を記入すること。",
)

FRONT: Final = Front(_TITLE, _DECK, _REVIEW, previews=True)
