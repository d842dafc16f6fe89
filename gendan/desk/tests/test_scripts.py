import pytest

from gendan.desk.actions import save_script, switch_scripts
from gendan.desk.actions.scripts import NothingToSay
from gendan.desk.models import Script, Topic
from gendan.desk.scripts import BUILT_IN, install_scripts, script_for
from gendan.journal.models import Entry
from gendan.people.models import Person


def test_the_built_in_ones_come_once(zhao: Person) -> None:
    assert install_scripts(by=zhao) == len(BUILT_IN)
    assert install_scripts(by=zhao) == 0


def test_one_that_was_changed_is_not_brought_back(zhao: Person) -> None:
    install_scripts(by=zhao)
    script = Script.objects.get(code="CHASE")
    script.text = "亲，{收件人}，付款了吗？"
    save_script(script, by=zhao, why="更亲切")

    install_scripts(by=zhao)

    assert Script.objects.get(code="CHASE").text.startswith("亲")
    assert Entry.objects.get(verb="script.changed").why == "更亲切"


def test_a_script_says_something(zhao: Person) -> None:
    with pytest.raises(NothingToSay):
        save_script(Script(code="X", topic=Topic.OTHER, name="空", text=" "), by=zhao)

    assert not Script.objects.exists()


def test_the_one_for_the_reason_goes_before_the_one_for_the_topic(zhao: Person) -> None:
    assert script_for(Topic.SEND_BACK, "QUESTION", by=zhao).code == "QUESTION"
    assert script_for(Topic.SEND_BACK, by=zhao).code == "SEND_BACK"
    assert script_for(Topic.CHASE, "NO_SUCH_REASON", by=zhao).code == "CHASE"


def test_what_is_switched_off_is_not_said(zhao: Person) -> None:
    install_scripts(by=zhao)
    assert switch_scripts(Script.objects.filter(topic=Topic.DELAY), False, by=zhao, why="改词") == 1

    with pytest.raises(Script.DoesNotExist):
        script_for(Topic.DELAY, by=zhao)
