import pytest
from django.test import Client
from django.utils import timezone

from conftest import PASSWORD
from gendan.journal.models import Change, Entry
from gendan.people.actions import (
    LastAdministrator,
    UnknownRole,
    add_person,
    change_person,
    make_key,
    revoke_key,
)
from gendan.people.models import ApiKey, Person, Shop
from gendan.people.models.keys import key_hash
from gendan.people.permissions import Role

COLLEAGUE = {
    "username": "sun",
    "name": "孙新",
    "password": "mei-you-ren-zhi-dao",
    "roles": [Role.SERVICE],
    "discount_limit": "5",
    "is_active": "on",
}


def test_the_administrator_adds_a_colleague(client: Client, admin: Person) -> None:
    client.force_login(admin)
    assert client.post("/people/new/", COLLEAGUE).status_code == 302
    sun = Person.objects.get(username="sun")
    assert (sun.must_change_password, sun.shop_ids) == (True, None)
    assert Entry.objects.get(verb="person.added").actor_name == "管理员"


def test_a_colleague_without_the_right_is_told_so(client: Client, wang: Person) -> None:
    client.force_login(wang)
    answer = client.post("/people/new/", COLLEAGUE)
    assert answer.status_code == 403
    assert not Person.objects.filter(username="sun").exists()


def test_a_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/people/").headers["Location"].startswith("/sign-in/")


def test_an_unknown_person_is_not_found(client: Client, admin: Person) -> None:
    client.force_login(admin)
    assert client.get("/people/nobody/").status_code == 404


def test_changing_roles_says_before_and_after(admin: Person, wang: Person) -> None:
    people = Person.objects.filter(pk=wang.pk)
    change_person(people, by=admin, why="promoted", roles=["SERVICE", "SUPERVISOR"])
    change = Change.objects.get(entry__verb="person.changed")
    assert (change.before, change.after) == (
        {"roles": ["SERVICE"]},
        {"roles": ["SERVICE", "SUPERVISOR"]},
    )


def test_somebody_stays_administrator(admin: Person) -> None:
    with pytest.raises(LastAdministrator):
        change_person(Person.objects.filter(pk=admin.pk), by=admin, roles=["SERVICE"])
    admin.refresh_from_db()
    assert admin.roles == [Role.ADMIN]


def test_unknown_roles_are_refused(admin: Person) -> None:
    with pytest.raises(UnknownRole, match="KING"):
        add_person(by=admin, username="x", name="x", password=PASSWORD, roles=["KING"])


def test_a_key_is_shown_once_and_only_its_hash_kept(admin: Person) -> None:
    key, secret = make_key(by=admin, name="till", scopes=["orders.see"])
    assert ApiKey.objects.get().hash == key_hash(secret)
    assert secret not in str(list(Change.objects.values_list("before", "after")))
    assert key.may("orders.see")
    assert not key.may("orders.place")


def test_a_revoked_key_stays_revoked(admin: Person) -> None:
    key, _secret = make_key(by=admin, name="till", scopes=["orders.see"])
    revoke_key(key, by=admin, now=timezone.now(), why="lost")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_shops_are_added_and_changed_with_a_line(client: Client, admin: Person) -> None:
    client.force_login(admin)
    form = {"code": "TM", "name": "天猫店", "platform": "TAOBAO", "kind": "WEB", "ship_hours": "48"}
    assert client.post("/shops/new/", form).status_code == 302
    shop = Shop.objects.get()
    client.post(f"/shops/{shop.pk}/", {**form, "ship_hours": "24", "why": "new promise"})
    change = Change.objects.get(entry__verb="shop.changed", entry__why="new promise")
    assert change.after is not None
    assert change.after["ship_hours"] == 24
