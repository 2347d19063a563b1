"""Communities: two blocks are found, chance is not."""

import pytest
from thirteen import FIXTURE, GOLDEN, UNITS, short, table

from geo.analysis.flows import measures as communities
from geo.analysis.flows.table import check_flows


def test_golden_communities_are_no_more_than_chance():
    """golden/b_network_jjj13_fixture.json: Q = 0.0215, which is no community structure."""
    found = communities.communities(FIXTURE, n_seeds=20, n_null=40)
    groups = [sorted(short(UNITS.loc[list(group)]).index) for group in found.groups]
    assert groups == [sorted(one) for one in GOLDEN["louvain"]["communities"]]
    assert found.modularity == pytest.approx(GOLDEN["louvain"]["Q"], abs=1e-9)
    assert not found.significant
    assert found == communities.communities(FIXTURE, n_seeds=20, n_null=40)


def test_two_blocks_are_a_community_structure():
    cities = UNITS.index[:8].tolist()
    rows = [(a, b, 50) for at in (0, 4) for a in cities[at : at + 4] for b in cities[at : at + 4]]
    rows = [row for row in rows if row[0] < row[1]] + [(cities[0], cities[4], 1)]
    found = communities.communities(check_flows(table(*rows), UNITS), n_seeds=5, n_null=40)
    assert found.significant
    assert set(found.groups[:2]) == {tuple(cities[:4]), tuple(cities[4:])}
