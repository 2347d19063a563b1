"""Display of texts with control or direction characters, which may mislead readers."""

import re
from typing import Final

__all__ = ["sanitized"]

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def sanitized(text: str) -> str:
    r"""Replace control characters and text direction characters by visible ones.

    The page does the same (``web/src/text/words.js``); exported data keep such characters.

    Parameters
    ----------
    text
        Any text, even with unpaired surrogates, as arguments in another encoding have them.

    Returns
    -------
    str
        With U+FFFD in their place; can be written as UTF-8.

    Examples
    --------
    >>> sanitized("ACME \u202egnp.exe"), sanitized("京津\n冀"), sanitized("")
    ('ACME �gnp.exe', '京津\n冀', '')
    """
    return _UNSEEN.sub("\ufffd", text)
