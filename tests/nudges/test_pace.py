"""The pace: halved for every three unopened in a row, down to one a week, then goodbye."""

import pytest

from server.nudges.pace import changes, time_for_goodbye, weekly


@pytest.mark.parametrize(
    ("chosen", "unopened", "expected"),
    [(4, 0, 4), (4, 2, 4), (4, 3, 2), (4, 6, 1), (4, 9, 1), (14, 3, 7), (14, 6, 4), (14, 9, 2), (14, 12, 1), (1, 2, 1)],
)
def test_the_pace_halves_for_every_three_unopened_down_to_one_a_week(chosen: int, unopened: int, expected: int) -> None:
    assert weekly(chosen, unopened) == expected


@pytest.mark.parametrize(("chosen", "last"), [(1, 3), (2, 6), (4, 9), (14, 15)])
def test_goodbye_comes_after_three_unopened_at_one_a_week(chosen: int, last: int) -> None:
    assert [n for n in range(last + 1) if time_for_goodbye(chosen, n)] == [last]


def test_the_third_unopened_changes_the_pace_and_the_second_does_not() -> None:
    assert changes(4, 2, 3)
    assert not changes(4, 1, 2)
    assert not changes(1, 2, 3)
