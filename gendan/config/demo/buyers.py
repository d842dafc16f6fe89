"""Invented buyers: names put together by chance, and numbers that nobody has."""

import random
from typing import NamedTuple

SURNAMES = "林陈黄周吴徐孙胡朱高何郭马罗梁宋郑谢韩唐冯董程曹袁邓许沈曾彭吕苏"
GIVEN = (
    "一诺子墨雨桐若溪明轩佳怡思远梓涵静姝浩然书瑶景行知夏沐阳"
    "清扬可欣宇航婉清乐平怀瑾语嫣修远晓棠云舒安澜念慈奕辰望舒"
)  # two characters each
NICKS = "茶山月竹溪云鹿舟梅雪松荷鹤燕橘杏"

# province, city, district, street and number
PLACES = (
    ("广东省", "广州市", "越秀区", "黄花岗街道 水荫路"),
    ("广东省", "深圳市", "南山区", "粤海街道 科苑路"),
    ("广东省", "佛山市", "南海区", "桂城街道 南桂东路"),
    ("浙江省", "杭州市", "西湖区", "文新街道 文二西路"),
    ("浙江省", "宁波市", "鄞州区", "首南街道 泰康中路"),
    ("浙江省", "温州市", "鹿城区", "滨江街道 瓯江路"),
    ("江苏省", "南京市", "鼓楼区", "凤凰街道 汉中门大街"),
    ("江苏省", "苏州市", "姑苏区", "平江街道 临顿路"),
    ("上海市", "上海市", "徐汇区", "天平路街道 衡山路"),
    ("上海市", "上海市", "浦东新区", "陆家嘴街道 世纪大道"),
    ("北京市", "北京市", "朝阳区", "望京街道 阜通东大街"),
    ("北京市", "北京市", "海淀区", "中关村街道 知春路"),
    ("四川省", "成都市", "武侯区", "桂溪街道 天府大道"),
    ("重庆市", "重庆市", "渝中区", "解放碑街道 民权路"),
    ("湖北省", "武汉市", "武昌区", "中南路街道 武珞路"),
    ("湖南省", "长沙市", "岳麓区", "望月湖街道 枫林路"),
    ("福建省", "厦门市", "思明区", "筼筜街道 湖滨南路"),
    ("福建省", "福州市", "鼓楼区", "东街街道 八一七路"),
    ("山东省", "青岛市", "市南区", "香港中路街道 香港中路"),
    ("山东省", "济南市", "历下区", "泉城路街道 泉城路"),
    ("陕西省", "西安市", "雁塔区", "小寨路街道 长安中路"),
    ("河南省", "郑州市", "金水区", "花园路街道 花园路"),
    ("辽宁省", "大连市", "中山区", "人民路街道 人民路"),
    ("云南省", "昆明市", "五华区", "华山街道 翠湖东路"),
)


class Buyer(NamedTuple):
    name: str
    nick: str
    phone: str
    province: str
    city: str
    district: str
    detail: str

    @property
    def line(self) -> str:
        """The address as Taobao writes it."""
        return f"{self.province} {self.city} {self.district} {self.detail}"


def buyers(number: int, rnd: random.Random) -> list[Buyer]:
    """Return invented buyers; their phone numbers are of a block that is not given out."""
    made = []
    for index in range(number):
        province, city, district, street = rnd.choice(PLACES)
        door = f"{rnd.randint(1, 320)}号{rnd.randint(1, 18)}栋{rnd.randint(2, 30)}02室"
        made.append(
            Buyer(
                name=rnd.choice(SURNAMES) + _given(rnd),
                nick=f"{rnd.choice(NICKS)}{rnd.choice(NICKS)}{index:03}",
                phone=f"1390000{index:04}",
                province=province,
                city=city,
                district=district,
                detail=street + door,
            )
        )
    return made


def _given(rnd: random.Random) -> str:
    at = rnd.randrange(0, len(GIVEN), 2)
    return GIVEN[at : at + 2]
