"""What a click on a site says is in the reader's language, whatever the tables hold."""

import pytest

from geo.atlas.context import NOT_SITES, Context
from geo.atlas.jjj import sites
from geo.layers import vocabulary
from geo.render.words import since


@pytest.fixture(scope="module")
def context():
    return Context()


def test_every_city_and_every_basis_of_a_position_has_its_words(context):
    facilities, firms = context.frame("facilities"), context.frame("firms")
    _, city, _ = sites.site_fields(context, {}, "category")
    assert set(facilities.city) | set(firms.city) <= set(city.words)
    assert set(facilities.source) <= set(vocabulary("source"))


def test_every_year_of_a_firm_is_said_in_three_languages(context):
    for text in context.frame("firms").founded_or_listed.dropna().unique():
        said = since(text)
        assert len({said.zh, said.en, said.ja}) == 3
        assert text[-4:] in said.zh


def test_sites_are_the_facilities_without_stations_and_nodes(context):
    facilities, own = context.frame("facilities"), context.sites()
    left = facilities.drop(index=own.index)
    assert set(left.category) == set(NOT_SITES)
    assert not own.category.isin(NOT_SITES).any()
