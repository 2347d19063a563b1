"""Sites and links as the commands of roles read them: columns filled from what a layer has."""

import pandas as pd

from geo.analysis.roles.firms import firm_roles
from geo.analysis.years import require_columns
from geo.cli.inputs import points_named, table_named
from geo.errors import InputError, UnknownIdError
from geo.layers import ids
from geo.layers.places import top_units_of

__all__ = ["links_at_level", "sites_named"]

_LEVELS = ("provinces", "as-given")


def sites_named(source: str) -> pd.DataFrame:
    """Open sites as a table, with the columns that a layer of ours has under other names.

    Parameters
    ----------
    source
        A layer's id, a file, or ``-``.

    Returns
    -------
    DataFrame
        ``region`` from the city, ``role`` from the industry and ``province_adcode`` from the code
        where the table lacks them.
    """
    if source in ids():
        frame = pd.DataFrame(points_named(source).drop(columns="geometry"))
    else:
        frame = table_named(source)
    if "region" not in frame.columns and "city" in frame.columns:
        frame = frame.assign(region=frame["city"])
    if "role" not in frame.columns and "industry" in frame.columns:
        frame = frame.assign(role=firm_roles(frame))
    if "province_adcode" not in frame.columns and "adcode" in frame.columns:
        frame = frame.assign(province_adcode=frame["adcode"].astype("string").str[:2] + "0000")
    return frame


def links_at_level(links: pd.DataFrame, *, level: str) -> pd.DataFrame:
    """Put the ends of links into provinces, so that a link inside one crosses nothing.

    Parameters
    ----------
    links
        Table with columns ``origin`` and ``destination``.
    level
        ``provinces``, or ``as-given`` to leave the places alone.

    Returns
    -------
    DataFrame
        A copy; an end that is missing stays so.

    Raises
    ------
    UnknownIdError
        When there is no such level.
    InputError
        When an end is no county, city or province of the region.
    """
    if level not in _LEVELS:
        kind = "level"
        raise UnknownIdError(kind, level, _LEVELS)
    ends = ("origin", "destination")
    require_columns(links, *ends, name="links")
    if level == "as-given":
        return links
    try:
        return links.assign(**{one: top_units_of(links[one].dropna()) for one in ends})
    except InputError as error:
        msg = f"{error}; --level as-given takes any places"
        raise InputError(msg) from error
