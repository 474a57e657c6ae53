"""What the desk wants the files of some stories to say, where a person owns the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.filing import (
    Parts,
    differences,
    image_records,
    leaving_and_joining,
    new_record,
    provider_of,
    topic_names,
)
from articles.models import Story
from articles.storyfile.edits import RelatedEdit
from articles.storyfile.record import ImageRecord, RelatedRecord, StoryRecord
from articles.weburl import url_key

Changes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What belongs to stories outside their rows; each kind is loaded in one query."""

    parts: Parts
    members: Mapping[int, Sequence[Story]]

    @classmethod
    def of(cls, stories: Collection[Story]) -> Wanted:
        """Load what the files of these stories may need."""
        groups = {s.coverage_id for s in stories if s.coverage_id and _needs(s, "related")}
        members = _members(groups)
        pictured = {story.pk for group in members.values() for story in group}
        pictured |= {story.pk for story in stories if _needs(story, "images")}
        topics = topic_names(story.pk for story in stories if _needs(story, "topics"))
        return cls(Parts(topics, image_records(pictured)), members)

    def changes(self, story: Story, record: StoryRecord) -> Changes:
        """Return the fields a person owns that the file does not say as the desk does."""
        found = differences(story, record, story.edited_fields, self.parts)
        if "related" in story.edited_fields and (edit := self.related_edit(story, record)):
            found["related"] = edit
        return found

    def others(self, story: Story) -> dict[str, Story]:
        """The other members of the story's group by address, each address once, best first."""
        group = self.members.get(story.coverage_id or 0, ())
        found: dict[str, Story] = {}
        for member in group:
            if member.pk != story.pk and member.url_key not in {"", story.url_key}:
                found.setdefault(member.url_key, member)
        return found

    def related_edit(self, story: Story, record: StoryRecord) -> RelatedEdit | None:
        """Who leaves and who joins the file's related coverage; `None` if nobody does."""
        listed = {url_key(entry.url): entry.url for entry in record.related if entry.url}
        others = self.others(story)
        leaving, joining = leaving_and_joining(record, listed, others)
        if not (leaving or joining):
            return None
        joined = tuple(self.entry(member) for key, member in others.items() if key in joining)
        return RelatedEdit(frozenset(listed[key] for key in leaving), joined)

    def entry(self, member: Story) -> RelatedRecord:
        """A story as an entry of somebody's related coverage, with what real entries hold."""
        return RelatedRecord(
            title=member.title,
            excerpt=member.excerpt,
            published_at=member.published_at,
            web_url=member.web_url,
            original_url="" if member.web_url else member.original_url,
            amp_url=member.amp_url,
            cdn_amp_url=member.cdn_amp_url,
            kind=member.kind,
            provider=provider_of(member),
            quality=member.quality,
            images=tuple(self.parts.images_of(member)[:1]) or None,
        )

    def new_record(self, story: Story) -> StoryRecord:
        """A story without a file as the record of the file it gets."""
        extras = story.extras if isinstance(story.extras, dict) else {}
        related = (self.entry(member) for member in self.others(story).values())
        return replace(
            new_record(story, self.parts, related),
            featured_content=story.featured_content,
            highlight=str(extras.get("highlight") or ""),
            provider=provider_of(story, images=_logos(story)),
            body=story.body,
        )


def _needs(story: Story, field: str) -> bool:
    """Whether the file may have to say something about the field; a new file says everything."""
    return field in story.edited_fields or not story.file_digest


def _logos(story: Story) -> tuple[ImageRecord, ...] | None:
    images = story.provider_images if isinstance(story.provider_images, list) else []
    return tuple(ImageRecord(**values) for values in images) or None


def _members(coverage_ids: Collection[int]) -> dict[int, list[Story]]:
    """The members of groups, best first, as entries of a file stand."""
    found: dict[int, list[Story]] = {}
    rows = Story.objects.light().filter(coverage_id__in=coverage_ids)
    for story in rows.order_by("-quality_rank", "path", "url_key"):
        found.setdefault(story.coverage_id or 0, []).append(story)
    return found
