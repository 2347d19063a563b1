"""The report on rows: status, reason and notes.

What a reader noted of a file, in Chinese beside the English that the readers write.

Report of what became of every row, as a note in Chinese and English or as data.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from geo.door.account import REASONS
from geo.errors import readable
from geo.tables.datum import DatumDecision
from geo.tables.points import PointTable

__all__ = [
    "Account",
    "account",
    "in_chinese",
    "note",
    "print_note",
    "rows_report",
]

_SAID: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (
            r"read as ([\w-]+) \(detected; --encoding says otherwise\)",
            r"编码识别为 \1（如有误请用 --encoding 指定）",
        ),
        (r"read as ([\w-]+) although its suffix is (.+)", r"按内容作为 \1 读取，扩展名却是 \2"),
        (r"read as ([\w-]+)(?: \(\w+\))?", r"按 \1 编码读取"),
        (r"half signs \(unpaired surrogates\) were read as (.)", r"不成对的代理码位按 \1 读取"),
        (r"cells are split at (.+)", r"以 \1 为分隔符"),
        (r"the header is (?:line|row) (\d+)", r"表头在第 \1 行"),
        (
            r"the header is two (?:line|row)s taken together, to (?:line|row) (\d+)",
            r"表头占两行（至第 \1 行），已合并",
        ),
        (r"(\d+) row\(s\) of title above it were left out", r"其上 \1 行标题未读入"),
        (r"read sheet (.+) of (.+)", r"读取工作表 \1（共有 \2）"),
        (r"hidden sheet\(s\) (.+) were not read", r"隐藏的工作表 \1 未读取"),
        (
            r"merged cells in (\d+) row\(s\) were filled with the value they show",
            r"\1 行中的合并单元格已按显示值填充",
        ),
        (
            r"(\d+) hidden or filtered row\(s\) or column\(s\) were read too",
            r"\1 处隐藏或被筛选的行、列也已读入",
        ),
        (
            r"(\d+) cell\(s\) hold a formula without its value and were read as empty: .+",
            r"\1 个单元格只有公式没有结果，按空值读取：请用表格软件打开并保存后再试",
        ),
        (
            r"column (.+) was not used: longitude and latitude have their own",
            r"未使用列 \1：经度、纬度另有专列",
        ),
        (r"of columns (.+), ('.+?'|\".+?\") is taken as the \w+", r"\1 几列含义相同，取 \2"),
        (r"column (\d+) has no name: (.+)", r"第 \1 列无名称，命名为 \2"),
        (r"column (\d+) repeats (.+): (.+)", r"第 \1 列与 \2 重名，改名为 \3"),
    )
)


def in_chinese(note: str) -> str | None:
    """Translate a note of a reader into Chinese.

    Parameters
    ----------
    note
        As the readers write it; parts are joined by semicolons.

    Returns
    -------
    str or None
        None for a note without a Chinese wording.

    Examples
    --------
    >>> in_chinese("the header is line 4; 3 row(s) of title above it were left out")
    '表头在第 4 行；其上 3 行标题未读入'
    >>> in_chinese("something new") is None
    True
    """
    whole = _part(note)
    if whole is not None:
        return whole
    parts = [_part(one) for one in note.split("; ")]
    return None if None in parts else "；".join(one for one in parts if one is not None)


def _part(text: str) -> str | None:
    for english, chinese in _SAID:
        found = english.fullmatch(text)
        if found is not None:
            return found.expand(chinese)
    return None


# ruff: noqa: E501 - sentences in two languages


_DATUM_NAMES: Final = {
    "wgs84": ("WGS 84", "WGS 84"),
    "cgcs2000": ("CGCS2000", "CGCS2000"),
    "gcj02": ("GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)"),
    "bd09": ("BD-09（百度）", "BD-09 (Baidu)"),
}
_HOW: Final = {
    "declared": ("由命令指定", "as you declared"),
    "file": ("文件自述", "as the file states"),
    "header": ("表头写明", "as the header states"),
    "column": ("逐行写明", "as each row states"),
    "evidence": ("由所写区县推断", "found from the counties that the rows state"),
    "assumed": ("没有依据，按 WGS 84 处理", "no evidence; taken as WGS 84"),
}
_EXAMPLES: Final = 5


@dataclass
class Account:
    """Counts over all chunks of a table: they add up to the rows.

    Attributes
    ----------
    name, datum, facts, notes
        As the attributes of ``PointTable``, for the whole table.
    status
        Number of rows by status: placed, repaired or refused.
    reasons
        Rows by reason; a row may have several.
    lines
        First line numbers of the rows with each reason.
    basis
        Number of rows by ``location_basis``: coordinates, address, code or none.
    ambiguous
        Rows too near a border to be sure.
    left_out
        Rows without a place, each once, by the reason that says most.
    """

    name: str
    datum: DatumDecision
    facts: dict[str, Any]
    notes: tuple[str, ...]
    status: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    basis: Counter[str] = field(default_factory=Counter)
    ambiguous: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Rows that came in."""
        return sum(self.status.values())

    @property
    def placed(self) -> int:
        """Rows with a place, repaired ones among them."""
        return self.status["placed"] + self.status["repaired"]

    def add(self, table: PointTable) -> None:
        """Count the rows of a table or of a piece of it.

        Parameters
        ----------
        table
            A placed table, with a report line for each row.
        """
        for counter, column in (
            (self.status, table.report["status"]),
            (self.basis, table.frame["location_basis"]),
        ):
            counter.update({str(value): n for value, n in column.value_counts().items()})
        if "ambiguous" in table.frame:
            self.ambiguous += int(table.frame["ambiguous"].fillna(value=False).sum())
        lost = table.account.left_out
        self.left_out.update({reason: one.rows for reason, one in lost.items()})
        noted = table.report.loc[table.report["reason"] != "", ["line", "reason"]]
        # a handful of combinations stand in any number of rows
        for joined, lines in noted.groupby("reason", sort=False)["line"]:
            for reason in str(joined).split(";"):
                self.reasons[reason] += len(lines)
                seen = [*self.lines.get(reason, ()), *map(int, lines.iloc[:_EXAMPLES])]
                self.lines[reason] = sorted(seen)[:_EXAMPLES]

    def described(self) -> dict[str, Any]:
        """Return the account as plain data.

        Returns
        -------
        dict
            Rows, counts by status and reason, datum with its evidence, and what was found.
        """
        evidence = self.datum.evidence
        return {
            "file": self.name,
            "rows": self.rows,
            "placed": self.status["placed"],
            "repaired": self.status["repaired"],
            "refused": self.status["refused"],
            "left_out": dict(self.left_out),
            "location_basis": dict(sorted(self.basis.items())),
            "ambiguous": self.ambiguous,
            "datum": {
                "datum": self.datum.datum,
                "how": self.datum.how,
                "evidence": None if evidence is None else asdict(evidence),
            },
            "found": self.facts,
            "notes": list(self.notes),
            "reasons": {
                reason: {
                    "rows": self.reasons[reason],
                    "level": words.level,
                    "zh": words.zh,
                    "en": words.en,
                    "ja": words.ja,
                    "first_lines": self.lines[reason],
                }
                for reason, words in REASONS.items()
                if reason in self.reasons
            },
        }


