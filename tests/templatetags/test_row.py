"""One row of the list."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from articles.rules import Queue
from articles.templatetags._row import Viewer, story_row

PUBLISHER = Viewer(may_publish=True, may_pick=True)
READER = Viewer()


def row(**values: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "site_id": 1,
        "path": "_news/2026-03-02-ferry.md",
        "title": "Ferry returns",
        "provider_id": 3,
        "provider_name": "Harbour Post",
        "published_at": datetime(2026, 3, 2, 12, tzinfo=UTC),
        "kind": "article",
        "quality": 84,
        "heat": 124,
        "published": True,
        "removed": False,
        "queue": Queue.PUBLISHED,
        "is_lead": True,
        "related_count": 2,
        "coverage_id": 5,
        "coverage__lead_id": 7,
        "coverage__lead__title": "Ferry returns",
        "grown": 0,
        "claimed_by": "",
        "snoozed_until": None,
        "woke_at": None,
        "matches": [],
        "members": None,
        "decision": "",
        "proposal": "",
        "pending": False,
        "conflict": False,
        "locked": False,
        "publish_gate": "allowed",
        "issue_count": 0,
        "version": 4,
        "topics": [],
        "image_url": "",
        "threshold": 70,
        **values,
    }


def test_offers_to_unpublish_what_is_live() -> None:
    html = story_row(row(), PUBLISHER)
    assert 'formaction="/stories/7/unpublish/"' in html
    assert 'name="version" value="4"' in html
    assert 'aria-checked="true"' in html


def test_offers_to_publish_what_is_not_live() -> None:
    html = story_row(row(published=False), PUBLISHER)
    assert 'formaction="/stories/7/publish/"' in html
    assert 'class="row off"' in html


def test_shows_readers_the_state_alone() -> None:
    html = story_row(row(), READER)
    assert "<button" not in html
    assert 'aria-label="Live"' in html
    assert "checkbox" not in html


@pytest.mark.parametrize("values", [{"publish_gate": "blocked"}, {"locked": True}, {"path": None}])
def test_offers_no_publishing_where_it_would_be_refused(values: dict[str, Any]) -> None:
    assert "/publish/" not in story_row(row(published=False, **values), PUBLISHER)


def test_lets_a_blocked_story_be_taken_off_the_site() -> None:
    assert "unpublish" in story_row(row(publish_gate="blocked"), PUBLISHER)


def test_selects_a_story_as_it_was_seen() -> None:
    assert 'name="story" value="7:4" form="bulk"' in story_row(row(), PUBLISHER)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"conflict": True}, "conflict"),
        ({"removed": True}, "removed"),
        ({"path": None}, "no file"),
        ({"proposal": "publish"}, "proposed: publish"),
        ({"decision": "declined", "published": False}, "declined"),
        ({"queue": Queue.INBOX}, "live, unreviewed"),
        ({"issue_count": 1}, "1 issue<"),
        ({"issue_count": 3}, "3 issues"),
        ({"pending": True}, "to be written"),
        ({"decision": "published"}, 'data-decision="published"'),
        ({"related_count": 1, "is_lead": False}, "in the group of"),
        ({"kind": "video"}, 'aria-label="Video"'),
        ({"published_at": None}, "unknown"),
        ({"title": ""}, "(no title)"),
        ({"provider_name": ""}, "(no provider)"),
        ({"topics": ["A", "B", "C", "D", "E"]}, "+2"),
    ],
)
def test_says_what_an_editor_must_know(values: dict[str, Any], words: str) -> None:
    assert words in story_row(row(**values), PUBLISHER)


def test_marks_the_story_of_the_preview() -> None:
    html = story_row(row(), Viewer(current=7))
    assert 'class="row current"' in html
    assert ' aria-current="true"' in html


def test_shows_the_quality_of_a_superseded_story() -> None:
    html = story_row(row(heat=-1, is_lead=False, published=False), PUBLISHER)
    assert '<b aria-hidden="true">84</b>' in html
    assert "Superseded by its lead; quality 84" in html


def test_loads_a_picture_lazily_and_without_a_referrer() -> None:
    html = story_row(row(image_url="https://img.example/a.jpg?a=1&b=2"), READER)
    assert 'src="https://img.example/a.jpg?a=1&amp;b=2"' in html
    assert 'loading="lazy"' in html
    assert 'referrerpolicy="no-referrer"' in html


BROKEN_OUT = '"><script>alert(1)</script><b onmouseover="x" \''
EVIL = BROKEN_OUT + "\u202e"


def test_shows_hostile_text_as_text() -> None:
    html = story_row(
        row(
            title=EVIL,
            provider_name=EVIL,
            topics=[EVIL],
            proposal=BROKEN_OUT,
            image_url=BROKEN_OUT,
            kind=EVIL,
        ),
        PUBLISHER,
    )
    assert "<script" not in html
    assert "<b onmouseover" not in html
    assert "\u202e" not in html
    attributes = re.findall(r'\s(?:src|href|aria-label|title|value)="([^"]*)"', html)
    assert not [value for value in attributes if "<" in value]


def test_uses_no_style_attributes() -> None:
    assert "style=" not in story_row(row(), PUBLISHER)
