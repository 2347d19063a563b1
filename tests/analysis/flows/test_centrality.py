"""Centrality of units: the golden network, and one in two parts."""

import numpy as np
import pandas as pd
import pytest
from thirteen import FIXTURE, GOLDEN, UNITS, short, table

from geo.analysis.flows import backbone
from geo.analysis.flows import measures as centrality
from geo.analysis.flows.table import check_flows


def test_golden_strength_and_centralities():
    """golden/b_network_jjj13_fixture.json."""
    found = short(centrality.centrality(FIXTURE))
    for name, golden in {
        "degree": "degree",
        "strength": "strength",
        "strength_share": "strength_share",
        "betweenness": "betweenness_weighted_dist_inverse",
        "betweenness_unweighted": "betweenness_unweighted",
        "closeness": "closeness_dist_inverse",
        "eigenvector": "eigenvector_weighted",
    }.items():
        expected = pd.Series(GOLDEN[golden], dtype=float)
        assert np.allclose(found[name].loc[expected.index], expected, atol=1e-6), name
    assert centrality.centralisation(FIXTURE) == pytest.approx(
        GOLDEN["freeman_degree_centralization"], abs=1e-9
    )


def test_a_network_in_two_parts_has_harmonic_closeness():
    rows = [("北京", "天津", 2), ("石家庄", "邢台", 4)]
    flows = check_flows(table(*rows), UNITS)
    assert flows.parts == 2
    assert "the network is in 2 parts that are not connected" in flows.summary()
    found = centrality.centrality(flows)
    assert found.loc["110000", "harmonic"] == 2.0
    assert found.loc["130100", "harmonic"] == 4.0
    assert found.loc["131100", ["harmonic", "closeness", "betweenness"]].tolist() == [0, 0, 0]
    dominant = backbone.dominant_flows(check_flows(table(*rows), UNITS))
    assert dominant.loc["131100", "largest_to"] is None
