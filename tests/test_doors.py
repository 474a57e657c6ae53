"""Every address × method × role: closed by default, and a refused call writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from articles import desk
from articles.models import Change, Release, ReleaseFile, SyncRun
from tests.doors import (
    ADMIN,
    ADMIN_READ_ONLY,
    BY_VERB,
    ENDS_THE_SESSION,
    METHODS,
    PUBLIC,
    READERS,
    ROLES,
    STAFF,
    WRITERS,
    Door,
    all_doors,
    noun_of,
    rows_of_everything,
)
from tests.factories import make_coverage, make_story

MakeUser = Callable[..., User]
ClientOf = Callable[[User], Client]
CANARY = "What nobody without a right may read"
EVERYBODY = (*ROLES, "nobody", "staff")
"""All roles, a person without one, and staff without any permission."""
LOGIN = ("/account/login/?next=", "/admin/login/?next=")
"""The second sends on to the first."""


@pytest.fixture
def doors(make_user: MakeUser) -> list[Door]:
    """Every address, leading to things that exist."""
    person = make_user("publisher", "somebody")
    story = make_story(
        title=CANARY, excerpt=CANARY, topics=["Ferries"], quality=10,
        images=["https://img.example/1.png"],
    )  # fmt: skip
    group = make_coverage(story, make_story(title=CANARY, quality=5))
    story.refresh_from_db()
    desk.decline(story, by=person)
    change = Change.objects.earliest("id")
    run = SyncRun.objects.create(site=story.site, kind="import")
    release = Release.objects.create(site=story.site, message="Publish 1 story")
    released = ReleaseFile.objects.create(release=release, story=story, path="p", version=1)
    topic = story.topics.get()
    objects = {
        "articles_story": story.pk,
        "articles_coverage": group.pk,
        "articles_topic": topic.pk,
        "articles_provider": story.provider_id,
        "articles_site": story.site_id,
        "articles_change": change.pk,
        "articles_changes": change.pk,
        "articles_syncrun": run.pk,
        "articles_run": run.pk,
        "articles_release": release.pk,
        "articles_releasefile": released.pk,
        "auth_user": person.pk,
        "auth_group": Group.objects.get(name="reader").pk,
    }
    return all_doors(
        objects=objects, pk=person.pk, slug=story.site.slug, topic="ferries", number=1,
        ending="csv", what="lead", name="title", uidb64="MQ", token="abc-def", app_label="articles",
        url="nowhere", content_type_id=ContentType.objects.get_for_model(story).pk,
    )  # fmt: skip


def somebody(make_user: MakeUser, role: str) -> User:
    """A person of a role; `staff` may enter the admin, and has no permission there."""
    user = make_user(role)
    if role == "staff":
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return user


def call(client: Client, method: str, path: str) -> Any:
    client.raise_request_exception = True
    return getattr(client, method)(path)


def refusals(door: Door, role: str) -> set[int]:
    """How the admin or an action may say no; the admin's own pages are open to all staff."""
    return {200, 302, 403, 404, 405} if role == "staff" and door.name in STAFF else {403, 405}


def below(role: str) -> tuple[str, ...]:
    return ROLES[: ROLES.index(role)]


def test_lists_every_address_in_a_reviewed_table(doors: list[Door]) -> None:
    listed = PUBLIC | READERS.keys() | WRITERS.keys() | BY_VERB
    own = {door.name for door in doors if door.is_admin and not noun_of(door)[0]}
    assert own - STAFF == {"admin:logout", "admin:autocomplete"}, "review the new page of the admin"
    names = {door.name for door in doors if not door.is_admin}
    assert names - listed == set(), "add the new address to tests/doors.py"
    assert listed - names == {"admin:login"}, "these addresses are gone"


@pytest.mark.parametrize("method", METHODS)
def test_asks_strangers_to_log_in_everywhere(
    client: Client, doors: list[Door], method: str
) -> None:
    before = rows_of_everything()
    for door in doors:
        response = call(client, method, door.path)
        if door.name in PUBLIC:
            assert response.status_code < 500, door
        else:
            assert response.status_code == 302, door
            assert response["Location"].startswith(LOGIN), door
        assert CANARY.encode() not in response.getvalue(), door
    assert rows_of_everything() == before


def test_treats_a_deactivated_person_as_a_stranger(
    client: Client, doors: list[Door], chief: User
) -> None:
    client.force_login(chief)
    User.objects.filter(pk=chief.pk).update(is_active=False)
    for door in doors:
        if door.name not in PUBLIC:
            assert client.get(door.path)["Location"].startswith(LOGIN), door


