"""What Kuaidi100's numbers mean to us.

Other providers give the same numbers other meanings (201 is "not signed in time" here and "arrived
in town" at Kdniao), so the table is kept with its provider, and a number that is not in it is kept
as it came.
"""

import re

from gendan.delivery.models import TraceState

PROVIDER = "KUAIDI100"
NOTHING_FOUND = "查无结果"


# 201 and 202 are Kuaidi100's own alarms (not signed, not updated in time): no movement, and our own
# clocks watch for both.
STATES = {
    "0": TraceState.MOVING,
    "1001": TraceState.MOVING,
    "1002": TraceState.MOVING,
    "1003": TraceState.MOVING,
    "1": TraceState.ACCEPTED,
    "101": TraceState.ORDERED,
    "102": TraceState.ORDERED,
    "103": TraceState.ACCEPTED,
    "2": TraceState.PROBLEM,
    "201": TraceState.UNKNOWN,
    "202": TraceState.UNKNOWN,
    "203": TraceState.REFUSED,
    "204": TraceState.FAILED,
    "205": TraceState.AT_STATION,
    "206": TraceState.FAILED,
    "207": TraceState.FAILED,
    "208": TraceState.PROBLEM,
    "209": TraceState.PROBLEM,
    "210": TraceState.PROBLEM,
    "3": TraceState.SIGNED,
    "301": TraceState.SIGNED,
    "302": TraceState.SIGNED,
    "303": TraceState.SIGNED,
    "304": TraceState.SIGNED,
    "4": TraceState.RETURNED,
    "401": TraceState.PROBLEM,
    "5": TraceState.OUT_FOR_DELIVERY,
    "501": TraceState.AT_STATION,
    "6": TraceState.RETURNING,
    "7": TraceState.MOVING,
    "8": TraceState.MOVING,
    "10": TraceState.MOVING,
    "11": TraceState.MOVING,
    "12": TraceState.MOVING,
    "13": TraceState.PROBLEM,
    "14": TraceState.REFUSED,
}

NAMES = {
    "101": "已下单",
    "102": "待揽收",
    "103": "已揽收",
    "1": "揽收",
    "0": "在途",
    "1001": "到达派件城市",
    "1002": "干线",
    "1003": "转递",
    "5": "派件",
    "501": "投柜或驿站",
    "3": "签收",
    "301": "本人签收",
    "302": "派件异常后签收",
    "303": "代签",
    "304": "投柜或站签收",
    "6": "退回",
    "4": "退签",
    "401": "已销单",
    "14": "拒签",
    "7": "转投",
    "2": "疑难",
    "201": "超时未签收",
    "202": "超时未更新",
    "203": "拒收",
    "204": "派件异常",
    "205": "柜或驿站超时未取",
    "206": "无法联系",
    "207": "超区",
    "208": "滞留",
    "209": "破损",
    "210": "销单",
    "8": "清关",
    "10": "待清关",
    "11": "清关中",
    "12": "已清关",
    "13": "清关异常",
}
CODES = {name: code for code, name in NAMES.items()}

# Older answers carry a text and nothing else; the first line that fits says what happened.
READINGS = (
    (re.compile("失败签收|派送失败|派件失败|派件异常|投递未成功|无法联系"), TraceState.FAILED),
    (re.compile("拒收|拒签"), TraceState.REFUSED),
    (re.compile("退回签收|退件签收"), TraceState.RETURNED),
    (re.compile("退回|退件"), TraceState.RETURNING),
    (re.compile("驿站|快递柜|丰巢|代收点"), TraceState.AT_STATION),
    (re.compile("已签收|并签收|您的快件已签收"), TraceState.SIGNED),
    (re.compile("派件中|正在派件|正在为您派件|安排投递|派送中"), TraceState.OUT_FOR_DELIVERY),
    (re.compile("已揽收|已收件|已收取|揽件"), TraceState.ACCEPTED),
)


def state_of(code: str, name: str = "", text: str = "") -> TraceState:
    """The state for a number, else for its Chinese name, else as the text reads."""
    known = STATES.get(code or CODES.get(name, ""))
    if known is not None:
        return known
    if code or name:
        return TraceState.UNKNOWN
    return next((state for words, state in READINGS if words.search(text)), TraceState.MOVING)
