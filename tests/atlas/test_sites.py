"""Colours of the sites: functions are told apart by eyes that do not see red or green."""

import itertools

import numpy as np
import pytest

from geo.atlas.sites import ROLE_COLOURS

# Viénot, Brettel and Mollon (1999), in linear light
DEUTERANOPIA = [[0.29275, 0.70725, -0.02234], [0.29275, 0.70725, 0.02234], [0, 0, 1]]
PROTANOPIA = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]


@pytest.mark.parametrize("eye", [DEUTERANOPIA, PROTANOPIA])
def test_functions_are_told_apart_by_colour_blind_eyes(eye):
    def seen(colour):
        shares = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
        return np.clip(np.array(eye) @ shares**2.2, 0, 1) ** (1 / 2.2)

    for one, other in itertools.combinations(ROLE_COLOURS.values(), 2):
        assert np.linalg.norm(seen(one) - seen(other)) > 0.14
