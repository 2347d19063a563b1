"""The result of the axis rule as one sentence in three languages, and as a record."""

from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from geo.analysis.flows.axes import Axis, Confidence, Found
from geo.texts import Localized, tr

__all__ = ["record", "short_name", "verdict"]

_WORDS: Final = {
    "zh": {
        "core": "核心为{}",
        "main": "主轴为{}",
        "no_main": "核心没有骨干联系，不认定主轴",
        "second": "副轴为{}",
        "no_second": "未发现副轴",
        "join": "；",
        "end": "。括号内为占全部流量的比重；骨干水平 {level}，保留流量的 {kept}。",
    },
    "en": {
        "core": "Core: {}",
        "main": "main axis: {}",
        "no_main": "the core has no backbone flow, so no main axis is named",
        "second": "secondary axis: {}",
        "no_second": "no secondary axis",
        "join": "; ",
        "end": ". In brackets, shares of all flows; backbone level {level}, keeping {kept} of the "
        "weight.",
    },
    "ja": {
        "core": "中核は{}",
        "main": "主軸は{}",
        "no_main": "中核に骨格となる流動がなく、主軸は認定しない",
        "second": "副軸は{}",
        "no_second": "副軸は見いだされない",
        "join": "、",
        "end": "。括弧内は全流動に占める割合、骨格水準 {level}、流量の {kept} を保持。",
    },
}


def verdict(found: Found, units: pd.DataFrame) -> Localized:
    """Return the result of the axis rule as one sentence in three languages.

    Parameters
    ----------
    found
        Core and axes, as ``geo.analysis.flows.axes.find_axes`` returns them.
    units
        Table of the units indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.

    Returns
    -------
    Localized
        Core, main axis, secondary axes or that there are none, with the shares that decide.

    Examples
    --------
    >>> nothing = Found(None, (), float("nan"), None, (), 1.0, 0.0, 0.05, 15.0, ())
    >>> verdict(nothing, pd.DataFrame()).en
    'No unit stands out as a core, so no axis is named (backbone level α = 0.05).'
    """
    level = f"α = {found.alpha:g}"
    when = _when(found.years)
    if found.core is None:
        return tr(
            "{when}No unit stands out as a core, so no axis is named (backbone level {level}).",
            when=when,
            level=level,
        )
    kept = f"{found.backbone_weight_share:.1%}"
    sentences: dict[str, str] = {}
    for language, words in _WORDS.items():
        names = {unit: short_name(units, unit, language) for unit in found.core_units}
        parts = [words["core"].format(names[found.core])]
        if found.main is None:
            parts.append(words["no_main"])
        else:
            parts.append(words["main"].format(_listed(found.main, units, language)))
        parts += [words["second"].format(_listed(one, units, language)) for one in found.secondary]
        if not found.secondary:
            parts.append(words["no_second"])
        sentences[language] = (
            f"{when}{words['join'].join(parts)}{words['end'].format(level=level, kept=kept)}"
        )
    return Localized(zh=sentences["zh"], en=sentences["en"], ja=sentences["ja"])


def _when(years: tuple[int, ...]) -> str:
    if not years:
        return ""
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    return f"[{span}] "


def short_name(units: pd.DataFrame, unit: str, language: str) -> str:
    """Return the short name of a unit for names of axes: 北京, not 北京市.

    Parameters
    ----------
    units
        Table of the units indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    unit
        Id of a unit in ``units``.
    language
        Language code: ``zh``, ``en`` or ``ja``.

    Returns
    -------
    str
        Without a last 市 when two or more characters are left.

    Examples
    --------
    >>> units = pd.DataFrame({"name_zh": ["北京市"], "name_en": ["Beijing"]}, index=["110000"])
    >>> short_name(units, "110000", "zh"), short_name(units, "110000", "en")
    ('北京', 'Beijing')
    """
    name = str(units.at[unit, f"name_{language}"])
    return name[:-1] if len(name) > 2 and name.endswith("市") else name


def _listed(axis: Axis, units: pd.DataFrame, language: str) -> str:
    dash, comma = {"zh": ("—", "、"), "en": ("–", ", "), "ja": ("―", "、")}[language]
    names = dash.join(short_name(units, unit, language) for unit in axis.units)
    shares = comma.join(f"{share:.1%}" for share in axis.shares)
    return f"{names} ({shares})" if language == "en" else f"{names}（{shares}）"


def record(
    found: Found,
    units: pd.DataFrame,
    *,
    sure: Confidence | None = None,
    levels: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Return the result of the axis rule as plain values, for JSON.

    Parameters
    ----------
    found
        Core and axes, as ``geo.analysis.flows.axes.find_axes`` returns them.
    units
        Table of the units indexed by id, with ``name_zh``, ``name_en``, ``name_ja``.
    sure
        Shares of draws and shuffles, as ``axes.confidence`` returns them; None leaves them out.
    levels
        Answers at several levels, as ``axes.sensitivity`` returns them; None leaves them out.

    Returns
    -------
    dict
        Always ``core`` (short Chinese name or None), ``main_axis`` (names from the core outwards,
        or None), ``secondary_axes`` (a list of such lists), ``density``,
        ``backbone_weight_share``, ``alpha``, ``n_nodes``, ``years``; and ``axes`` with ids,
        shares, bearings and distances, ``sentence`` in three languages, what was asked for beside.

    Examples
    --------
    >>> nothing = Found(None, (), float("nan"), None, (), 1.0, 0.0, 0.05, 15.0, ())
    >>> record(nothing, pd.DataFrame())["secondary_axes"]
    []
    """

    def names(axis: Axis | None) -> list[str] | None:
        return None if axis is None else [short_name(units, one, "zh") for one in axis.units]

    axes = [("main", found.main)] if found.main is not None else []
    axes += [(f"secondary-{at + 1}", one) for at, one in enumerate(found.secondary)]
    made: dict[str, Any] = {
        "core": None if found.core is None else short_name(units, found.core, "zh"),
        "main_axis": names(found.main),
        "secondary_axes": [names(one) for one in found.secondary],
        "density": found.density,
        "backbone_weight_share": found.backbone_weight_share,
        "alpha": found.alpha,
        "n_nodes": len(units),
        "years": list(found.years),
        "bearing_width_deg": found.width_deg,
        "core_periphery": {
            "ideal": "core-core",
            "units": list(found.core_units),
            "correlation": found.core_fit,
        },
        "axes": [{"role": role, "names_zh": names(axis), **asdict(axis)} for role, axis in axes],
        "sentence": verdict(found, units).described(),
    }
    if sure is not None:
        made["confidence"] = asdict(sure)
    if levels is not None:
        made["sensitivity"] = levels.astype(object).to_dict("records")
    return made
