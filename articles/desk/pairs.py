"""Pairs of stories that a person keeps apart, under the pen: asked, noted and refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from articles import models
from articles.desk.drafts import Draft, Said
from articles.desk.errors import KeptApart
from articles.desk.parts import pairs_of
from articles.models import Story


def refuse_kept_apart(drafts: Iterable[Draft]) -> None:
    """Raises KeptApart where two stories of one group are kept apart, as the drafts say."""
    groups: dict[int, dict[int, Draft]] = {}
    for draft in drafts:
        if draft.story.coverage_id is not None:
            groups.setdefault(draft.story.coverage_id, {})[draft.story.pk] = draft
    for members in groups.values():
        if len(members) > 1:
            refuse_pairs(members)


def refuse_pairs(members: Mapping[int, Draft]) -> None:
    """Raises KeptApart where two of the stories are kept apart and no draft says otherwise."""
    for draft in members.values():
        for second, said in draft.apart.items():
            if said is not None and second in members:
                raise KeptApart(_pair(draft.story, members[second].story, said))
    rows = models.KeptApart.objects.among(members).select_related("first", "second", "by")
    for pair in rows:
        if members[pair.first_id].apart.get(pair.second_id, pair) is not None:
            raise KeptApart(pair)


def part(one: Draft, other: Draft, *, by: User, reason: str) -> None:
    """Note on both drafts that a person keeps them apart; a no that stands stays as it is."""
    now = timezone.now().isoformat()
    for draft, partner in ((one, other), (other, one)):
        said = _load(draft, partner)
        said = said or {"by": by.pk, "at": now, "reason": reason, "asked_again": 0}
        draft.apart[partner.story.pk] = {**said, "title": partner.story.title}


def unpart(one: Draft, other: Draft) -> None:
    """Note on both drafts that nobody keeps them apart any more."""
    for draft, partner in ((one, other), (other, one)):
        _load(draft, partner)
        draft.apart[partner.story.pk] = None


def _load(draft: Draft, partner: Draft) -> Said | None:
    pk = partner.story.pk
    if pk not in draft.apart:
        draft.apart_was.update(pairs_of(draft.story.pk, [pk]))
        draft.apart[pk] = draft.apart_was[pk]
    return draft.apart[pk]


def _pair(one: Story, other: Story, said: Said) -> models.KeptApart:
    """A refusal as it will be, for the words of an error."""
    first, second = sorted((one, other), key=lambda story: story.pk)
    return models.KeptApart(
        first=first,
        second=second,
        by_id=said["by"],
        at=datetime.fromisoformat(said["at"]),
        reason=said["reason"],
        asked_again=said["asked_again"],
    )
