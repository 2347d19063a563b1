"""The tables that go with placed sites: every site in each, under every definition."""

import pandas as pd

from geo.analysis.plan.fit import confusion_table, place_in_plan, present, shares_table, years_table


def test_every_definition_accounts_for_every_site(tiny_plan, ten_sites):
    placed = place_in_plan(ten_sites, tiny_plan)
    shares = shares_table(placed, tiny_plan)
    known = shares.groupby("definition").n_exclusive.sum()
    unknown = shares.groupby("definition").n_unknown.first()
    assert known.to_dict() == {"list": 10, "radius": 10, "minutes": 0}
    assert (known + unknown).eq(10).all()
    crossed = confusion_table(placed, tiny_plan)
    assert crossed.groupby(["left_definition", "right_definition"]).n.sum().eq(10).all()
    assert len(crossed) == 3 * 5 * 5


def test_years_are_counted_for_circles_and_corridors(tiny_plan, ten_sites):
    table = years_table(ten_sites, place_in_plan(ten_sites, tiny_plan), tiny_plan)
    last = table[(table.year == 2003)]
    assert set(last.definition) == {"list", "radius", "minutes", "corridor"}
    assert last.groupby("definition").n_stock.sum().to_dict() == {
        "corridor": 9, "list": 9, "minutes": 0, "radius": 9,
    }  # fmt: skip


def test_only_what_is_marked_as_not_moved_is_absent():
    assert present(pd.DataFrame({"a": [1, 2]})).all()
    assert present(pd.DataFrame({"status": ["present", "not_moved_yet"]})).tolist() == [True, False]
