from __future__ import annotations

from typing import Any

import pytest

from articles import readiness
from articles.models import Story, StoryProblem
from articles.readiness import Check
from tests.factories import make_story

pytestmark = pytest.mark.django_db

PICTURE = "https://images.example/a.jpg"


def checks_of(story: Story) -> dict[str, Check]:
    found = readiness.checklist(
        story,
        topics=list(story.topics.all()),
        images=list(story.images.all()),
        problems=list(StoryProblem.objects.filter(story=story)),
    )
    return {check.name: check for check in found}


def test_finds_nothing_to_say_of_a_good_story() -> None:
    checks = checks_of(make_story(topics=["Ferries"], images=[PICTURE]))
    assert list(checks) == ["image", "excerpt", "topics", "headline", "links", "provider"]
    assert readiness.worst(checks.values()) == "ok"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"images": []}, "image"),
        ({"excerpt": " "}, "excerpt"),
        ({"excerpt": "A ferry sails again", "title": "A ferry sails again"}, "excerpt"),
        ({"excerpt": "x" * 700}, "excerpt"),
        ({"topics": []}, "topics"),
        ({"title": "Ferry news"}, "headline"),
        ({"title": "THE OLD FERRY SAILS AGAIN"}, "headline"),
        ({"title": "The old ferry sails again because…"}, "headline"),
    ],
)
def test_says_what_could_be_better(fields: dict[str, Any], line: str) -> None:
    checks = checks_of(make_story(**{"topics": ["Ferries"], "images": [PICTURE], **fields}))
    assert [name for name, check in checks.items() if check.state != "ok"] == [line]
    assert checks[line].state == "warn"


@pytest.mark.parametrize(
    ("host", "state"),
    [
        ("harbour.example", "ok"),
        ("www.news.harbour.example", "ok"),
        ("harbour.example.co.uk", "warn"),
        ("other.example", "warn"),
        ("10.0.0.1", "ok"),
    ],
)
def test_says_where_an_article_is_not_its_providers(host: str, state: str) -> None:
    story = make_story(domain="harbour.example", web_url=f"https://{host}/1")
    check = checks_of(story)["provider"]
    assert check.state == state
    assert ("but the article is at" in check.words) == (state == "warn")
    story.kind = Story.Kind.VIDEO
    assert checks_of(story)["provider"].state == "ok"


def test_counts_no_words_where_a_script_has_no_spaces() -> None:
    assert checks_of(make_story(title="フェリーが港に戻り再び出航した"))["headline"].state == "ok"


def test_blocks_unsafe_addresses_and_names_the_field() -> None:
    check = checks_of(make_story(amp_url="javascript:alert(1)"))["links"]
    assert (check.state, check.field) == ("blocking", "amp_url")


def test_says_an_issue_of_the_file_on_its_line() -> None:
    story = make_story(topics=["Ferries"])
    StoryProblem.objects.create(story=story, code="title.missing", message="Write a title.")
    StoryProblem.objects.create(story=story, code="topics.space", message="Remove the space.")
    checks = checks_of(story)
    assert (checks["headline"].state, checks["headline"].words) == ("blocking", "Write a title.")
    assert (checks["topics"].state, checks["topics"].words) == ("warn", "Remove the space.")


def test_adds_whatever_else_blocks() -> None:
    story = make_story()
    StoryProblem.objects.create(story=story, code="date.missing", message="Add the date.")
    assert checks_of(story)["data"].words == "Add the date."
