"""The suspicion of coverage groups, kept beside them (`Coverage.suspicion`).

The desk judges a group with every change a person makes to it. What imports change is judged by
`judge_stale` afterwards: a sync calls it, and so do the commands `import_stories` and
`judge_groups`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db import transaction

from articles import word_counts
from articles.cohesion import Held, Judgement, Likeness
from articles.cohesion import judge as judged
from articles.models import Coverage, Story, StoryFile, TextBlock
from articles.models.story_file import unpack_ids
from articles.repository.parsing import Parser
from articles.storyfile.record import RelatedRecord
from articles.textmatch import Piece, Rarity, terms
from articles.weburl import url_key

AT_ONCE = 100
"""Groups a transaction, so that editors at the desk never wait."""

_WRITTEN = ("suspicion", "hidden_count", "signals", "copies_differ", "judged_version")
_COLUMNS = (
    *("id", "coverage_id", "title", "excerpt", "published_at", "provider_domain"),
    *("web_url", "original_url", "quality", "is_lead"),
)


def judge_stale(site_id: int | None = None) -> int:
    """Judge every group that changed since it was judged; returns how many there were."""
    groups = Coverage.objects.unjudged().order_by("pk")
    if site_id is not None:
        groups = groups.filter(site_id=site_id)
    ids = list(groups.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            judge(ids[start : start + AT_ONCE])
    return len(ids)


def judge(coverage_ids: Collection[int]) -> None:
    """Judge groups as they are now and write the verdicts."""
    groups = Coverage.objects.filter(pk__in=coverage_ids).select_related("site")
    members = _members(coverage_ids)
    likeness = {}
    for site_id in {group.site_id for group in groups}:
        of_site = [members.get(group.pk, []) for group in groups if group.site_id == site_id]
        likeness[site_id] = likeness_of(site_id, chain.from_iterable(of_site))
    differing = _differing_copies(coverage_ids, members)
    for group in groups:
        found = judged(members.get(group.pk, ()), group.site.rule, likeness[group.site_id])
        group.suspicion = found.suspicion
        group.hidden_count = len(found.rescued) if found.suspicion else 0
        group.signals = " ".join(found.signals) if found.suspicion else ""
        group.copies_differ = len(differing.get(group.pk, ()))
        group.judged_version = group.version
    Coverage.objects.bulk_update(groups, _WRITTEN)


def judgement_of(group: Coverage, members: Sequence[Held], likeness: Likeness) -> Judgement:
    """What is doubtful about a group, with its parts."""
    return judged(members, group.site.rule, likeness)


def likeness_of(site_id: int, members: Iterable[Held]) -> Likeness:
    """How alike these stories are, by the words of the site's archive."""
    words: set[str] = set()
    for held in members:
        words |= terms(held.piece.title, held.piece.excerpt)
    return Likeness(word_counts.rarity(site_id, words) if words else Rarity(0, {}))


def _differing_copies(
    coverage_ids: Collection[int], members: Mapping[int, Sequence[Held]]
) -> dict[int, set[int]]:
    """Group -> the members that an entry in the file of another describes with old values."""
    files = StoryFile.objects.filter(story__coverage__in=coverage_ids)
    blocks: dict[int, set[int]] = {}
    for coverage_id, packed in files.values_list("story__coverage_id", "blocks"):
        blocks.setdefault(coverage_id, set()).update(unpack_ids(bytes(packed)))
    wanted = set().union(*blocks.values())
    parser = Parser()
    copies = {
        pk: (key, parser.record_of(bytes(text)))
        for pk, key, text in TextBlock.objects.filter(pk__in=wanted).values_list(
            "pk", "url_key", "text"
        )
    }
    found: dict[int, set[int]] = {}
    for coverage_id, ids in blocks.items():
        at = {url_key(held.piece.url): held for held in members.get(coverage_id, ())}
        for key, copy in (copies[pk] for pk in ids if pk in copies):
            if (held := at.get(key)) and _differs(held, copy):
                found.setdefault(coverage_id, set()).add(held.id)
    return found


def _differs(held: Held, copy: RelatedRecord) -> bool:
    said = (copy.title, copy.quality, copy.published_at)
    return said != (held.piece.title, held.quality, held.piece.at)


def _members(coverage_ids: Collection[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    rows = Story.objects.filter(coverage__in=coverage_ids).values(*_COLUMNS)
    for row in rows:
        found.setdefault(row["coverage_id"], []).append(_held(row))
    return found


def held(story: Story) -> Held:
    """A story as a member of its group."""
    return _held({name: getattr(story, name) for name in _COLUMNS})


def _held(row: dict[str, Any]) -> Held:
    piece = Piece(
        row["title"],
        row["excerpt"],
        row["published_at"],
        row["provider_domain"],
        row["web_url"] or row["original_url"],
    )
    return Held(row["id"], piece, row["quality"], row["is_lead"])
