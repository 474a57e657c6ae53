from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import claims, desk, repairs, saved_views, shelf
from articles.home_page import TROUBLE, WORK, HomePage
from articles.models import Preferences, Presence, Story, StoryProblem, SyncRun
from articles.saved_views import Wish
from tests.factories import make_coverage, make_site, make_story, make_topic

pytestmark = pytest.mark.django_db


def numbers(tiles: Any) -> dict[str, str]:
    return {tile.label: str(tile.count) for tile in tiles}


def test_says_what_waits_and_how_old_the_oldest_is(as_reader: Client) -> None:
    story = make_story(quality=40, recent=True, published_at=timezone.now() - timedelta(days=3))
    home = as_reader.get("/").context["home"]
    assert ([s.pk for s in home.newest], str(home.waiting)) == ([story.pk], "1")
    assert home.oldest_words == "The oldest is 3 days old."


def test_puts_live_and_unsafe_stories_first(as_reader: Client) -> None:
    story = make_story(quality=90, publish_gate=Story.Gate.BLOCKED)
    make_story(quality=10, publish_gate=Story.Gate.BLOCKED)
    response = as_reader.get("/")
    assert [s.pk for s in response.context["home"].unsafe] == [story.pk]
    page = response.content.decode()
    assert page.index("Live and unsafe") < page.index('id="inbox"')


def test_tells_what_came_in_since_the_last_visit(as_reader: Client, reader: User) -> None:
    before = timezone.now() - timedelta(days=2)
    make_story(created_at=before)
    last = timezone.now() - timedelta(hours=2)
    Preferences.objects.create(user=reader, last_seen_at=last)
    make_story()
    make_coverage(make_story(quality=80), make_story())
    words = "3 new stories came in, 1 coverage group among them."
    for _visit in range(2):  # looking twice is one visit
        home = as_reader.get("/").context["home"]
        assert (home.since, home.news) == (last, words)


def test_remembers_when_a_person_was_here(as_reader: Client, reader: User) -> None:
    as_reader.get("/")
    assert Preferences.objects.get(user=reader).last_seen_at


def test_forgets_where_people_were_yesterday(as_reader: Client, editor: User) -> None:
    for days, story in enumerate((make_story(), make_story())):
        seen = timezone.now() - timedelta(days=days, minutes=1)
        Presence.objects.create(user=editor, story=story, seen_at=seen)
    as_reader.get("/")
    assert Presence.objects.count() == 1


def test_shows_what_a_person_has_in_hand(as_editor: Client, editor: User, publisher: User) -> None:
    claimed, woken, shelved, asleep = (make_story() for _ in range(4))
    claims.claim(claimed, by=editor)
    claims.claim(asleep, by=publisher)
    shelf.put(shelved, by=editor)
    for story in (woken, asleep):
        desk.snooze(story, by=editor, until=timezone.now() + timedelta(hours=1))
    Story.objects.filter(pk=woken.pk).update(snoozed_until=timezone.now())
    home = as_editor.get("/").context["home"]
    assert numbers(home.work) == {
        "You work on": "1", "Snoozed back": "1", "On your shelf": "1", "Asleep": "1"
    }  # fmt: skip


def test_shows_what_is_wrong_and_nothing_else(as_reader: Client) -> None:
    whole = {"excerpt": "It is back.", "topics": ["Ferries"]}
    make_story(conflict=True, **whole)
    damaged = make_story(**whole)
    for code in ("secured.malformed", "quality.type"):
        StoryProblem.objects.create(story=damaged, code=code, message="Odd.")
    broken = sum(count.number for count in repairs.counts().values())
    trouble = as_reader.get("/").context["home"].trouble
    assert numbers(trouble) == {"Conflicts": "1", "Needs repair": str(broken)}
    assert (broken, trouble[1].url) == (2, "/repair/")


@pytest.mark.parametrize("measure", [*TROUBLE.values(), *WORK.values()], ids=lambda m: m.icon)
def test_leads_from_every_tile_to_its_rows(as_reader: Client, measure: Any) -> None:
    assert as_reader.get(measure.url).status_code == 200


def test_shows_saved_views_with_their_counts_in_one_statement(
    as_reader: Client, reader: User, chief: User
) -> None:
    ferries = make_topic(name="Ferries")
    make_story(topics=["Ferries"])
    make_story()
    saved_views.save(Wish("All", key=1), "", by=chief, for_team=True)
    saved_views.save(Wish("Ferries", key=1), f"topic={ferries.pk}", by=reader)
    saved_views.save(Wish("Broken"), "topic=none", by=reader)
    page = as_reader.get("/")
    home = page.context["home"]
    assert numbers(home.views) == {"Ferries": "1", "Broken": "0", "All": "2"}
    assert [tile.key for tile in home.views] == [1, None, None]
    assert page.content.decode().count('data-go-key="1"') == 1


