"""What no form of ours sends: foreign numbers, old versions, columns nobody asked for, odd sets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from articles import desk
from articles.models import Change, Coverage, SavedView, Site, Story, StoryImage
from tests.doors import ENDS_THE_SESSION, WRITERS, Door, rows_of_everything
from tests.factories import make_coverage, make_story
from tests.test_doors import doors

__all__ = ["doors"]

ClientOf = Callable[[User], Client]
MakeUser = Callable[..., User]
NOBODY = 123_456_789
FORGED_NUMBER, FORGED_DAY = 987_654, "1999-01-01T00:00:00Z"
PERSONAL = {"articles:story_claim", "articles:story_release", "articles:story_shelf"}
"""They take no decision, and so no version."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def writers(doors: list[Door], prefix: str = "") -> list[Door]:
    return [
        door
        for door in doors
        if door.name in WRITERS
        and door.name not in ENDS_THE_SESSION
        and door.name.startswith(prefix)
    ]


def story_of(doors: list[Door]) -> Story:
    path = next(door.path for door in doors if door.name == "articles:story_detail")
    return Story.objects.get(pk=int(path.split("/")[2]))


def forms_of(story: Story, **more: Any) -> dict[str, Any]:
    """Enough for any form of a story to be taken."""
    other = Story.objects.exclude(pk=story.pk).order_by("pk").first()
    return {
        "version": story.version, "confirm": "1", "other": other.pk if other else 0,
        "until": "tomorrow", "site": story.site.slug, "title": "Another", "kind": "article",
        "action": "unlink", "one": story.pk, "field": "title", "commit": "HEAD", "name": "view",
        "images-TOTAL_FORMS": "0", "images-INITIAL_FORMS": "0", "check": "asymmetric", **more,
    }  # fmt: skip


# Foreign numbers


