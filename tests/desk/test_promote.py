from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Verb
from tests.desk.dumps import dump, fresh
from tests.factories import NOON, make_coverage, make_story, make_story_without_file, write_file

pytestmark = pytest.mark.django_db


def test_gives_a_story_a_path_in_the_sites_dialect(editor: User) -> None:
    make_story(vocabulary="source", path="content/_news/2026-03-02-one.md")
    story = make_story_without_file(title="Ferry “Möwe” sails", published_at=NOON)
    change = desk.promote(story, by=editor)
    assert change is not None
    assert change.verb == Verb.PROMOTE
    now = fresh(story)
    assert now.path == "content/_news/2026-03-02-ferry-mowe-sails.md"
    assert (now.vocabulary, now.pending, now.published) == ("source", True, False)
    assert (now.heat, now.edited_fields) == (60, ["path"])


def test_takes_no_name_that_is_taken(editor: User) -> None:
    make_story(path="_news/2026-03-02-Ferry.md")
    story = make_story_without_file(title="Ferry", published_at=NOON)
    desk.promote(story, by=editor)
    assert fresh(story).path == "_news/2026-03-02-ferry-2.md"


def test_gives_the_heat_of_its_place_in_the_group(editor: User) -> None:
    lead, other = make_story(quality=80), make_story_without_file(quality=90)
    make_coverage(lead, other)
    desk.promote(other, by=editor)
    assert fresh(other).heat == -1
    desk.choose_lead(other, by=editor)
    assert fresh(other).heat == 110


def test_lets_a_promoted_story_be_published(publisher: User) -> None:
    story = make_story_without_file()
    desk.promote(story, by=publisher)
    desk.publish(story, by=publisher)
    now = fresh(story)
    assert (now.published, now.pending, now.edited_fields) == (True, True, ["path", "published"])


def test_finds_what_is_wrong_with_the_new_file(publisher: User) -> None:
    story = make_story_without_file(web_url="javascript:alert(1)")
    desk.promote(story, by=publisher)
    assert fresh(story).publish_gate == "blocked"
    assert fresh(story).problems.get().code == "url.unsafe"
    with pytest.raises(desk.Blocked):
        desk.publish(story, by=publisher)
    desk.edit(story, {"web_url": "https://www.herald.example/good"}, by=publisher)
    assert fresh(story).publish_gate == "allowed"
    assert not fresh(story).problems.exists()


def test_is_taken_back_until_the_file_is_written(publisher: User) -> None:
    story = make_story_without_file(web_url="javascript:alert(1)")
    before = dump()
    desk.promote(story, by=publisher)
    after = dump()
    desk.undo_last(by=publisher)
    assert dump() == before
    desk.redo_last(by=publisher)
    assert dump() == after
    write_file(fresh(story))
    with pytest.raises(desk.NotUndoable, match="written"):
        desk.undo_last(by=publisher)


def test_does_nothing_to_a_story_with_a_file(editor: User) -> None:
    assert desk.promote(make_story(), by=editor) is None


def test_refuses_a_story_without_a_date(editor: User) -> None:
    with pytest.raises(desk.Blocked, match="date"):
        desk.promote(make_story_without_file(published_at=None), by=editor)


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.promote(make_story_without_file(), by=reader)
