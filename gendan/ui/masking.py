"""What a text that somebody wrote shows of persons: no mobile number, no street and house."""

import re

from gendan.ui.wording import masked_phone

# A place that names its district (浙江省杭州市西湖区…), up to what ends it.
PLACE = re.compile(
    r"([\u4e00-\u9fff]{2,8}?(?:省|自治区|市)(?:\s?[\u4e00-\u9fff]{1,10}?(?:市|州|盟|地区))?"
    r"\s?[\u4e00-\u9fff]{1,10}?(?:区|县|市|旗))[^，。；、,;\n]{4,}"
)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d){8}(?!\d)")


def masked_text(text: str) -> str:
    """Return a text without mobile numbers, and without where in a district somebody lives."""
    return PLACE.sub(r"\1****", MOBILE.sub(lambda found: masked_phone(found[0]), text))
