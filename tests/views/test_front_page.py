"""The time machine: a site's front page on any day of its repository's history."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Preferences, Site, Story
from articles.sitejson import Feed
from articles.stores.past import _Memory
from articles.sync import begin, sync
from tests.gitting import Git, needs_git
from tests.importer.newsroom import CONFIG, story

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]

ADDRESS = "/sites/harbour/front-page/"


def path(name: str) -> str:
    return f"_news/2026-03-02-{name}.md"


class Robot:
    """A repository whose commits are made when the test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.git = Git.new(folder)
        self.git.write("_config.yml", CONFIG.encode())
        self._set = monkeypatch.setenv

    def live(self, name: str, date: str, **fields: Any) -> None:
        fields = {"published": True, "heat": 90, "quality": 90, "date": date, **fields}
        self.git.write(path(name), story(name, **fields))

    def commits(self, at: str, message: str = "Update news") -> str:
        for who in ("AUTHOR", "COMMITTER"):
            self._set(f"GIT_{who}_DATE", at)
        return self.git.commit(message)


@pytest.fixture
def robot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Robot:
    return Robot(tmp_path / "robot", monkeypatch)


@pytest.fixture
def site(robot: Robot) -> Site:
    """Two stories on the second of March, a third one at midnight UTC two days later."""
    robot.live("alpha", "2026-03-01T08:00:00Z")
    robot.commits("2026-03-01T09:00:00Z", "Add alpha")
    robot.live("beta", "2026-03-02T08:00:00Z", topics=["Harbour"])
    robot.git.write(path("draft"), story("draft"))
    robot.commits("2026-03-02T09:00:00Z", "Add beta")
    robot.live("gamma", "2026-03-03T08:00:00Z")
    robot.live("alpha", "2026-03-01T08:00:00Z", published=False)
    robot.commits("2026-03-04T00:00:00Z", "Add gamma, hide alpha")
    return connected(robot)


def connected(robot: Robot) -> Site:
    made = Site.objects.create(slug="harbour", location=str(robot.git.folder))
    sync(begin(made))
    return Site.objects.get()


def titles(client: Client, **query: str) -> list[str]:
    past = client.get(ADDRESS, query).context["past"]
    return [row.shown.title for row in past.rows]


def text_of(client: Client, **query: str) -> str:
    """What the page says, without its markup."""
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_shows_the_page_at_the_end_of_a_day(site: Site, as_reader: Client) -> None:
    assert titles(as_reader, date="2026-03-01") == ["About alpha"]
    assert titles(as_reader, date="2026-03-02") == ["About beta", "About alpha"]
    assert titles(as_reader, date="2026-03-03") == ["About beta", "About alpha"]
    assert titles(as_reader, date="2026-03-04") == ["About gamma", "About beta"]


def test_shows_today_as_the_site_serves_it(site: Site, robot: Robot, as_reader: Client) -> None:
    for number in range(30):
        robot.live(f"more{number}", f"2026-02-{number % 27 + 1:02}T{number:02}:00:00Z"[:20])
    robot.git.write(path("odd"), story("odd", published=True).replace(b"published: true\n", b""))
    robot.git.write("_news/_hidden.md", story("hidden", published=True, date="2026-04-01"))
    robot.git.write(path("broken"), b"---\ntitle: [\n---\n")
    robot.git.write(path("undated"), story("undated", published=True, date="unknown"))
    robot.commits("2026-03-05T09:00:00Z")
    sync(begin(site))
    page = Feed(site).page(1)
    assert page is not None
    past = as_reader.get(ADDRESS).context["past"]
    assert [row.shown.id for row in past.rows] == [each["path"] for each in page["value"]]
    assert (len(past.rows), past.total) == (25, Story.objects.live().count())


def test_goes_by_the_date_in_the_file_not_in_its_name(robot: Robot, as_reader: Client) -> None:
    for number in range(26):
        robot.live(f"a{number:02}", "2026-03-02T08:00:00Z")
    late = story("late", published=True, date="2026-03-09T00:00:00Z")
    robot.git.write("_news/2019-01-01-late.md", late)
    robot.commits("2026-03-09T09:00:00Z")
    connected(robot)
    assert titles(as_reader)[0] == "About late"


def test_ends_the_day_when_it_ends_for_the_person(
    site: Site, as_reader: Client, reader: User
) -> None:
    Preferences.objects.create(user=reader, time_zone="America/New_York")
    assert titles(as_reader, date="2026-03-03") == ["About gamma", "About beta"]
    Preferences.objects.update(time_zone="Asia/Tokyo")
    assert titles(as_reader, date="2026-03-03") == ["About beta", "About alpha"]


