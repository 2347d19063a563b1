"""The account of rows: read, used, left out and why.

Every reason a row can be given, whether it refuses the row, repairs it or only notes it.

The words are those of a colleague's note, in Chinese, English and Japanese.

The account of a file's rows: how many came in, how many are used, which are left out and why.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

__all__ = [
    "REASONS",
    "Account",
    "LeftOut",
    "Level",
    "Reason",
    "Status",
]

# ruff: noqa: E501 - one sentence a language, wide by nature


Level = Literal["refuse", "repair", "note"]
Status = Literal["placed", "repaired", "refused"]


@dataclass(frozen=True)
class Reason:
    """One reason code, with its sentence in three languages.

    Attributes
    ----------
    level
        ``refuse``: the coordinates (or the row) cannot be used; ``repair``: understood and reported;
        ``note``: placed as stated, worth a look.
    zh, en, ja
        The sentence in Chinese, in English and in Japanese.
    """

    level: Level
    zh: str
    en: str
    ja: str


REASONS: Final[dict[str, Reason]] = {
    # refusals
    "no_coordinates": Reason(
        "refuse", "没有坐标", "no coordinates", "座標がない"),
    "no_geometry": Reason(
        "refuse", "没有图形", "no geometry", "図形がない"),
    "half_missing": Reason(
        "refuse", "经度、纬度缺一", "only one of the two coordinates", "経度・緯度の一方がない"),
    "not_a_number": Reason(
        "refuse", "坐标不是数字", "a coordinate is not a number", "座標が数値でない"),
    "out_of_range": Reason(
        "refuse", "坐标超出经纬度范围", "beyond any longitude or latitude", "経緯度の範囲外"),
    "null_island": Reason(
        "refuse", "坐标为 (0, 0)", "the point is (0, 0)", "座標が (0, 0)"),
    "off_the_earth": Reason(
        "refuse", "坐标不在地球上（经纬度写反，或是米）", "off the earth (longitude and latitude "
        "exchanged, or metres)", "地球上にない座標（経緯度が逆か、メートル）"),
    "zero_coordinate": Reason(
        "refuse", "有一个坐标为 0", "one coordinate is 0", "座標の一方が 0"),
    "far_outside": Reason(
        "refuse", "距本区域超过 1 度", "more than 1° from the region", "対象地域から 1 度以上離れている"),
    "extra_cells": Reason(
        "refuse", "本行单元格多于表头", "more cells than the header", "見出しより列が多い"),
    "not_a_feature": Reason(
        "refuse", "不是 GeoJSON 要素", "not a GeoJSON feature", "GeoJSON の地物でない"),
    "bad_geometry": Reason(
        "refuse", "几何对象有误", "the geometry is malformed", "図形が不正"),
    "broken_geometry": Reason(
        "refuse", "几何数据损坏", "the stored geometry is damaged", "図形データが破損"),
    "not_a_point": Reason(
        "refuse", "不是点", "not a point", "点でない"),
    "no_area": Reason(
        "refuse", "面没有面积", "the outline encloses nothing", "囲む面がない"),
    "not_an_area": Reason(
        "refuse", "不是面", "not an area", "面でない"),
    "not_a_line": Reason(
        "refuse", "不是线", "not a line", "線でない"),
    "unknown_datum": Reason(
        "refuse", "坐标系不明", "a datum that is not known", "測地系が不明"),
    "old_datum": Reason(
        "refuse", "北京54或西安80坐标，需先转换", "Beijing 1954 or Xi'an 1980: convert it first",
        "北京54・西安80 座標（先に変換が必要）"),
    "unprojectable": Reason(
        "refuse", "投影坐标无法换算", "cannot be brought to longitude and latitude", "経緯度に変換できない"),
    "no_address": Reason(
        "refuse", "也没有地址或代码", "no address or code either", "住所もコードもない"),
    "outside_region": Reason(
        "refuse", "地址不在本区域", "the address is outside the region", "住所が対象地域外"),
    "no_gazetteer": Reason(
        "refuse", "本区域没有地名表，不读地址", "the region has no names to read addresses by",
        "地名表がなく住所は読まない"),
    "county_not_stated": Reason(
        "refuse", "地址没有写到区县", "the address does not state the county", "住所に区・県の記載がない"),
    "ambiguous_county": Reason(
        "refuse", "区县重名，无法确定", "a county name of several cities", "同名の区・県が複数ある"),
    "ambiguous_zone": Reason(
        "refuse", "园区跨多个区县", "a zone that lies in several counties", "複数の区・県にまたがる園区"),
    "split_county": Reason(
        "refuse", "区县已拆分，无法对应", "a county that was split", "分割された区・県"),
    "unknown_place": Reason(
        "refuse", "地址无法识别", "the address is not understood", "住所を解釈できない"),
    "not_a_code": Reason(
        "refuse", "行政区划代码有误", "not an administrative code", "行政区画コードでない"),
    "not_a_county": Reason(
        "refuse", "代码只到市或省", "the code is a city's or a province's", "コードが市・省レベル"),
    "unknown_code": Reason(
        "refuse", "不是本区域的区县代码", "no county of the region has this code", "対象地域にないコード"),
    "split_code": Reason(
        "refuse", "代码所指区县已拆分", "the code's county was split", "コードの区・県は分割された"),
    # repairs
    "swapped": Reason(
        "repair", "经纬度写反，已对调", "longitude and latitude were swapped", "経緯度が逆（入れ替えた）"),
    "fullwidth": Reason(
        "repair", "全角数字", "full-width digits", "全角数字"),
    "dms": Reason(
        "repair", "度分秒", "degrees, minutes, seconds", "度分秒"),
    "degree_sign": Reason(
        "repair", "带度号", "a degree sign", "度記号つき"),
    "hemisphere": Reason(
        "repair", "带东经、北纬或 E、N", "E/N or 东经/北纬", "東経・北緯の表記つき"),
    "decimal_comma": Reason(
        "repair", "逗号作小数点", "a decimal comma", "小数点がコンマ"),
    "spaces": Reason(
        "repair", "数字前后有空白等符号", "blanks or quotes around the number", "数値の前後に空白など"),
    "text_number": Reason(
        "repair", "坐标以文本存储", "coordinates stored as text", "座標が文字列"),
    "single_multipoint": Reason(
        "repair", "单点的多点对象", "a MultiPoint of one point", "一点だけのマルチポイント"),
    "missing_cells": Reason(
        "repair", "本行单元格少于表头", "fewer cells than the header", "見出しより列が少ない"),
    "bad_properties": Reason(
        "repair", "属性无法读取", "properties that cannot be read", "属性を読めない"),
    "cut_text": Reason(
        "repair", "文字被字段宽度截断（半个字符已去掉）",
        "text cut by its field's width in mid character: the half was left out",
        "欄の幅で文字が途中で切れている（半端を除いた）"),
    "damaged_text": Reason(
        "repair", "文字有无法解码的字节", "text with bytes that are no characters",
        "文字として読めないバイトがある"),
    "placed_by_code": Reason(
        "repair", "按代码放在区县代表点", "placed in its county by code", "コードにより区・県の代表点に配置"),
    "placed_by_address": Reason(
        "repair", "按地址放在区县代表点", "placed in its county by address",
        "住所により区・県の代表点に配置"),
    "former_unit": Reason(
        "repair", "旧区县名或旧代码，已换为现行", "a former name or code, brought up to date",
        "旧名・旧コードを現行に置換"),
    "cleaned_code": Reason(
        "repair", "代码带空白或全角符号", "a code with blanks or full-width digits", "コードに空白・全角"),
    "float_code": Reason(
        "repair", "代码带小数点", "a code written as 110105.0", "コードが小数表記"),
    "long_code": Reason(
        "repair", "统计用长代码，取前六位", "a long code, of which six digits count",
        "長いコードの先頭六桁を使用"),
    # notes
    "outside_units": Reason(
        "note", "在区域外 1 度以内，不属任何区县", "outside every county, within 1°",
        "どの区・県にも属さない（1 度以内）"),
    "coarse": Reason(
        "note", "坐标小数位过少", "too few decimals", "小数桁が少ない"),
    "coincident": Reason(
        "note", "与其他行坐标完全相同", "the same point as another row", "他の行と同一座標"),
    "outside_stated_county": Reason(
        "note", "坐标不在所写区县内", "the point is not in the county that the row states",
        "記載された区・県の外にある"),
}  # fmt: skip


_SHOWN_LINES: Final = 5
_SHOWN_REASONS: Final = 4


@dataclass(frozen=True)
class LeftOut:
    """Rows that are left out for one reason.

    Attributes
    ----------
    rows
        Number of rows left out.
    lines
        The first of their lines, counted from 1.
    detail
        What was wrong in the first of them, where that says more than the reason.
    """

    rows: int
    lines: tuple[int, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Account:
    """What became of the rows of a file.

    Attributes
    ----------
    name
        Name of the file as the user gave it, for messages.
    rows
        Number of rows in the file.
    left_out
        By reason, a key of ``geo.door.account.REASONS`` or plain words; each row once.
    noted
        Rows that are used, by what was put right or is worth a look.

    Examples
    --------
    >>> account = Account("a.csv", 12, {"not_a_feature": LeftOut(1, (12,))})
    >>> account.used, account.sentence()["en"]
    (11, '11 of 12 rows used; left out: line 12: not a GeoJSON feature')
    """

    name: str
    rows: int
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    noted: Mapping[str, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """Rows that are used."""
        return self.rows - sum(one.rows for one in self.left_out.values())

    def without(self, reason: str, lines: Iterable[int], detail: str = "") -> "Account":
        """Return a copy with further rows left out, which were used so far.

        Parameters
        ----------
        reason
            Reason code or sentence why the rows are left out.
        lines
            Line numbers of the rows, counted from 1.
        detail
            What was wrong in the first of them.

        Returns
        -------
        Account
            A copy.
        """
        numbers = [int(one) for one in lines]
        if not numbers:
            return self
        held = self.left_out.get(reason, LeftOut(0))
        shown = tuple(sorted([*held.lines, *numbers])[:_SHOWN_LINES])
        whole = LeftOut(held.rows + len(numbers), shown, held.detail or detail)
        return replace(self, left_out={**self.left_out, reason: whole})

    def noting(self, reasons: Mapping[str, int]) -> "Account":
        """Return a copy with notes on rows that are used.

        Parameters
        ----------
        reasons
            Number of rows by reason code.

        Returns
        -------
        Account
            A copy.
        """
        counts = Counter(dict(self.noted))
        counts.update(reasons)
        return replace(self, noted={key: n for key, n in counts.items() if n})

    def described(self) -> dict[str, Any]:
        """Return the account as plain data, for a file that rests on these rows.

        Returns
        -------
        dict
            ``rows``, ``used``, and ``left_out`` by reason with lines and words.
        """
        return {
            "rows": self.rows,
            "used": self.used,
            "left_out": {
                reason: {
                    "rows": one.rows,
                    "first_lines": list(one.lines),
                    **dict(zip(("zh", "en", "ja"), _words(reason), strict=True)),
                }
                for reason, one in self.left_out.items()
            },
            **({"noted": dict(self.noted)} if self.noted else {}),
        }

    def sentence(self) -> dict[str, str]:
        """Return one sentence: how many rows are used, and why others are not.

        Returns
        -------
        dict
            ``zh``, ``en``, ``ja``; without a full stop.
        """
        many = (f"{self.used:,}", f"{self.rows:,}")
        noun = "row" if self.rows == 1 else "rows"
        whole = (
            f"共 {many[1]} 行，使用 {many[0]} 行",
            f"{many[0]} of {many[1]} {noun} used",
            f"{many[1]} 行のうち {many[0]} 行を使用",
        )
        if not self.left_out:
            return dict(zip(("zh", "en", "ja"), whole, strict=True))
        heads = ("；未用：", "; left out: ", "；除外：")
        parts = zip(*(self._texts(reason) for reason in self._ranked()), strict=True)
        joins = ("；", "; ", "；")
        texts = [
            f"{start}{head}{join.join(part)}"
            for start, head, join, part in zip(whole, heads, joins, parts, strict=True)
        ]
        return dict(zip(("zh", "en", "ja"), texts, strict=True))

    def put_right(self) -> dict[str, str] | None:
        """Return one sentence: what was repaired in rows that are used.

        Returns
        -------
        dict or None
            ``zh``, ``en``, ``ja``; None where every row is used as it stands.

        Examples
        --------
        >>> Account("a.csv", 12, noted={"swapped": 1, "coarse": 3}).put_right()["en"]
        'longitude and latitude were swapped (1 row)'
        """
        repairs = [
            (REASONS[reason], count)
            for reason, count in self.noted.items()
            if reason in REASONS and REASONS[reason].level == "repair"
        ]
        if not repairs:
            return None
        return {
            "zh": "；".join(f"{one.zh}（{count:,} 行）" for one, count in repairs),
            "en": "; ".join(
                f"{one.en} ({count:,} {'row' if count == 1 else 'rows'})" for one, count in repairs
            ),
            "ja": "；".join(f"{one.ja}（{count:,} 行）" for one, count in repairs),
        }

    def _ranked(self) -> list[str]:
        return sorted(self.left_out, key=lambda one: -self.left_out[one].rows)[:_SHOWN_REASONS]

    def _texts(self, reason: str) -> tuple[str, str, str]:
        one = self.left_out[reason]
        more = f" ({one.detail})" if one.detail else ""
        zh, en, ja = (f"{word}{more}" for word in _words(reason))
        listed = ", ".join(map(str, one.lines)) + ("…" if one.rows > len(one.lines) else "")
        if one.rows == 1 and one.lines:
            return f"第 {listed} 行{zh}", f"line {listed}: {en}", f"{listed} 行目：{ja}"
        if not one.lines:
            return f"{one.rows:,} 行{zh}", f"{one.rows:,} rows: {en}", f"{one.rows:,} 行：{ja}"
        return (
            f"{one.rows:,} 行{zh}（第 {listed} 行）",
            f"{one.rows:,} rows: {en} (lines {listed})",
            f"{one.rows:,} 行：{ja}（{listed} 行目）",
        )


def _words(reason: str) -> tuple[str, str, str]:
    known = REASONS.get(reason)
    return (reason, reason, reason) if known is None else (known.zh, known.en, known.ja)