def account(tables: Iterable[PointTable]) -> Account:
    """Count the rows of a table in pieces, by status and reason.

    Parameters
    ----------
    tables
        Pieces of one table in input order, at least one.

    Returns
    -------
    Account
        Counts that add up.
    """
    made: Account | None = None
    for table in tables:
        made = made or Account(table.name, table.datum, dict(table.facts), table.notes)
        made.add(table)
    if made is None:
        msg = "no table to account for"
        raise ValueError(msg)
    return made


def rows_report(table: PointTable) -> pd.DataFrame:
    """Return the report of the rows for writing.

    Parameters
    ----------
    table
        A placed table, with a report line for each row.

    Returns
    -------
    DataFrame
        ``line``, ``status``, ``reason``, ``detail``, and the reason in Chinese and English.
    """
    report = table.report[["line", "status", "reason", "detail"]]
    known = {joined: _worded(joined) for joined in report["reason"].unique()}
    return report.assign(
        reason_zh=report["reason"].map({joined: one[0] for joined, one in known.items()}),
        reason_en=report["reason"].map({joined: one[1] for joined, one in known.items()}),
    )


def _worded(joined: str) -> tuple[str, str]:
    words = [REASONS[one] for one in joined.split(";") if one]
    return "；".join(one.zh for one in words), "; ".join(one.en for one in words)