def test_tells_what_came_went_and_moved(site: Site, as_reader: Client) -> None:
    words = text_of(as_reader, date="2026-03-04")
    assert re.search(r"About gamma The Herald · 3 Mar( 2026)?, 08:00 · new", words)
    assert re.search(r"About beta The Herald · 2 Mar( 2026)?, 08:00 · was 1", words)
    assert words.index("No longer on it") < words.index("About alpha")
    past = as_reader.get(ADDRESS, {"date": "2026-03-04"}).context["past"]
    assert past.front.topics == [("Ferries", 1, 1), ("Harbour", 1, 1)]


def test_compares_with_any_other_day(site: Site, as_reader: Client) -> None:
    past = as_reader.get(ADDRESS, {"date": "2026-03-02", "against": "2026-03-04"}).context["past"]
    assert [(row.shown.title, row.shown.was) for row in past.rows] == [
        ("About beta", 2),
        ("About alpha", None),
    ]
    assert [row.shown.title for row in past.gone] == ["About gamma"]


def test_says_when_nothing_was_committed(site: Site, as_reader: Client) -> None:
    assert "Nothing was committed in between" in text_of(as_reader, date="2026-03-03")


def test_compares_the_beginning_with_nothing(site: Site, as_reader: Client) -> None:
    words = text_of(as_reader, date="2026-03-01")
    assert "nothing older to compare" in words
    assert "new" not in words.partition("First page")[2].partition("What changed")[0]


def test_names_the_commit_and_leads_to_its_neighbours(
    site: Site, robot: Robot, as_reader: Client
) -> None:
    ids = robot.git.run("rev-list", "--reverse", "main").split()
    answer = as_reader.get(ADDRESS, {"date": "2026-03-02"})
    page, point = answer.content.decode(), answer.context["past"].point
    assert (point.parent, point.commit, point.child) == tuple(ids)
    assert (point.author, point.subject) == ("robot", "Add beta")
    for link in (f"?commit={ids[0]}", f"?commit={ids[2]}", "?date=2026-03-01", "?date=2026-03-03"):
        assert f'href="{link}"' in page
    assert point.commit[:10] in page
    words = text_of(as_reader, commit=ids[2])
    assert f"After commit {ids[2][:10]}" in words
    assert "Next commit" not in words
    assert titles(as_reader, commit=ids[2]) == ["About gamma", "About beta"]
    assert "Commit before" not in text_of(as_reader, commit=ids[0])


def test_offers_no_day_after_today(site: Site, as_reader: Client) -> None:
    words = text_of(as_reader)
    assert "Today" in words
    assert ("Next day" in words, "Day before" in words) == (False, True)


def test_links_what_the_desk_knows_of_this_site(site: Site, as_reader: Client) -> None:
    elsewhere = Site.objects.create(slug="elsewhere")
    Story.objects.filter(path=path("beta")).update(site=elsewhere)
    answer = as_reader.get(ADDRESS, {"date": "2026-03-02"})
    alpha = Story.objects.get(path=path("alpha"))
    assert [row.story for row in answer.context["past"].rows] == [None, alpha.pk]
    page = answer.content.decode()
    assert f'href="/stories/{alpha.pk}/"' in page
    assert f"<code>{path('beta')}</code>" in re.sub(r"</?bdi>", "", page)


def test_says_where_the_history_begins(site: Site, robot: Robot, as_reader: Client) -> None:
    words = text_of(as_reader, date="2020-05-01")
    assert "the history of this repository begins on 1 Mar 2026" in words
    first = robot.git.run("rev-list", "--reverse", "main").split()[0]
    page = as_reader.get(ADDRESS, {"date": "2020-05-01"}).content.decode()
    assert f'href="?commit={first}"' in page


def test_takes_the_files_from_a_remote_and_learns_by_a_sync(
    site: Site, robot: Robot, as_reader: Client, tmp_path: Path
) -> None:
    robot.git.bare(tmp_path / "copy.git")
    Site.objects.update(location=str(tmp_path / "copy.git"))
    assert "There is no branch" in text_of(as_reader)
    sync(begin(Site.objects.get()))
    assert titles(as_reader) == ["About gamma", "About beta"]
    robot.live("delta", "2026-03-05T08:00:00Z")
    robot.commits("2026-03-05T09:00:00Z")
    robot.git.push()
    assert titles(as_reader) == ["About gamma", "About beta"]
    sync(begin(Site.objects.get()))
    assert titles(as_reader)[0] == "About delta"
    assert titles(as_reader, date="2026-03-01") == ["About alpha"]


