"""The scripts with which a house begins; whoever writes scripts may change or switch off any."""

from gendan.desk.models import Script, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

BUILT_IN = (
    Script(
        code="CHECK_ALL",
        topic=Topic.CHECK,
        name="整单核对",
        name_en="Check the whole order",
        text="{收件人}您好，这里是{商家}。和您核对订单 {订单号}：{商品}，共 {件数} 件，"
        "应付 {应付}；寄往 {地址}，电话 {电话}。以上信息都对吗？",
    ),
    Script(
        code="SEND_BACK",
        topic=Topic.SEND_BACK,
        name="回传订单",
        name_en="The order, sent back",
        text="{收件人}您好，订单 {订单号} 的确认单已发给您，请核对商品、规格、数量和交期。"
        "有任何疑问直接回复，我们马上处理。",
    ),
    Script(
        code="CHASE",
        topic=Topic.CHASE,
        name="付款提醒",
        name_en="Payment reminder",
        text="{收件人}您好，您选的{商品}还为您留着，待付 {待付}。付款后我们第一时间安排发出。",
    ),
    Script(
        code="AMENDMENT",
        topic=Topic.AMENDMENT,
        name="改单告知",
        name_en="The order was changed",
        text="{收件人}您好，订单 {订单号} 已按您的要求修改：{商品}，应付 {应付}，寄往 {地址}。",
    ),
    Script(
        code="SHORTAGE",
        topic=Topic.SHORTAGE,
        name="缺货征询",
        name_en="Out of stock: what shall we do?",
        text="{收件人}您好，非常抱歉，订单 {订单号} 里有商品暂时缺货。"
        "请您选一种方式，我们马上照办：",
    ),
    Script(
        code="DELAY",
        topic=Topic.DELAY,
        name="延期告知",
        name_en="Another date",
        text="{收件人}您好，订单 {订单号} 原定 {承诺时间} 前发出，现在看来赶不上了，很抱歉。",
    ),
)


def install_scripts(*, by: Actor) -> int:
    """Add the built-in scripts that the house does not have yet; return how many that were."""
    there = set(Script.objects.values_list("code", flat=True))
    missing = [
        (place, script) for place, script in enumerate(BUILT_IN, 1) if script.code not in there
    ]
    if not missing:
        return 0
    with entry("scripts.installed", by=by, count=len(missing)):
        fresh = [_fresh(script, place * 10) for place, script in missing]
        Script.objects.bulk_create(fresh, ignore_conflicts=True)  # two may begin at once
    return len(missing)


def _fresh(script: Script, position: int) -> Script:
    return Script(
        code=script.code,
        topic=script.topic,
        reason=script.reason,
        name=script.name,
        name_en=script.name_en,
        text=script.text,
        position=position,
        is_built_in=True,
    )


def script_for(topic: Topic, reason: str = "", *, by: Actor) -> Script:
    """Return the first script for an occasion; of the topic if none is for that very reason.

    :raises Script.DoesNotExist: if the house has switched all of them off
    """
    install_scripts(by=by)
    fitting = Script.objects.filter(topic=topic, is_on=True)
    found = fitting.filter(reason=reason).first() or fitting.filter(reason="").first()
    if found is None:
        raise Script.DoesNotExist(topic)
    return found
