"""The newsroom as plain values: two dumps are equal when nothing a person could see differs."""

from __future__ import annotations

from typing import Any

from articles.models import Coverage, KeptApart, Story, StoryImage, StoryProblem, StoryTopic

BOOKKEEPING = {
    *("version", "updated_at"),
    *("suspicion", "hidden_count", "signals", "copies_differ", "judged_version"),
}


def dump(*, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of stories, groups, topics, images and problems, but for versions and row ids."""
    return {
        model.__name__: sorted(_rows(model, skipped | without), key=repr)
        for model, skipped in (
            (Story, BOOKKEEPING),
            (Coverage, BOOKKEEPING),
            (KeptApart, {"id"}),
            (StoryTopic, {"id"}),
            (StoryImage, {"id"}),
            (StoryProblem, {"id"}),
        )
    }


def _rows(model: type[Any], skipped: set[str]) -> list[tuple[Any, ...]]:
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in skipped]
    return [
        tuple((name, value) for name, value in zip(names, row, strict=True))
        for row in model.objects.values_list(*names)
    ]


def fresh(story: Story) -> Story:
    """The story as it stands in the database."""
    return Story.objects.get(pk=story.pk)
