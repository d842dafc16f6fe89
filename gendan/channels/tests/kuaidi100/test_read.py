from datetime import UTC, datetime
from typing import Any

from gendan.channels.kuaidi100.answers import read_push, read_track
from gendan.channels.kuaidi100.states import CODES, NAMES, STATES, state_of
from gendan.delivery.models import TraceState

SIGNED_PUSH: dict[str, Any] = {
    "status": "polling",
    "message": "变化",
    "autoCheck": "0",
    "comOld": "",
    "comNew": "",
    "lastResult": {
        "nu": "4310500000531",
        "com": "yunda",
        "ischeck": "1",
        "status": "200",
        "state": "3",
        "data": [
            {"time": "2026-11-20 14:32:37", "status": "签收", "context": "您的快件已签收"},
            {"time": "2026-11-19 17:53:20", "status": "揽收", "context": "已揽收"},
        ],
    },
}


def track(state: str, *rows: dict[str, str]) -> Any:
    return read_track({"com": "yuantong", "nu": "YT1", "state": state, "data": list(rows)})


def row(text: str, **more: str) -> dict[str, str]:
    return {"time": "2026-11-20 08:00:00", "context": text, **more}


def test_a_push_is_read_with_its_points_oldest_first() -> None:
    push = read_push(SIGNED_PUSH)
    assert push.track.signed
    assert [point.state for point in push.track.points] == ["ACCEPTED", "SIGNED"]
    assert push.raw is SIGNED_PUSH


def test_times_are_of_shanghai() -> None:
    point = read_push(SIGNED_PUSH).track.points[-1]
    assert point.at == datetime(2026, 11, 20, 6, 32, 37, tzinfo=UTC)


def test_state_3_with_nothing_found_is_not_signed() -> None:
    nobody = track("3", row("查无结果"))
    assert not nobody.signed
    assert nobody.state is None
    assert nobody.points == ()


def test_a_finer_line_says_more_than_the_whole() -> None:
    assert track("2", row("派送失败", statusCode="204")).state == TraceState.FAILED
    assert track("3", row("已存放驿站", statusCode="304")).state == TraceState.SIGNED


def test_the_senders_own_signature_on_the_way_back_is_no_receipt() -> None:
    assert track("4", row("退回件已签收", statusCode="301")).state == TraceState.RETURNED
    assert track("6", row("已签收", status="签收")).state == TraceState.RETURNING


def test_an_unknown_code_is_kept_as_it_came() -> None:
    odd = track("0", row("???", statusCode="9917"))
    assert odd.points[0].code == "9917"
    assert odd.points[0].state == TraceState.UNKNOWN


def test_an_old_line_without_codes_is_read_by_its_words() -> None:
    assert state_of("", "", "分部公司 失败签收录入") == TraceState.FAILED
    assert state_of("", "", "派件人 : 张 派件中") == TraceState.OUT_FOR_DELIVERY
    assert state_of("", "", "客户 签收人 : 张 已签收") == TraceState.SIGNED
    assert state_of("", "", "已打包,发往下一站") == TraceState.MOVING


def test_every_known_code_has_a_name_and_a_state() -> None:
    assert NAMES.keys() == STATES.keys()
    assert len(CODES) == len(NAMES)


def test_a_corrected_carrier_is_told() -> None:
    corrected = {**SIGNED_PUSH, "autoCheck": "1", "comOld": "yunda", "comNew": "yuantong"}
    assert read_push(corrected).corrected_company == "yuantong"
    assert read_push(SIGNED_PUSH).corrected_company == ""


def test_a_given_up_push_has_no_points() -> None:
    told = {"nu": "4310500000532", "com": "yunda", "status": "201", "state": "0", "data": []}
    push = read_push({"status": "abort", "message": "3天查询无记录", "lastResult": told})
    assert push.given_up
    assert push.track.state is None
