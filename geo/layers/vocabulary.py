"""The codes that layers use for kinds of things, and their names in three languages."""

from geo.errors import UnknownIdError
from geo.region import Region, current_region
from geo.texts import Localized

__all__ = ["vocabulary"]


def vocabulary(name: str, region: Region | None = None) -> dict[str, Localized]:
    """Return the names of the codes of one kind, in the order in which they are listed.

    Parameters
    ----------
    name
        ``category``, ``role``, ``circle``, ``definition``, ``basis``, ``axis_set``,
        ``source`` (as the tables write it), ``industry`` (first letter of the section),
        ``business`` (as firms.csv writes it) or ``status``.
    region
        The region whose layers and codes are used; None is the current region.

    Returns
    -------
    dict of str to Localized
        Code to name; empty when the region has no table ``vocabulary``.

    Raises
    ------
    UnknownIdError
        When there is no such vocabulary.

    Examples
    --------
    >>> vocabulary("circle")["commuting"].ja
    '通勤圏'
    """
    region = region or current_region()
    if "vocabulary" not in region.tables:
        return {}
    table = region.table("vocabulary")
    chosen = table[table.vocabulary == name]
    if chosen.empty:
        raise UnknownIdError("vocabulary", name, table.vocabulary.unique())
    columns = (chosen[one].tolist() for one in ("code", "name_zh", "name_en", "name_ja"))
    return {code: Localized(zh=zh, en=en, ja=ja) for code, zh, en, ja in zip(*columns, strict=True)}
