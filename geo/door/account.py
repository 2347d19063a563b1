"""The account of a file's rows: how many came in, how many are used, which are left out and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from geo.door.reasons import REASONS

__all__ = ["Account", "LeftOut"]

_SHOWN_LINES: Final = 5
_SHOWN_REASONS: Final = 4


@dataclass(frozen=True)
class LeftOut:
    """Rows that are left out for one reason.

    Attributes
    ----------
    rows
        How many.
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
        The file, as the reader calls it.
    rows
        How many came in.
    left_out
        By reason, a key of ``geo.door.reasons.REASONS`` or plain words; each row once.
    noted
        Rows that are used, by what was put right or is worth a look.

    Examples
    --------
    >>> told = Account("a.csv", 12, {"not_a_feature": LeftOut(1, (12,))})
    >>> told.used, told.sentence()["en"]
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
        """Leave further rows out, each of which was used until here.

        Parameters
        ----------
        reason
            Why.
        lines
            Where they stand.
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
        """Note what was seen in rows that are used.

        Parameters
        ----------
        reasons
            Rows by reason.

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
        """Say how many of the rows are used, and why others are not.

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
        parts = zip(*(self._told(reason) for reason in self._ranked()), strict=True)
        joins = ("；", "; ", "；")
        texts = [
            f"{start}{head}{join.join(part)}"
            for start, head, join, part in zip(whole, heads, joins, parts, strict=True)
        ]
        return dict(zip(("zh", "en", "ja"), texts, strict=True))

    def put_right(self) -> dict[str, str] | None:
        """Say what was put right in rows that are used.

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

    def _told(self, reason: str) -> tuple[str, str, str]:
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
    said = REASONS.get(reason)
    return (reason, reason, reason) if said is None else (said.zh, said.en, said.ja)
