"""What a reader noted of a file, in Chinese beside the English that the readers write."""

import re
from typing import Final

__all__ = ["in_chinese"]

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
    """Say a note of a reader in Chinese.

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
