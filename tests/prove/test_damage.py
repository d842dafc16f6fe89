import pytest

from gendan.config.verify import verify
from tests.prove.damage import KINDS, found
from tests.prove.small_house import build


@pytest.mark.django_db
@pytest.mark.slow
def test_each_kind_of_damage_is_found_and_named() -> None:
    build()
    assert verify() == []
    assert [damage.kind for damage in KINDS if not found(damage)] == []
    assert verify() == []
