"""Many stories at once, straight into the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from articles.models import Site, Story, StoryTopic, Topic
from tests.factories import NOON, make_provider, make_site


def make_crowd(number: int, topics: tuple[Topic, ...] = (), **fields: Any) -> list[Story]:
    """Stories of the first minutes before noon, each with one of the topics in turn."""
    site: Site = fields.pop("site", None) or make_site()
    provider = fields.pop("provider", None) or make_provider()
    taken = Story.objects.count()
    stories = Story.objects.bulk_create(
        Story(
            site=site,
            provider=provider,
            path=f"_news/crowd-{n}.md",
            path_key=f"{n:032x}",
            url_key=f"{n:032x}",
            created_at=NOON,
            updated_at=NOON,
            **{
                "title": f"Ferry number {n}",
                "provider_name": provider.name,
                "published_at": NOON - timedelta(minutes=n),
                "queue": 3,
                **fields,
            },
        )
        for n in range(taken, taken + number)
    )
    StoryTopic.objects.bulk_create(
        StoryTopic(
            story=story,
            topic=topics[place % len(topics)],
            listed_at=story.published_at or NOON,
            queue=story.queue,
            published=story.published,
        )
        for place, story in enumerate(stories)
        if topics
    )
    return stories