def test_asks_as_much_for_many_stories_as_for_few(as_reader: Client, reader: User) -> None:
    saved_views.save(Wish("Inbox"), "queue=inbox", by=reader)
    counts = []
    for number in (2, 20):
        for _ in range(number):
            make_story(conflict=True)
        as_reader.get("/")
        with CaptureQueriesContext(connection) as queries:
            as_reader.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_tells_an_import_in_words(as_reader: Client) -> None:
    run = SyncRun.objects.create(
        site=make_site(), kind="import", status="done", counts={"created": 3, "refused": 1}
    )
    make_story()
    assert "The last import: 3 new, 1 refused." in as_reader.get("/").content.decode()
    for status, words in (
        ("running", "An import is running: 2 of 5 files."),
        ("failed", "The last import did not finish. No such folder."),
    ):
        SyncRun.objects.filter(pk=run.pk).update(
            status=status, done=2, total=5, message="No such folder."
        )
        assert HomePage(User(pk=1), None).last_import_words == words


def test_says_where_to_begin_on_an_empty_desk(as_reader: Client) -> None:
    assert "import_stories" in as_reader.get("/").content.decode()
    for address in ("/", "/stories/", "/coverage/", "/activity/", "/sync/", "/help/", "/views/"):
        assert as_reader.get(address).status_code == 200


def test_saves_a_persons_settings(as_reader: Client, reader: User) -> None:
    as_reader.post("/preferences/", settings(time_zone="Europe/Lisbon"))
    mine = Preferences.objects.get(user=reader)
    assert (mine.time_zone, mine.theme, mine.load_images) == ("Europe/Lisbon", "dark", False)
    assert b'data-theme="dark"' in as_reader.get("/").content


def settings(**changes: str) -> dict[str, str]:
    return {"time_zone": "UTC", "theme": "dark", "density": "compact", "keys_on": "on", **changes}


def test_gives_commands_other_keys(as_reader: Client, reader: User) -> None:
    response = as_reader.post(
        "/preferences/", settings(**{"key-decline": "d", "key-snooze": "S", "key-lead": ""})
    )
    assert response.status_code == 302
    mine = Preferences.objects.get(user=reader)
    assert (mine.keys, mine.density) == ({"decline": "d", "snooze": "Shift+s"}, "compact")
    body = as_reader.get("/stories/").content.decode()
    assert "&quot;decline&quot;: &quot;d&quot;" in body
    assert 'data-keys="on"' in body
    assert 'data-density="compact"' in body


def test_buttons_and_footers_show_the_keys_a_person_gave(client: Client, chief: User) -> None:
    story = make_story()
    client.force_login(chief)
    client.post("/preferences/", settings(**{"key-publish": "w", "key-go": "y", "key-claim": "q"}))
    for page in ("/stories/", f"/stories/{story.pk}/", f"/stories/{story.pk}/preview/"):
        content = client.get(page).content.decode()
        assert "Publish<kbd>w</kbd>" in content
        assert "<kbd>p</kbd>" not in content.partition('id="keys-dialog"')[0]
    assert "<kbd>y</kbd><kbd>h</kbd>" in client.get("/").content.decode()


def test_refuses_one_key_for_two_commands_in_words(as_reader: Client, reader: User) -> None:
    response = as_reader.post("/preferences/", settings(**{"key-decline": "p"}))
    assert response.status_code == 422
    page = response.content.decode()
    assert "“p” already stands for: publish and go on. Choose another key." in page
    assert not Preferences.objects.filter(user=reader).exists()


@pytest.mark.parametrize("key", ["5", "Tab", "é", "ctrl+p", "<script>"])
def test_refuses_what_is_no_key(as_reader: Client, key: str) -> None:
    response = as_reader.post("/preferences/", settings(**{"key-decline": key}))
    assert response.status_code == 422
    assert "<script>”" not in response.content.decode()


def test_lets_two_commands_change_places(as_reader: Client, reader: User) -> None:
    as_reader.post("/preferences/", settings(**{"key-publish": "u", "key-unpublish": "p"}))
    assert Preferences.objects.get(user=reader).keys == {"publish": "u", "unpublish": "p"}


def test_gives_the_desks_own_keys_back_and_switches_them_off(
    as_reader: Client, reader: User
) -> None:
    Preferences.objects.create(user=reader, keys={"decline": "d"}, theme="dark")
    as_reader.post("/preferences/", {"reset": "keys"})
    mine = Preferences.objects.get(user=reader)
    assert (mine.keys, mine.theme) == ({}, "dark")
    as_reader.post("/preferences/", {"time_zone": "UTC", "theme": "dark", "density": "compact"})
    assert 'data-keys="off"' in as_reader.get("/").content.decode()


def test_refuses_an_unknown_time_zone(as_reader: Client, reader: User) -> None:
    response = as_reader.post("/preferences/", settings(time_zone="Mars/Base"))
    assert response.status_code == 422


def test_shows_runs_and_their_problems(as_reader: Client) -> None:
    run = SyncRun.objects.create(
        site=make_site(),
        kind="import",
        status="done",
        counts={"created": 3, "refused": 1},
        problems=[{"path": "_news/a.md", "line": 3, "code": "yaml_syntax", "message": "Quote it."}],
    )
    assert b"import" in as_reader.get("/sync/").content.lower()
    content = as_reader.get(f"/sync/{run.pk}/").content.decode()
    assert "Quote it." in content
    assert "_news/a.md" in content
