"""Accessibility from a table of times, against the golden values and PySAL's access."""

import json
from pathlib import Path

import access
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.access.accessibility import (
    cumulative_opportunities,
    enhanced_two_step_catchment,
    gravity_potential,
    joseph_bantock,
    two_step_catchment,
)
from geo.errors import InputError, UnknownIdError

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "golden" / "d_accessibility.json").read_text(encoding="utf-8")
)
MINUTES = pd.DataFrame(GOLDEN["time_min"]).T.astype(float)
SUPPLY = pd.Series({one["id"]: one["cap"] for one in GOLDEN["supply"]})
DEMAND = pd.Series({one["id"]: one["pop"] for one in GOLDEN["demand"]})


def test_golden_d_accessibility():
    limit = GOLDEN["threshold"]
    two = two_step_catchment(MINUTES, SUPPLY, DEMAND, max_minutes=limit)
    found = {
        "two_sfca": two,
        "e2sfca": enhanced_two_step_catchment(MINUTES, SUPPLY, DEMAND, max_minutes=limit),
        "hansen_power_beta1_5": gravity_potential(MINUTES, SUPPLY, beta=1.5),
        "hansen_exp_0_05": gravity_potential(MINUTES, SUPPLY, beta=0.05, decay="exponential"),
        "joseph_bantock": joseph_bantock(MINUTES, SUPPLY, DEMAND, beta=1.5),
        "cumulative_30min": cumulative_opportunities(MINUTES, SUPPLY, max_minutes=limit),
    }
    for name, one in found.items():
        assert one.values.to_dict() == pytest.approx(GOLDEN[name], abs=1e-9), name
    assert (two.values * DEMAND).sum() == pytest.approx(GOLDEN["check_sum_2sfca"])


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_agrees_with_pysal_access_on_random_times():
    rng = np.random.default_rng(11)
    times = pd.DataFrame(
        rng.uniform(1, 60, (30, 8)),
        index=[f"d{k}" for k in range(30)],
        columns=[f"s{k}" for k in range(8)],
    )
    supply = pd.Series(rng.integers(1, 50, 8), index=times.columns)
    demand = pd.Series(rng.integers(1, 999, 30), index=times.index)
    long = times.stack().rename_axis(["d", "s"]).rename("cost").reset_index()
    theirs = access.Access(
        demand_df=demand.rename("pop").rename_axis("d").reset_index(),
        demand_index="d",
        demand_value="pop",
        supply_df=supply.rename("cap").rename_axis("s").reset_index(),
        supply_index="s",
        supply_value="cap",
        cost_df=long,
        cost_origin="d",
        cost_dest="s",
        cost_name="cost",
    ).two_stage_fca(name="two", max_cost=30)
    ours = two_step_catchment(times, supply, demand, max_minutes=30).values
    assert ours.to_numpy() == pytest.approx(theirs["two_cap"].reindex(times.index).to_numpy())


tables = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(1, 90))] * 3), min_size=2, max_size=6
)


@settings(max_examples=50, deadline=None)
@given(tables)
def test_supply_that_is_reached_is_shared_out_exactly(rows):
    minutes = pd.DataFrame(rows, columns=list("xyz"), dtype=float)
    supply, demand = pd.Series({"x": 3, "y": 5, "z": 7}), pd.Series(2.0, index=minutes.index)
    reached = supply[(minutes <= 45).any()].sum()
    found = two_step_catchment(minutes, supply, demand, max_minutes=45)
    assert (found.values * demand).sum() == pytest.approx(reached)
    assert sum(found.n_dropped.values()) == (~(minutes <= 45).any()).sum()
    jb = joseph_bantock(minutes, supply, demand, beta=1.0)
    assert (jb.values * demand).sum() == pytest.approx(supply[minutes.notna().any()].sum())
    near = cumulative_opportunities(minutes, supply, max_minutes=30).values
    far = cumulative_opportunities(minutes, supply, max_minutes=60).values
    assert (near <= far).all()


def test_the_limit_itself_is_inside():
    minutes = pd.DataFrame({"x": [30.0]})
    supply = pd.Series({"x": 1})
    assert cumulative_opportunities(minutes, supply, max_minutes=30).values[0] == 1
    assert cumulative_opportunities(minutes, supply, max_minutes=29.99).values[0] == 0


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InputError, match="columns of minutes"):
        cumulative_opportunities(MINUTES, SUPPLY.iloc[:2], max_minutes=30)
    with pytest.raises(InputError, match="rows of minutes"):
        two_step_catchment(MINUTES, SUPPLY, DEMAND.iloc[:2], max_minutes=30)
    with pytest.raises(InputError, match="missing or negative"):
        cumulative_opportunities(MINUTES, -SUPPLY, max_minutes=30)
    with pytest.raises(InputError, match="travel time is negative"):
        cumulative_opportunities(-MINUTES, SUPPLY, max_minutes=30)
    with pytest.raises(InputError, match="limit"):
        cumulative_opportunities(MINUTES, SUPPLY, max_minutes=0)
    with pytest.raises(InputError, match="intrazonal"):
        gravity_potential(MINUTES * 0, SUPPLY, beta=1)
    with pytest.raises(InputError, match="beta"):
        gravity_potential(MINUTES, SUPPLY, beta=0)
    with pytest.raises(UnknownIdError, match="decay"):
        gravity_potential(MINUTES, SUPPLY, beta=1, decay="linear")
    with pytest.raises(InputError, match="not rise"):
        enhanced_two_step_catchment(MINUTES, SUPPLY, DEMAND, max_minutes=30, weights=(0.2, 1))


@settings(max_examples=50, deadline=None)
@given(tables, st.integers(2, 9))
def test_bands_share_out_all_and_potentials_grow_with_supply(rows, factor):
    minutes = pd.DataFrame(rows, columns=list("xyz"), dtype=float)
    supply, demand = pd.Series({"x": 3, "y": 5, "z": 7}), pd.Series(2.0, index=minutes.index)
    banded = enhanced_two_step_catchment(minutes, supply, demand, max_minutes=45)
    assert (banded.values * demand).sum() == pytest.approx(supply[(minutes <= 45).any()].sum())
    for decay in ("power", "exponential"):
        one = gravity_potential(minutes, supply, beta=1.5, decay=decay).values
        more = gravity_potential(minutes, supply * factor, beta=1.5, decay=decay).values
        assert more.tolist() == pytest.approx((one * factor).tolist())
        steep = gravity_potential(minutes, supply, beta=2.0, decay=decay).values
        assert (steep <= one + 1e-12).all()


def test_what_nobody_reaches_is_counted_and_given_to_nobody():
    minutes = pd.DataFrame({"x": [None, None], "y": [10.0, None]}, dtype=float)
    supply, demand = pd.Series({"x": 3, "y": 5}), pd.Series([1.0, 1.0])
    for found in (
        two_step_catchment(minutes, supply, demand, max_minutes=30),
        enhanced_two_step_catchment(minutes, supply, demand, max_minutes=30),
        joseph_bantock(minutes, supply, demand, beta=1.0),
    ):
        assert found.values.tolist() == [5.0, 0.0]
        assert found.n_dropped == {"supply that no demand reaches": 1}
    assert gravity_potential(minutes, supply, beta=1.0).values.tolist() == [0.5, 0.0]
    assert cumulative_opportunities(minutes, supply, max_minutes=30).values.tolist() == [5.0, 0.0]
