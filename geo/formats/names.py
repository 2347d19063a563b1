"""Names of columns as a format takes them: legal, short enough, no two alike in any case."""

import unicodedata
from collections.abc import Callable, Iterable

__all__ = ["fitted_names", "shortened"]


def shortened(text: str, longest: int, encoding: str = "utf-8") -> str:
    """Cut a text to so many bytes, never in the middle of a sign.

    Parameters
    ----------
    text
        Any text that the encoding can hold.
    longest
        Bytes.
    encoding
        In which the bytes are counted.

    Returns
    -------
    str
        The text, or its beginning.

    Examples
    --------
    >>> shortened("行政区划代码", 10), shortened("行政区划代码", 10, "gbk")
    ('行政区', '行政区划代')
    """
    return text.encode(encoding, "replace")[:longest].decode(encoding, "ignore")


def _legal(name: str) -> str:
    return "".join("_" if unicodedata.category(sign)[0] == "C" else sign for sign in name)


def fitted_names(
    names: Iterable[str],
    *,
    longest: int = 1_000,
    encoding: str = "utf-8",
    reserved: Iterable[str] = (),
    legal: Callable[[str], str] = str,
) -> list[str]:
    """Give each column a name that a format takes; those that fit keep theirs.

    Parameters
    ----------
    names
        As the frame has them.
    longest
        Bytes of a name in the encoding.
    encoding
        Of the names in the file.
    reserved
        Names that the format keeps for itself.
    legal
        Replaces signs that the format does not take.

    Returns
    -------
    list of str
        In the same order, different from each other whatever the case.

    Examples
    --------
    >>> fitted_names(["population_2010", "population_2020", "Name", "name"], longest=10)
    ['population', 'populati_1', 'Name', 'name_1']
    """
    given = list(names)
    cut = [shortened(legal(_legal(name).strip() or "unnamed"), longest, encoding) for name in given]
    taken = {one.casefold() for one in reserved}
    made: dict[int, str] = {}
    # names that need no change come first, so that only the others give way
    for at in sorted(range(len(given)), key=lambda at: cut[at] != given[at]):
        made[at] = _free(cut[at], taken, longest, encoding)
        taken.add(made[at].casefold())
    return [made[at] for at in range(len(given))]


def _free(name: str, taken: set[str], longest: int, encoding: str) -> str:
    tried, number = name, 0
    while tried.casefold() in taken:
        number += 1
        end = f"_{number}"
        tried = shortened(name, longest - len(end), encoding) + end
    return tried
