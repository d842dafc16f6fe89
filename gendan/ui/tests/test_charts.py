"""The geometry of the small charts."""

from gendan.ui import charts


def test_share_stays_between_nothing_and_all() -> None:
    assert charts.share(30, 120) == 25
    assert charts.share(200, 120) == 100
    assert charts.share(-1, 120) == 0
    assert charts.share(1, 0) == 0


def test_line_runs_from_left_to_right_and_low_to_high() -> None:
    assert charts.line([1, 2, 3]) == "0.0,28.0 50.0,15.0 100.0,2.0"


def test_line_of_equal_values_is_flat_and_of_none_is_empty() -> None:
    assert charts.line([5, 5]) == "0.0,28.0 100.0,28.0"
    assert charts.line([]) == ""


def test_upright_lets_the_highest_fill_and_marks_the_last() -> None:
    one, two = charts.upright([("一", 30), ("二", 60)])
    assert (one.height, two.height) == (30.0, 60.0)
    assert (one.now, two.now) == (False, True)


def test_upright_of_zeros_is_flat() -> None:
    assert [bar.height for bar in charts.upright([("一", 0)])] == [0.0]