def note(counts: Account) -> RenderableType:
    """Return the report as text: counts, datum, rows to check.

    Parameters
    ----------
    counts
        Counts over the whole table, as ``account`` returns them.

    Returns
    -------
    rich renderable
        Chinese first, then English, line by line; then a table of reasons.
    """
    refused, repaired = counts.status["refused"], counts.status["repaired"]
    lines = [
        f"{counts.name}",
        f"共 {counts.rows:,} 行：直接定位 {counts.status['placed']:,}，处理后定位 {repaired:,}，未能定位 {refused:,}。",
        f"{counts.rows:,} rows: {counts.status['placed']:,} placed as they are, {repaired:,} placed after a repair, {refused:,} not placed.",
        *_datum_lines(counts.datum),
    ]
    if counts.ambiguous:
        lines += [
            f"其中 {counts.ambiguous:,} 行离区县界太近（小于点位与界线误差之和），归属请核对（ambiguous）。",
            f"{counts.ambiguous:,} rows are nearer to a border than point and border are exact: check their county (column ambiguous).",
        ]
    for one in counts.notes:
        chinese = in_chinese(one)
        lines += [f"· {chinese}。"] if chinese else []
        lines += [f"· {one}"]
    body: list[RenderableType] = [Text(_printable(line)) for line in lines]
    if counts.reasons:
        body.append(_table(counts))
    return Group(*body)


def _datum_lines(decision: DatumDecision) -> list[str]:
    name_zh, name_en = _DATUM_NAMES.get(decision.datum, (decision.datum, decision.datum))
    zh, en = _HOW[decision.how]
    lines = [f"坐标基准：{name_zh}，{zh}。", f"Datum: {name_en}, {en}."]
    evidence = decision.evidence
    if evidence is None:
        return lines
    inside = [f"{_short(key)} {value:.1%}" for key, value in evidence.inside.items()]
    best = max(evidence.posterior, key=lambda one: evidence.posterior[one])
    sure = f"{evidence.posterior[best]:.4f}"
    lines += [
        f"依据：{evidence.n:,} 行写明区县（{evidence.n_places:,} 处），落在所写区县内的比例 {'、'.join(inside)}；最可能 {_short(best)}，概率 {sure}，对数几率 {evidence.log_odds:.1f}。",
        f"Evidence: {evidence.n:,} rows state a county ({evidence.n_places:,} places); inside it: {', '.join(inside)}; likeliest {_short(best)}, probability {sure}, log-odds {evidence.log_odds:.1f}.",
    ]
    if evidence.datum is None and decision.how == "assumed":
        lines += [
            "证据不足以判断（cannot tell）；若知道来源，请用 --datum 指定。",
            "That is not enough to tell; if you know the source, name it with --datum.",
        ]
    elif evidence.datum not in (None, _plain(decision.datum)):
        lines += [
            f"注意：所写区县更支持 {_short(evidence.datum or '')}，请核对。",
            f"Mind: the stated counties speak for {_short(evidence.datum or '')}; please check.",
        ]
    return lines


def _plain(datum: str) -> str:
    return "wgs84" if datum == "cgcs2000" or datum.startswith("EPSG:") else datum


def _short(datum: str) -> str:
    return {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}.get(datum, datum)


def _table(counts: Account) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title, justify in (("行数 rows", "right"), ("原因 reason", "left"), ("行号 lines", "left")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for reason, words in REASONS.items():
        if reason in counts.reasons:
            more = " …" if counts.reasons[reason] > len(counts.lines[reason]) else ""
            lines = ", ".join(map(str, counts.lines[reason])) + more
            table.add_row(f"{counts.reasons[reason]:,}", Text(f"{words.zh} · {words.en}"), lines)
    return table


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in readable(line))


def print_note(counts: Account, console: Console) -> None:
    """Print the note to standard error.

    Parameters
    ----------
    counts
        Counts over the whole table, as ``account`` returns them.
    console
        Console of rich that writes to standard error.
    """
    console.print(note(counts), markup=False, highlight=False, soft_wrap=True)
