import pytest

from tests.prove.bad_files import try_files


@pytest.mark.django_db
@pytest.mark.slow
def test_no_damaged_file_crashes_or_makes_a_wrong_order() -> None:
    tally = try_files(150)

    assert not tally.faults, "\n".join(tally.faults)
    assert tally.orders > 150