def test_shows_no_story_before_there_was_a_folder(robot: Robot, as_reader: Client) -> None:
    robot.commits("2026-03-01T09:00:00Z")
    robot.live("alpha", "2026-03-02T08:00:00Z")
    robot.commits("2026-03-02T09:00:00Z")
    connected(robot)
    assert "No story was live then" in text_of(as_reader, date="2026-03-01")


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "safe\u202egnp.exe",
        "{{ settings.SECRET_KEY }}",
        '"><img src=x>',
    ],
)
def test_shows_hostile_text_as_text(
    robot: Robot, as_reader: Client, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = json.dumps(title)
    robot.live("alpha", "2026-03-02T08:00:00Z", title=title, provider=named, topics=[named])
    monkeypatch.setenv("GIT_AUTHOR_NAME", title.replace("<", "‹"))
    robot.commits("2026-03-02T09:00:00Z", title)
    connected(robot)
    page = as_reader.get(ADDRESS).content.decode()
    assert titles(as_reader) == [title]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    "query",
    [
        *({"date": odd} for odd in ("2024-02-30", "yesterday", "0001-01-01", "9999-12-31", "\0")),
        *({"against": odd} for odd in ("1989-12-31", "2101-01-01", "-1")),
        *(
            {"commit": odd}
            for odd in ("HEAD", "../../etc/passwd", "A" * 40, "0" * 41, "\0", "٣" * 40)
        ),
    ],
)
def test_refuses_odd_days_and_commits(site: Site, as_reader: Client, query: dict[str, str]) -> None:
    answer = as_reader.get(ADDRESS, query)
    assert (answer.status_code, answer.context["past"]) == (422, None)
    assert "field-errors" in answer.content.decode() or "note bad" in answer.content.decode()


def test_knows_no_commit_beside_the_branch(site: Site, robot: Robot, as_reader: Client) -> None:
    robot.git.run("checkout", "--quiet", "-b", "side")
    beside = robot.commits("2026-03-05T09:00:00Z")
    robot.git.run("checkout", "--quiet", "main")
    tree = robot.git.run("rev-parse", "HEAD^{tree}").strip()
    for name in (beside, tree, "0" * 40):
        assert "not in the history" in text_of(as_reader, commit=name)


def test_asks_for_a_repository_where_there_is_none(
    site: Site, robot: Robot, as_reader: Client, tmp_path: Path
) -> None:
    (robot.git.folder / ".git").rename(tmp_path / "git")
    assert "a plain folder, which remembers nothing" in text_of(as_reader)
    Site.objects.update(location="")
    assert "does not say where its files are" in text_of(as_reader)
    Site.objects.update(location=str(tmp_path / "nowhere"))
    assert "There is no folder" in text_of(as_reader)


def test_goes_on_where_it_ran_out_of_time(
    site: Site, as_reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.stores.past._MEMORY", _Memory(10))
    monkeypatch.setattr("articles.stores.git.PAST_PATIENCE", -1.0)
    assert "ask again" in text_of(as_reader)
    monkeypatch.setattr("articles.stores.git.PAST_PATIENCE", 60.0)
    assert titles(as_reader) == ["About gamma", "About beta"]
    assert titles(as_reader, date="2026-03-01") == ["About alpha"]
    monkeypatch.setattr("articles.stores.git.PAST_PATIENCE", -1.0)
    assert titles(as_reader, date="2026-03-02") == ["About beta", "About alpha"]


def test_is_for_everybody_who_is_logged_in_and_changes_nothing(
    site: Site, as_reader: Client
) -> None:
    assert as_reader.post(ADDRESS).status_code == 405
    assert as_reader.get("/sites/nowhere/front-page/").status_code == 404
    assert Client().get(ADDRESS).status_code == 302


def test_is_reached_from_releases_from_a_life_and_from_the_command_bar(
    site: Site, robot: Robot, as_reader: Client
) -> None:
    alpha = Story.objects.get(path=path("alpha"))
    life = as_reader.get(f"/stories/{alpha.pk}/life/").content.decode()
    assert f'href="{ADDRESS}?commit={robot.git.head()}"' in life
    for address in ("/releases/", "/releases/new/?site=harbour"):
        assert f'href="{ADDRESS}"' in as_reader.get(address).content.decode()
    for words, url in (("front p", ADDRESS), ("2026-03-02", f"{ADDRESS}?date=2026-03-02")):
        first = as_reader.get("/commands/", {"q": words}).json()["options"][0]
        assert (first["kind"], first["url"]) == ("Front page", url)
    odd = as_reader.get("/commands/", {"q": "2026-02-30"}).json()["options"]
    assert [each["kind"] for each in odd] == ["Search"]
