from gendan.catalog.models import Sku
from gendan.channels.models import Offer, PublishRule
from gendan.channels.tests.publishing.conftest import Seller, Shelf
from gendan.config.tests.test_api import _key as make_key
from gendan.config.tests.test_api import ask
from gendan.people.models import Shop


def test_a_program_reads_offers_and_sets_rules_and_items(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, shop: Shop
) -> None:
    shelf(tea, 20)
    sell()
    key = make_key()
    (told,) = ask(key, "GET", "/publishing").told["rows"]
    assert (told["sku"], told["wanted"], told["published"]) == ("TEA-01", 17, None)
    for most in (5, 4):
        answer = ask(key, "PUT", "/publishing/rules", {"shop": "TB1", "most": most})
        assert (answer.status_code, answer.told["most"]) == (200, most)
    assert PublishRule.objects.count() == 2
    assert Offer.objects.get().wanted == 4
    items = {"items": [{"shop": "TB1", "code": "TEA-01", "item": "77"}]}
    assert ask(key, "POST", "/publishing/items", items).told == {"changed": 1}
    items["items"][0]["code"] = "NOBODY"
    assert ask(key, "POST", "/publishing/items", items).status_code == 422
    assert ask(key, "POST", "/publishing/capture").told == {"seen": 1, "different": 0}
    assert len(ask(key, "GET", "/publishing/rules").told) == 2
    assert ask(make_key("stock.see"), "GET", "/publishing").status_code == 403


def test_a_key_of_another_shop_sees_and_sets_nothing(
    rule: PublishRule, sell: Seller, tea: Sku
) -> None:
    sell()
    key = make_key(shop_ids=[])
    assert ask(key, "GET", "/publishing").told["rows"] == []
    assert ask(key, "PUT", "/publishing/rules", {"percent": 5}).status_code == 403
    assert ask(key, "PUT", "/publishing/rules", {"shop": "TB1"}).status_code == 404