@pytest.mark.parametrize("role", EVERYBODY)
def test_opens_pages_by_role_and_writes_nothing_on_get(
    doors: list[Door], make_user: MakeUser, client_of: ClientOf, role: str
) -> None:
    client = client_of(somebody(make_user, role))
    before = rows_of_everything()
    for door in doors:
        for method in ("get", "head", "options") if role == "chief" else ("get",):
            response = call(client, method, door.path)
            assert response.status_code < 500, (door, method)
            if door.is_admin and role != "chief":
                assert response.status_code in refusals(door, role), (door, method)
            elif method == "get" and door.name in READERS and role in ROLES:
                refused = role in below(READERS[door.name])
                assert (response.status_code == 403) == refused, door
            if response.status_code in {302, 403, 404, 405}:
                assert CANARY.encode() not in response.getvalue(), door
    assert rows_of_everything() == before


@pytest.mark.parametrize("role", EVERYBODY)
def test_refuses_actions_below_their_role_and_leaves_everything_as_it_was(
    doors: list[Door], make_user: MakeUser, client_of: ClientOf, role: str
) -> None:
    client = client_of(somebody(make_user, role))
    before = rows_of_everything()
    for door in doors:
        if door.name in ENDS_THE_SESSION:
            continue
        least = "chief" if door.is_admin else WRITERS.get(door.name, "reader")
        if least != "reader" and (role not in ROLES or role in below(least)):
            response = client.post(door.path, {"confirm": "1", "action": "publish", "reason": "x"})
            assert response.status_code in refusals(door, role), door
            assert CANARY.encode() not in response.getvalue(), door
    assert rows_of_everything() == before


def test_opens_to_a_chief_what_the_table_of_the_admin_says_and_nothing_else(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    before = rows_of_everything()
    for door in doors:
        noun, action = noun_of(door)
        if not noun:
            continue
        is_open = action in ADMIN[noun]
        response = call(client, "get", door.path)
        # People are added on a page of the desk.
        sent_on = {200, 302} if door.name == "admin:auth_user_add" else {200}
        assert response.status_code in (sent_on if is_open else {302, 403}), door
        read_only = noun in ADMIN_READ_ONLY and action == "change"
        if not is_open or read_only:
            assert call(client, "post", door.path).status_code in {403, 302}, door
    assert rows_of_everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_lets_actions_through_from_their_role_on(
    doors: list[Door], make_user: MakeUser, client_of: ClientOf, role: str
) -> None:
    user = make_user(role)
    for door in doors:
        if door.name == "articles:change_undo" and role == "editor":
            continue  # the change is somebody else's: that takes a publisher
        if door.name in WRITERS and role not in below(WRITERS[door.name]):
            response = client_of(user).post(door.path)
            assert response.status_code not in {403, 405, 500}, door


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role != "chief"])
def test_answers_every_role_by_every_other_method_without_writing(
    doors: list[Door], make_user: MakeUser, client_of: ClientOf, role: str
) -> None:
    client = client_of(somebody(make_user, role))
    before = rows_of_everything()
    for door in doors:
        for method in ("put", "patch", "delete", "options"):
            if door.name not in ENDS_THE_SESSION:
                assert call(client, method, door.path).status_code < 500, (door, method)
    assert rows_of_everything() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_writes_nothing_by_other_methods(
    doors: list[Door], chief: User, client_of: ClientOf, method: str
) -> None:
    client = client_of(chief)
    before = rows_of_everything()
    for door in doors:
        if door.name not in ENDS_THE_SESSION:
            assert call(client, method, door.path).status_code < 500, door
    assert rows_of_everything() == before


def test_refuses_posts_without_a_token_or_from_elsewhere(doors: list[Door], chief: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    page = client.get("/account/people/")
    token = page.cookies["csrftoken"].value
    before = rows_of_everything()
    for door in doors:
        assert client.post(door.path).status_code == 403, door
        foreign = client.post(
            door.path, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403, door
    assert rows_of_everything() == before


def test_refuses_htmx_without_a_token(doors: list[Door], chief: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
    client.force_login(chief)
    for door in doors:
        if door.name in WRITERS:
            assert client.post(door.path).status_code == 403, door


def test_answers_not_found_to_what_is_not_there(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    for name in ("story_detail", "story_edit", "coverage_detail", "run_detail", "story_preview"):
        door = next(d for d in doors if d.name == f"articles:{name}")
        assert client.get(door.path.replace(door.path.split("/")[2], "99999")).status_code == 404
