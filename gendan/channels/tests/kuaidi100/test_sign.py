from gendan.channels.kuaidi100.carriers import CARRIERS, guess, needs_phone, possible_number
from gendan.channels.kuaidi100.signing import callback_sign, genuine, query_sign


def test_a_query_is_signed_over_param_key_and_customer() -> None:
    # MD5 of 'abc', cut in three.
    assert query_sign("a", key="b", customer="c") == "900150983CD24FB0D6963F7D28E17F72"


def test_a_push_is_genuine_with_our_salt_only() -> None:
    sign = callback_sign('{"a":1}', "salt")
    assert genuine('{"a":1}', sign, salt="salt")
    assert genuine('{"a":1}', sign.lower(), salt="salt")
    assert not genuine('{"a":2}', sign, salt="salt")
    assert not genuine('{"a":1}', sign, salt="other")
    assert not genuine('{"a":1}', "", salt="salt")
    assert not genuine('{"a":1}', "签", salt="salt")


def test_without_a_salt_nothing_is_genuine() -> None:
    assert not genuine("{}", callback_sign("{}", ""), salt="")


def test_a_number_suggests_its_carrier() -> None:
    assert [carrier.code for carrier in guess("YT8962646785389")] == ["yuantong"]
    assert [carrier.code for carrier in guess("sf1385628716739")] == ["shunfeng"]
    assert guess("hello") == []


def test_two_carriers_ask_for_the_phone() -> None:
    assert [code for code in CARRIERS if needs_phone(code)] == ["shunfeng", "zhongtong"]
    assert not needs_phone("nobody")


def test_a_number_is_6_to_32_letters_and_digits() -> None:
    assert possible_number("YT8962646785389")
    assert not possible_number("x" * 33)
    assert not possible_number("12345")
    assert not possible_number("单号123456")
