"""Tells which piece of a pasted text is most likely the receiver's name."""

import re

from gendan.customers.addresses.tokens import Token

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁"
    "毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊甄曲家封芮储靳汲邴"
    "松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲"
    "邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏"
    "柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷"
    "訾辛阚那简饶空曾毋沙养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃岳涂仝苟付代冼"
)
TITLE = re.compile("(?:先生|女士|小姐|老师|同学|太太|经理|师傅|老板|总)$")
HAN_NAME = re.compile("[一-龥]{1,4}(?:·[一-龥]{1,6})*")
LATIN_NAME = re.compile("[A-Za-z][A-Za-z.' ]{1,24}")
MIXED_NAME = re.compile("[一-龥]{1,3}(?:[A-Za-z]{1,4}|某{1,2})|[一-龥]{1,3}\\*+[一-龥]?")
PLACE = re.compile(
    "[0-9#]|(?:[路街道楼栋幢室层镇乡村组弄巷区县市店苑厦厂寓座期铺校库司]|号|单元|花园|广场|门口|前台"
    "|物业|驿站|大学|医院|附近|旁边|对面|中心|酒店|宾馆)$"
)
CHAT = re.compile("谢谢|麻烦|发货|尽快|快递|备注|包装|请|不要|顺丰|一下|收货|您|你好|订单")
RECEIVES = re.compile("(?<=..)(?:亲收|收启|[收启])$")
CERTAIN = 6


def likeness(token: Token, *, first: bool, last: bool) -> int:
    """How much a token looks like a person's name; 0 and below: not at all."""
    text = bare(token.text)
    if PLACE.search(text) or CHAT.search(text):
        return 0
    shape = _shape(text)
    if not shape:
        return 0
    return shape + 2 * token.near_phone + first + last


def bare(text: str) -> str:
    """Take off 收 and 亲收, as in 唐娜收."""
    return RECEIVES.sub("", text)


def _shape(text: str) -> int:
    if TITLE.search(text) and len(text) <= 8:
        return 5
    known = text[0] in SURNAMES
    if HAN_NAME.fullmatch(text):
        return 3 if known and 2 <= len(text) <= 4 else 1
    if MIXED_NAME.fullmatch(text):
        return 3 if known else 2
    return 1 if LATIN_NAME.fullmatch(text) else 0
