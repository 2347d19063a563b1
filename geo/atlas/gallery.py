"""The front page: what a reader needs first, then a picture, a sentence and a caveat for each map."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from geo import __version__
from geo.atlas.brief import Point
from geo.layers import Text3
from geo.render.bundle import csp_hash

__all__ = ["LANGUAGES", "Card", "Credit", "gallery", "preview_path"]

LANGUAGES: Final = ("zh", "en", "ja")
Credit = tuple[Text3 | str, Text3 | str]
"""Who is to be credited, and of when the content is."""

TITLE: Final = Text3(
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
_WORDS: Final = {
    "mind": Text3("注意　", "Note ", "注意　"),
    "data": Text3("数据：", "Data: ", "データ："),
    "sources": Text3("来源　", "Sources ", "出典　"),
    "review": Text3("审图号　", "Map review number ", "審図号　"),
    "licence": Text3("代码以 MIT 许可发布", "code under the MIT licence", "コードはMITライセンス"),
}
_REVIEW: Final = Text3(
    "无。边界为天地图概括数据（偏差约 200—300 米），仅供分析，不作划界依据；公开出版前须依《地图管理条例》送审，并在此填写审图号。",
    "none. Boundaries are generalised by about 200 to 300 m, for analysis and not for delimitation; "
    "before publication the maps must be reviewed and the number filled in here.",
    "なし。境界は天地図の簡略化した線（誤差約200～300 m）で、分析用であり境界画定の根拠にはならない。"
    "公表前に審査を受け、ここに番号を記入すること。",
)


@dataclass(frozen=True)
class Card:
    """What the front page says of a map.

    Attributes
    ----------
    page_id, title, sentence, caveat
        As on the map.
    dated
        Of when the data are.
    tables
        Names of the CSV files beside the map.
    """

    page_id: str
    title: Text3
    sentence: Text3
    caveat: Text3
    dated: Text3 | None = None
    tables: tuple[str, ...] = ()


def preview_path(page_id: str, language: str) -> Path:
    """Return where the preview picture of a page is kept.

    Parameters
    ----------
    page_id
        Id of the page.
    language
        ``zh``, ``en`` or ``ja``: a picture holds the names of places.

    Returns
    -------
    Path
        In the installed package, or ``maps/previews`` of a checkout; it may not exist yet.
    """
    installed = Path(str(resources.files("geo"))) / "atlas" / "previews"
    checkout = Path(__file__).resolve().parents[2] / "maps" / "previews"
    return (installed if installed.is_dir() else checkout) / f"{page_id}-{language}.webp"


def _pictures(page_id: str) -> dict[str, str]:
    paths = {one: preview_path(page_id, one) for one in LANGUAGES}
    return {
        language: f"data:image/webp;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
        for language, path in paths.items()
        if path.is_file()
    }


def gallery(
    cards: Iterable[Card], *, points: Sequence[Point] = (), credited: Sequence[Credit] = ()
) -> str:
    """Write the front page.

    Parameters
    ----------
    cards
        One a map, in order; the first leads the page.
    points
        What a reader needs first.
    credited
        Sources of the maps.

    Returns
    -------
    str
        HTML that needs no network; every text is escaped. Equal cards give equal text.

    Examples
    --------
    >>> hostile = Text3("{{7*7}}", "<script>alert(1)</script>", "${1}")
    >>> page = gallery([Card("a", hostile, hostile, hostile)])
    >>> "<script>alert" in page, "{{7*7}}" in page
    (False, True)
    """
    script, style = _part("gallery.js"), _part("gallery.css")
    # everything is escaped: texts are data, also those that look like markup or a template
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        _part("gallery.html.j2")
    )
    policy = (
        f"default-src 'none'; img-src data:; style-src {csp_hash(style)}; "
        f"script-src {csp_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return template.render(
        cards=[(card, _pictures(card.page_id)) for card in cards],
        points=points,
        credited=credited,
        title=TITLE,
        titles=json.dumps(TITLE.described(), ensure_ascii=False),
        deck=_DECK,
        words=_WORDS,
        review=_REVIEW,
        policy=policy,
        style=style,
        script=script,
        version=__version__,
    )


def _part(name: str) -> str:
    text = resources.files("geo.atlas").joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
