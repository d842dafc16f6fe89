"""When all the stories of this folder are over, everything must add up."""

import json

from tests.living import House


def test_everything_adds_up(house: House) -> None:
    done = house.gendan("verify", "--json")
    assert json.loads(done.stdout) == {"findings": []}
    assert done.returncode == 0
