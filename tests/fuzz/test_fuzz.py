"""Some hundreds of damaged files in each run of the tests; an hour of them on demand."""

import pytest

from fuzz.run import Driver, kept_cases

SEED = 20_261_129
MUTATIONS = 5  # of each sample; more of those whose readers know many rules
MORE = {
    "geoparquet": 30,
    "kml": 20,
    "table_tab": 12,
    "plan": 15,
    "targets": 15,
    "shapes_geojson": 15,
}
REACHED = 0.8
COVERED = 0.8
NO_READERS = ("__init__", "own_columns", "reasons")  # they open nothing


@pytest.fixture(scope="module")
def driver():
    with Driver() as made:
        yield made


@pytest.fixture(scope="module")
def campaign(driver):
    """Judge every true file, what failed before, and the mutations of this seed."""
    answers = {name: driver.ask({"do": "true", "name": name}) for name in driver.corpus()}
    kept = {name: driver.ask(task) for name, task in kept_cases()}
    made = {
        (name, seed): driver.ask({"do": "judge", "name": name, "seed": seed})
        for name in answers
        for seed in range(SEED, SEED + MORE.get(name, MUTATIONS))
        if "refused" not in name
    }
    return answers, kept, made, driver.ask({"do": "lines"})["lines"]


def _failures(answers):
    return {name: one["found"] for name, one in answers.items() if one["found"]}


@pytest.mark.slow
def test_true_files_and_what_failed_before_are_answered_or_refused_in_one_line(campaign):
    true, kept, _, _ = campaign
    assert not _failures(true)
    assert all(one["reached"] for name, one in true.items() if "refused" not in name)
    assert kept
    assert not _failures(kept)


@pytest.mark.slow
def test_damaged_files_are_answered_or_refused_in_one_line(campaign):
    _, _, made, _ = campaign
    failures = _failures(made)
    first = next(iter(failures), ("", 0))
    again = f"python -m tests.fuzz --seconds 1 --seed {first[1]} --only '^{first[0]}$'"
    assert not failures, f"{failures}; again: {again}"
    reached = sum(one["reached"] for one in made.values())
    assert len(made) > 300
    assert reached >= REACHED * len(made), f"{reached} of {len(made)} reached a reader"


@pytest.mark.slow
def test_every_reader_is_reached(campaign):
    lines = campaign[3]
    shares = {
        name: ran / there for name, (ran, there, _) in lines.items() if name not in NO_READERS
    }
    assert len(shares) > 20
    low = {
        name: (f"{share:.0%}", lines[name][2]) for name, share in shares.items() if share < COVERED
    }
    assert low == {}
