"""What the pages of one story show, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, IntegerField, QuerySet, Value, When

from articles import history, ownership, readiness, roles, story_fields
from articles.labels import IN_FILE
from articles.models import Change, ShelfItem, Story, StoryImage, StoryProblem, StoryQuerySet, Topic
from articles.prepared import NUMBER, Prepared
from articles.rules import SUPERSEDED_HEAT
from articles.weburl import picture_href, youtube_id

MEMBERS_IN_PREVIEW = 8
HISTORY_IN_PREVIEW = 4
HISTORY_ON_PAGE = 50
CHANGES_READ = 500
"""So many of a story's changes are read to find out who set its fields."""


TO_PREVIEW = Prepared(
    lambda: Story.objects.filter(pk=NUMBER).select_related("site", "coverage").order_by()
)
LAST_CHANGES = Prepared(lambda: changes_of(NUMBER)[:HISTORY_IN_PREVIEW])
TOPICS = Prepared(
    lambda: Topic.objects.filter(story_topics__story=NUMBER).order_by("story_topics__position")
)
"""What every preview asks about its story."""


@dataclass(frozen=True, slots=True)
class HeatSum:
    """The rule's heat of a story, spelled out as a sum."""

    quality: int | None
    related: int
    weight: int
    floor: int
    bonus: int
    heat: int | None
    threshold: int
    publishes: bool


def heat_sum(story: Story) -> HeatSum:
    """How the site's rule arrives at the story's heat. A member that does not lead has -1."""
    rule = story.site.rule
    related = story.related_count if story.is_lead else 0
    heat = rule.heat(story.quality, related) if story.is_lead else SUPERSEDED_HEAT
    bonus = rule.bonus(story.quality, related) if story.quality is not None else 0
    return HeatSum(
        quality=story.quality,
        related=related,
        weight=rule.related_weight,
        floor=rule.quality_floor,
        bonus=bonus,
        heat=heat,
        threshold=rule.publish_threshold,
        publishes=rule.publishes(heat),
    )


def stories_to_show() -> StoryQuerySet:
    """Stories with what their page names, in one query."""
    found: StoryQuerySet = Story.objects.select_related(
        "site", "provider", "coverage__lead", "decided_by", "claimed_by"
    )
    return found


def story_to_preview(pk: int) -> Story | None:
    """The story of the pane beside the list, None where it is gone. One query.

    Who decided it or works on it, and a lead that is another story, are asked for where there are
    such: most stories of a list have none of them.
    """
    return next(iter(TO_PREVIEW.ask(number=pk)), None)


def preview(story: Story, *, user: User | AnonymousUser, images: bool) -> dict[str, Any]:
    """The context of the preview beside the list."""
    members = members_of(story)
    return {
        **_common(story, user=user, changes=LAST_CHANGES.ask(number=story.pk)),
        "members": members[:MEMBERS_IN_PREVIEW],
        "more_members": max(0, len(members) - MEMBERS_IN_PREVIEW),
        "hero_url": hero_url(story.images.all(), wanted=images),
        "may_regroup": False,
    }


def detail(story: Story, *, user: User | AnonymousUser, images: bool) -> dict[str, Any]:
    """The context of the story's own page."""
    pictures = list(story.images.all())
    changes = list(changes_of(story.pk)[:CHANGES_READ])
    common = _common(story, user=user, changes=changes[:HISTORY_ON_PAGE])
    may_edit = roles.can_edit(user)
    checks = readiness.checklist(
        story, topics=common["topics"], images=pictures, problems=common["problems"]
    )
    return {
        **common,
        "members": members_of(story),
        "images": [_image(image, shown=images) for image in pictures],
        "images_off": not images,
        "hero_url": hero_url(pictures, wanted=images),
        "fields": story_fields.fields_of(
            story,
            story_fields.file_record(story),
            topics=common["topics"],
            images=pictures,
            owners=ownership.owners(story, changes, IN_FILE),
        ),
        "checks": checks,
        "checks_state": readiness.worst(checks),
        "video_id": youtube_id(story.featured_content) if story.featured_content else "",
        "same_address": same_address(story),
        "may_regroup": may_edit,
        "may_edit": may_edit and story.has_file and not story.locked,
    }


def _common(
    story: Story, *, user: User | AnonymousUser, changes: Sequence[Change]
) -> dict[str, Any]:
    return {
        "story": story,
        "sum": heat_sum(story),
        "on_shelf": ShelfItem.objects.filter(user=user.pk, story=story).exists(),
        "lead": _lead_of(story),
        "topics": topics_of(story),
        "problems": _problems_of(story),
        "history": history.entries(changes, user=user),
    }


def _lead_of(story: Story) -> Story:
    """The lead of the story's group; the story itself where it leads or stands alone."""
    if story.coverage is None or story.coverage.lead_id == story.pk:
        return story
    return story.coverage.lead or story


def _problems_of(story: Story) -> list[StoryProblem]:
    """What is wrong with the story's file; no query where nothing is."""
    if not story.issue_count:
        return []
    return list(StoryProblem.objects.filter(story=story).order_by("line", "id"))


def topics_of(story: Story) -> list[Topic]:
    """The story's topics in the order of its file."""
    return TOPICS.ask(number=story.pk)


def members_of(story: Story) -> list[Story]:
    """All stories of the group, the lead first, then by quality; none for a single story."""
    if story.coverage_id is None:
        return []
    lead_first = Case(
        When(pk=story.coverage.lead_id if story.coverage else 0, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return list(
        Story.objects.filter(coverage_id=story.coverage_id)
        .only("title", "provider_name", "published_at", "quality", "published", "path", "version")
        .order_by(lead_first, "-quality_rank", "path", "id")
    )


def changes_of(story_id: int) -> QuerySet[Change]:
    """A story's changes, newest first, knowing which were taken back."""
    return Change.objects.of_story(story_id).knowing_undone()


def same_address(story: Story) -> list[Story]:
    """Other stories of the site with exactly this address."""
    if not story.url_key:
        return []
    twins = Story.objects.of_site(story.site_id).filter(url_key=story.url_key)
    return list(twins.exclude(pk=story.pk).only("title", "path")[:10])


def hero_url(pictures: Iterable[StoryImage], *, wanted: bool) -> str:
    """The picture shown large, empty if none is wanted or safe to load."""
    if not wanted:
        return ""
    return next((href for image in pictures if (href := picture_href(image.url))), "")


def _image(image: StoryImage, *, shown: bool) -> dict[str, Any]:
    href = picture_href(image.url)
    return {"image": image, "href": href, "shown": bool(shown and href)}