def test_finds_nothing_by_a_number_that_is_nobodys(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    story = story_of(doors)
    before = rows_of_everything()
    for door in writers(doors):
        digits = [part for part in door.path.split("/") if part.isdigit()]
        if digits:
            path = door.path.replace(f"/{digits[0]}/", f"/{NOBODY}/")
            assert client.post(path, forms_of(story)).status_code == 404, path
    assert rows_of_everything() == before


PAIRS = ("link", "keep-apart", "allow-together", "suggestions/accept", "suggestions/refuse")


@pytest.mark.parametrize("action", PAIRS)
def test_pairs_no_story_with_itself_nobody_or_another_sites(
    editor: User, client_of: ClientOf, action: str
) -> None:
    client = client_of(editor)
    story = make_story(quality=50)
    stranger = make_story(Site.objects.create(slug="elsewhere", title="Elsewhere"), quality=40)
    before = rows_of_everything()
    for number in (story.pk, NOBODY, stranger.pk, "x", "-1", ""):
        data = {"other": number, "story": number, "confirm": "1", "version": story.version}
        answer = client.post(f"/stories/{story.pk}/{action}/", data)
        assert answer.status_code in {200, 302, 404, 409, 422}, number
        assert rows_of_everything() == before, number


def test_regroups_no_members_of_another_group(editor: User, client_of: ClientOf) -> None:
    client = client_of(editor)
    mine = make_coverage(make_story(quality=50), make_story(quality=40), make_story(quality=30))
    theirs = make_coverage(make_story(quality=50), make_story(quality=40), make_story(quality=30))
    member = theirs.members.exclude(pk=theirs.lead_id).first()
    assert member is not None
    before = rows_of_everything()
    for action in ("split", "apart", "unlink", "split_at", "lead", "nonsense"):
        for name in ("one", "story"):
            data = {"action": action, name: member.pk, "confirm": "1", "version": mine.version}
            assert client.post(f"/coverage/{mine.pk}/regroup/", data).status_code < 500
    parts = {"parts": f"{member.pk};{NOBODY},x;;-", "confirm": "1", "version": mine.version}
    assert client.post(f"/coverage/{mine.pk}/regroup/", parts).status_code < 500
    assert rows_of_everything() == before


def test_merges_no_groups_of_two_sites(editor: User, client_of: ClientOf) -> None:
    elsewhere = Site.objects.create(slug="elsewhere", title="Elsewhere")
    here = make_coverage(make_story(), make_story())
    there = make_coverage(make_story(elsewhere), make_story(elsewhere))
    client = client_of(editor)
    before = rows_of_everything()
    data = {"group": [here.pk, there.pk, NOBODY], "confirm": "1"}
    assert client.post("/coverage/merge/", data).status_code < 500
    assert rows_of_everything() == before


def test_touches_no_saved_view_of_somebody_else(
    editor: User, make_user: MakeUser, client_of: ClientOf
) -> None:
    view = SavedView.objects.create(owner=make_user("editor", "other"), name="Mine", query="q=x")
    for action in ("", "delete/"):
        data = {"name": "Taken", "move": ""}
        answer = client_of(editor).post(f"/views/{view.pk}/{action}", data)
        assert answer.status_code == 404
    view.refresh_from_db()
    assert view.name == "Mine"


def test_lets_an_editor_take_back_nobody_elses_change(
    editor: User, publisher: User, client_of: ClientOf
) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    change = Change.objects.get()
    client = client_of(editor)
    before = rows_of_everything()
    client.post(f"/changes/{change.pk}/undo/")
    client.post("/activity/revert/", {"change": [change.pk]})
    client.post("/undo/")
    assert rows_of_everything() == before


# Old versions


def test_decides_nothing_on_a_version_that_is_gone(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    story = story_of(doors)
    desk.edit(story, {"excerpt": "Seen by nobody yet"}, by=chief)
    before = rows_of_everything()
    asked = 0
    for door in writers(doors, "articles:story_"):
        if door.name in PERSONAL:
            continue
        answer = client.post(door.path, forms_of(story, version=story.version - 1))
        assert answer.status_code in {200, 302, 404, 409, 422}, door
        asked += answer.status_code == 409
        assert rows_of_everything() == before, door
    assert asked >= 8


# The same request again


def test_does_nothing_twice_when_a_request_is_sent_again(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    story = story_of(doors)
    done = 0
    for door in writers(doors, "articles:story_"):
        if door.name in PERSONAL:
            continue
        with undone():
            counts = [Change.objects.count()]
            for _ in range(3):
                assert client.post(door.path, forms_of(story)).status_code < 500, door
                counts.append(Change.objects.count())
        assert counts[1] == counts[2] == counts[3], door
        done += counts[1] > counts[0]
    assert done >= 8


@pytest.mark.parametrize("path", ["/undo/", "/redo/"])
def test_goes_one_step_when_a_press_is_sent_again(
    chief: User, client_of: ClientOf, path: str
) -> None:
    for story in [make_story() for _ in range(4)]:
        desk.publish(story, by=chief)
    desk.undo_last(by=chief)
    desk.undo_last(by=chief)
    client, before = client_of(chief), Change.objects.count()
    for steps in (1, 2):
        press = uuid.uuid4()
        for _ in range(3):
            assert client.post(path, {"press": press}).status_code == 302
            assert Change.objects.count() == before + steps


# Columns nobody asked for


def forged_columns() -> dict[str, Any]:
    """A value for every column of every table, none of which a browser may set."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            if "Integer" in kind or "AutoField" in kind or field.is_relation:
                found[field.attname] = found[field.name] = FORGED_NUMBER
            elif "Date" in kind:
                found[field.name] = FORGED_DAY
            elif "Boolean" in kind:
                found[field.name] = "1"
    return found


def rows_with_forgeries() -> list[str]:
    """Where a forged number or moment stands now."""
    found = []
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.values_list(*names):
            pairs = zip(names, row, strict=True)
            found += [f"{model.__name__}.{name}" for name, value in pairs if is_forged(value)]
    return found


def is_forged(value: Any) -> bool:
    if isinstance(value, dict | list):
        return str(FORGED_NUMBER) in json.dumps(value, default=str)
    return value == FORGED_NUMBER or str(value).startswith("1999-01-01")


def powers() -> list[Any]:
    return list(User.objects.order_by("pk").values_list("pk", "is_superuser", "is_staff"))


def test_sets_no_column_that_its_form_does_not_show(
    doors: list[Door], chief: User, client_of: ClientOf
) -> None:
    client = client_of(chief)
    story = story_of(doors)
    forged = forged_columns()
    before, rows, changes = powers(), rows_of_everything(), Change.objects.latest("pk").pk
    written = 0
    for door in writers(doors):
        with undone():
            answer = client.post(door.path, {**forged, **forms_of(story)})
            assert answer.status_code < 500, door
            assert rows_with_forgeries() == [], door
            made = Change.objects.filter(pk__gt=changes)
            assert set(made.values_list("actor", flat=True)) <= {chief.pk}, door
            if not door.name.startswith("people"):
                assert powers() == before, door
            written += rows_of_everything() != rows
    assert written >= 12


# Odd sets of forms


@pytest.mark.parametrize(
    "management",
    [
        {"images-TOTAL_FORMS": "-1", "images-INITIAL_FORMS": "0"},
        {"images-TOTAL_FORMS": "x", "images-INITIAL_FORMS": "0"},
        {"images-TOTAL_FORMS": "9" * 30, "images-INITIAL_FORMS": "0"},
        {"images-TOTAL_FORMS": "1", "images-INITIAL_FORMS": "9" * 9},
        {"images-TOTAL_FORMS": "", "images-INITIAL_FORMS": ""},
        {},
    ],
)
def test_takes_no_forged_set_of_pictures(
    editor: User, client_of: ClientOf, management: dict[str, str]
) -> None:
    story = make_story(images=["https://img.example/1.png"])
    foreign = make_story(images=["https://img.example/2.png"])
    picture = StoryImage.objects.get(story=foreign)
    before = list(StoryImage.objects.order_by("pk").values())
    data = {
        "version": story.version, "title": story.title, "kind": "article",
        "web_url": story.web_url, "images-0-id": picture.pk, "images-0-story": foreign.pk,
        "images-0-url": "https://img.example/forged.png", "images-0-DELETE": "on", **management,
    }  # fmt: skip
    answer = client_of(editor).post(f"/stories/{story.pk}/edit/", data)
    assert answer.status_code in {302, 422}
    after = list(StoryImage.objects.exclude(story=story).order_by("pk").values())
    assert after == [row for row in before if row["story_id"] == foreign.pk]


@pytest.mark.parametrize("base", ["[1]", "5", '"x"', "{", "null", '{"title": {"a": 1}}', "[" * 900])
@pytest.mark.parametrize("form", ["edit", "field/title", "field/topics"])
def test_takes_no_forged_base_of_an_edit(
    editor: User, client_of: ClientOf, base: str, form: str
) -> None:
    story = make_story(topics=["Ferries"])
    data = {
        "version": story.version, "title": "Edited", "kind": "article", "topics": "Ferries",
        "web_url": story.web_url, "images-TOTAL_FORMS": "0", "images-INITIAL_FORMS": "0",
        "base": base,
    }  # fmt: skip
    for version in (story.version, story.version - 1):
        answer = client_of(editor).post(
            f"/stories/{story.pk}/{form}/", {**data, "version": version}
        )
        assert answer.status_code in {302, 409, 422}


def test_counts_no_more_fields_than_a_form_of_ours_has(editor: User, client_of: ClientOf) -> None:
    data = {"verb": "decline", "story": ["1:1"] * 12_001}
    assert client_of(editor).post("/stories/bulk/", data).status_code == 400
    assert not Coverage.objects.exists()
