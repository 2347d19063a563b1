"""How types of sites fit the roles of a plan: the two tables that a plan file may name."""

import pandas as pd

from geo.layers._planrefs import NAMES, STANDINGS, References

__all__ = ["fit_tables"]


def fit_tables(refs: References) -> dict[str, pd.DataFrame]:
    """Return the types of sites and how each fits each role; empty when the plan rates none.

    Parameters
    ----------
    refs
        Of the plan.

    Returns
    -------
    dict
        ``site_types``, indexed by ``type``, and ``fit``, one row a type and role.
    """
    types = pd.DataFrame(columns=["type", *NAMES, "matches"])
    matrix = pd.DataFrame(columns=["type", "role", "fit", "clause", "standing"])
    if refs.plan.fit is not None:
        types = refs.files.csv(refs.plan.fit.types, list(types.columns))
        matrix = refs.files.csv(refs.plan.fit.matrix, list(matrix.columns))
        _check_matrix(refs, types, matrix)
    values = pd.to_numeric(matrix.fit, errors="coerce")
    types = types.drop(columns="line", errors="ignore").set_index("type")
    matrix = matrix.drop(columns="line", errors="ignore").assign(fit=values)
    return {"site_types": types, "fit": matrix}


def _check_matrix(refs: References, types: pd.DataFrame, matrix: pd.DataFrame) -> None:
    name = refs.plan.fit.matrix if refs.plan.fit else ""
    known = {
        "type": set(types.type),
        "role": {one.id for one in refs.plan.roles},
        "clause": {one.id for one in refs.plan.clauses},
        "standing": set(STANDINGS),
    }
    inside = pd.to_numeric(matrix.fit, errors="coerce").between(-1, 1)
    checked = matrix.assign(inside=inside, double=matrix.duplicated(["type", "role"]))
    for row in checked.to_dict("records"):
        line = f"{name} line {row['line']}"
        for column, allowed in known.items():
            if row[column] not in allowed:
                refs.defects.add_file(line, f"{column} {row[column]!r} is not known")
        if not row["inside"]:
            refs.defects.add_file(line, f"fit {row['fit']!r} is not from -1 to 1")
        if row["double"]:
            refs.defects.add_file(line, f"{row['type']} x {row['role']} stands twice")
    file = refs.plan.fit.types if refs.plan.fit else ""
    for row in types[types.duplicated("type")].to_dict("records"):
        refs.defects.add_file(f"{file} line {row['line']}", f"type {row['type']} stands twice")
