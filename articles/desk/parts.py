"""The rows that belong to a story: its topics, its images, its problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from articles.desk.drafts import Draft
from articles.models import (
    KeptApart,
    StandingAnswer,
    Story,
    StoryImage,
    StoryProblem,
    StoryTopic,
    Topic,
    topic_key,
)
from articles.rules import UNKNOWN_DATE


def write_parts(drafts: Iterable[Draft], *, by: User | None) -> None:
    """Write the parts that a verb loaded and changed."""
    for draft in drafts:
        if draft.topics != draft.topics_was:
            _write_topics(draft.story, draft.topics or [])
        if draft.images != draft.images_was:
            _write_images(draft.story, draft.images or [])
        if draft.findings is not None:
            _write_problems(draft.story, draft.findings)
        if draft.always != draft.always_was and by is not None:
            _write_always(draft.story, draft.always or [], by)
        for other, said in draft.apart.items():
            if said != draft.apart_was[other]:
                _write_pair(draft.story, other, said)


def topics_by_key(site_id: int, names: Sequence[str]) -> dict[str, Topic]:
    """The site's topics with these names, by the identity of the name."""
    rows = Topic.objects.filter(site_id=site_id, key__in={topic_key(name) for name in names})
    return {topic.key: topic for topic in rows}


def _write_topics(story: Story, names: Sequence[str]) -> None:
    known = topics_by_key(story.site_id, names)
    StoryTopic.objects.filter(story=story).delete()
    StoryTopic.objects.bulk_create(
        StoryTopic(
            story=story,
            topic=topic,
            position=position,
            name="" if name == topic.name else name,
            listed_at=story.published_at or UNKNOWN_DATE,
            queue=story.queue,
            published=story.published,
        )
        for position, name in enumerate(names)
        for topic in (known[topic_key(name)],)
    )


def _write_images(story: Story, images: Sequence[dict[str, Any]]) -> None:
    StoryImage.objects.filter(story=story).delete()
    StoryImage.objects.bulk_create(
        StoryImage(story=story, position=position, **values)
        for position, values in enumerate(images)
    )


def standing_answers(story_ids: Iterable[int]) -> dict[int, list[str]]:
    """The fields in which the desk's value always stands, by story."""
    found: dict[int, list[str]] = {}
    rows = StandingAnswer.objects.filter(story__in=list(story_ids)).order_by("field")
    for pk, name in rows.values_list("story_id", "field"):
        found.setdefault(pk, []).append(name)
    return found


def _write_always(story: Story, names: Sequence[str], by: User) -> None:
    rows = StandingAnswer.objects.filter(story=story)
    rows.exclude(field__in=names).delete()
    known = set(rows.values_list("field", flat=True))
    StandingAnswer.objects.bulk_create(
        StandingAnswer(story=story, field=name, by=by) for name in names if name not in known
    )


def pairs_of(story_id: int, others: Iterable[int]) -> dict[int, dict[str, Any] | None]:
    """Who keeps a story apart from others, as the log keeps it, by the ids of those."""
    found: dict[int, dict[str, Any] | None] = dict.fromkeys(others)
    for pair in KeptApart.objects.of(story_id).select_related("first", "second"):
        other = pair.second if pair.first_id == story_id else pair.first
        if other.pk in found:
            found[other.pk] = {
                "title": other.title,
                "by": pair.by_id,
                "at": pair.at.isoformat(),
                "reason": pair.reason,
                "asked_again": pair.asked_again,
            }
    return found


def _write_pair(story: Story, other: int, said: dict[str, Any] | None) -> None:
    """Both stories of a pair say the same; the second time nothing changes."""
    if said is None:
        KeptApart.objects.between(story.pk, other).delete()
        return
    KeptApart.objects.get_or_create(
        first_id=min(story.pk, other),
        second_id=max(story.pk, other),
        defaults={
            "site_id": story.site_id,
            "by_id": said["by"],
            "at": datetime.fromisoformat(said["at"]),
            "reason": said["reason"],
            "asked_again": said["asked_again"],
        },
    )


def _write_problems(story: Story, findings: Sequence[tuple[str, int | None, str]]) -> None:
    StoryProblem.objects.filter(story=story).delete()
    StoryProblem.objects.bulk_create(
        StoryProblem(story=story, code=code, line=line, message=message)
        for code, line, message in findings
    )
