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
        code="QUESTION",
        topic=Topic.SEND_BACK,
        reason="QUESTION",
        name="回复客户疑问",
        name_en="Answer to a question",
        text="{收件人}您好，关于订单 {订单号}，您问：{问题}\n\n",
    ),
    Script(
        code="CHASE",
        topic=Topic.CHASE,
        name="付款提醒",
        name_en="Payment reminder",
        text="{收件人}您好，您选的{商品}还为您留着，待付 {待付}。付款后我们第一时间安排发出。",
    ),
    Script(
        code="CHASE_PRICE",
        topic=Topic.CHASE,
        reason="PRICE",
        name="催付：嫌贵",
        name_en="Payment: wants a lower price",
        text="{买家}您好，{商品}现在待付 {待付}。今天付款我帮您再申请一点优惠，您看合适吗？"
        "这批货的品质和售后都由{商家}负责，您放心。",
    ),
    Script(
        code="CHASE_FIRST_TIME",
        topic=Topic.CHASE,
        reason="FIRST_TIME",
        name="催付：不会付款",
        name_en="Payment: the first time",
        text="{买家}您好，订单 {订单号} 已经替您留好，只差付款这一步（{待付}）。"
        "第一次买的话我可以一步一步陪您操作，您用微信、支付宝还是银行卡？",
    ),
    Script(
        code="CHASE_COMPARES",
        topic=Topic.CHASE,
        reason="COMPARES",
        name="催付：还在比较",
        name_en="Payment: still comparing",
        text="{买家}您好，您选的{商品}有什么想再了解的吗？规格、做工、送到时间我都可以给您说清楚，"
        "收到不合适也可以退换。",
    ),
    Script(
        code="CHASE_TROUBLE",
        topic=Topic.CHASE,
        reason="TROUBLE",
        name="催付：付不出去",
        name_en="Payment: it does not go through",
        text="{买家}您好，看到订单 {订单号} 付款没有成功。可以换一张卡或换一种方式再试一次，"
        "超过单笔限额的话可以分两次付，待付 {待付}。需要的话我来帮您。",
    ),
    Script(
        code="CHASE_FORGOT",
        topic=Topic.CHASE,
        reason="FORGOT",
        name="催付：忘了或拍错",
        name_en="Payment: forgot, or by mistake",
        text="{买家}您好，订单 {订单号}（{商品}）快要自动关闭了，待付 {待付}。"
        "还需要的话请尽快付款；要是拍错了告诉我，我帮您改或取消。",
    ),
    Script(
        code="HELP_WECHAT",
        topic=Topic.CHASE,
        reason="HELP_WECHAT",
        name="微信怎么付",
        name_en="How to pay with WeChat",
        text="1. 打开微信，点右下角“我”，再点“服务”“钱包”，看看有没有绑好银行卡。\n"
        "2. 回到我们的聊天，点我发的付款链接或扫收款码。\n"
        "3. 核对金额 {待付}，点“立即支付”，输入 6 位支付密码。\n"
        "4. 付好后截图发我，我马上替您安排 {订单号}。",
    ),
    Script(
        code="HELP_ALIPAY",
        topic=Topic.CHASE,
        reason="HELP_ALIPAY",
        name="支付宝怎么付",
        name_en="How to pay with Alipay",
        text="1. 打开支付宝，点左上角“扫一扫”，扫我发的收款码。\n"
        "2. 核对收款方是{商家}，金额 {待付}。\n"
        "3. 选余额或银行卡，点“确认付款”，输入支付密码或按指纹。\n"
        "4. 看到绿色对勾就成功了，告诉我一声。",
    ),
    Script(
        code="HELP_TRANSFER",
        topic=Topic.CHASE,
        reason="HELP_TRANSFER",
        name="银行转账怎么付",
        name_en="How to pay by bank transfer",
        text="1. 打开手机银行，点“转账”。\n2. 收款户名填{商家}，账号按我发给您的填。\n"
        "3. 金额填 {待付}，附言写订单号 {订单号}，这样到账就能对上。\n"
        "4. 转好后把回单发我，到账后马上安排。",
    ),
    Script(
        code="HELP_PLATFORM",
        topic=Topic.CHASE,
        reason="HELP_PLATFORM",
        name="平台上怎么付",
        name_en="How to pay on the platform",
        text="1. 打开购物软件，点右下角“我的”，找到“待付款”。\n"
        "2. 点开订单 {订单号}，核对商品和地址，点“付款”。\n"
        "3. 选支付方式；余额不够就换一张卡或用其他方式。\n"
        "4. 页面出现“付款成功”就好了，我这边会看到。",
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
