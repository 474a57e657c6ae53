from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import shelf
from articles.models import Story
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_collects_stories_for_one_person(reader: User, editor: User) -> None:
    story = make_story()
    assert shelf.put(story, by=reader)
    assert not shelf.put(story, by=reader)
    assert list(Story.objects.on_shelf_of(reader.pk)) == [story]
    assert not Story.objects.on_shelf_of(editor.pk).exists()
    assert shelf.take(story, by=reader)
    assert not shelf.take(story, by=reader)


def test_is_cleared_for_one_person(reader: User, editor: User) -> None:
    for person in (reader, editor):
        for _ in range(2):
            shelf.put(make_story(), by=person)
    assert shelf.clear(by=reader) == 2
    assert Story.objects.on_shelf_of(editor.pk).count() == 2


def test_is_no_archive(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.shelf.HOLDS", 1)
    shelf.put(make_story(), by=reader)
    with pytest.raises(shelf.FullShelfError):
        shelf.put(make_story(), by=reader)
