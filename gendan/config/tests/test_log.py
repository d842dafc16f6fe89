"""What the log holds, and what it must not."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from gendan.config.tests.conftest import environment

FAIL = """
import logging
from gendan.config import logs

def charge(phone):
    raise ValueError("no such method")

logs.configure({"level": "INFO"})
try:
    charge("13800138000")
except ValueError as error:
    extra = {"request": object(), "status_code": 500}
    logging.getLogger("django.request").error("failed", exc_info=error, extra=extra)
"""


@pytest.fixture
def line(unused: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", FAIL], env=environment(unused), capture_output=True, check=True
    )
    assert b"13800138000" not in done.stderr  # no values of variables
    found: dict[str, object] = json.loads(done.stderr)
    return found


def test_a_line_is_json_with_its_exception(line: dict[str, object]) -> None:
    assert line["event"] == "failed"
    assert line["level"] == "error"
    assert line["status_code"] == 500
    assert "charge" in json.dumps(line["exception"])


def test_a_line_holds_no_request(line: dict[str, object]) -> None:
    assert "request" not in line


@pytest.mark.django_db
def test_a_request_is_named_by_its_route(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gendan.request"):
        client.get("/sign-in/?next=/orders/?q=13800138000")
    assert "13800138000" not in caplog.text
    assert "sign-in" in caplog.text
