"""Wait until a page shows what a test is about, and never for a fixed time."""

import pytest

STEP_MS, STEPS = 40, 250


def until(page, condition, wanted=None):
    """Wait until a condition holds, or until it gives the wanted value.

    A condition is JavaScript or a function of Python. It is asked from outside, again and again:
    Playwright's own `wait_for_function` evaluates strings in the page, which its policy forbids.
    """
    for _ in range(STEPS):
        found = condition() if callable(condition) else page.evaluate(condition)
        if found == wanted or (wanted is None and found):
            return
        page.wait_for_timeout(STEP_MS)
    pytest.fail(
        f"{condition} stays {found!r}" + (f", not {wanted!r}" if wanted is not None else "")
    )


def at_rest(page, look):
    """Wait until what a condition gives is the same twice, a fifth of a second apart; return it."""
    last = object()
    for _ in range(STEPS):
        found = look() if callable(look) else page.evaluate(look)
        if found == last:
            return found
        last = found
        page.wait_for_timeout(200)
    pytest.fail(f"{look} does not come to rest: {found!r}")
