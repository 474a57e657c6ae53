"""What a change of coverage will do, shown before anybody confirms it. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from articles.desk.drafts import Draft
from articles.desk.files import file_states
from articles.desk.groups import plan_lead, plan_link, plan_unlink
from articles.desk.permission import require_edit
from articles.desk.plans import Plan
from articles.desk.regrouping import addresses_of_others
from articles.desk.splitting import Parts as Cuts
from articles.desk.splitting import plan_split
from articles.filing import COLUMNS, FILE_FIELDS, Parts, differences, leaving_and_joining
from articles.models import Coverage, Story, TextBlock, Verb

USUAL_LINES = 10
"""Lines of an entry of related coverage that stands in no file yet."""

_SIMPLE = frozenset(COLUMNS)
_IN_FILE = FILE_FIELDS | {"edited_fields"}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to one story. `proposal` waits for a publisher instead of `published_after`."""

    story: Story
    heat_before: int | None
    heat_after: int | None
    published_before: bool
    published_after: bool
    led_before: bool
    leads_after: bool
    proposal: str
    writes_file: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """What happens to all stories that an action touches, the story it is about first.

    `lines` is how many lines of files leave or come; an entry that no file has yet counts as ten.
    """

    stories: tuple[Consequence, ...] = ()
    lines: int = 0

    @property
    def files(self) -> int:
        """How many files the next export will write because of it."""
        return sum(story.writes_file for story in self.stories)


def consequences(stories: Sequence[Story], action: str | Verb, *, by: User) -> Consequences:
    """What `link` (the first story with the others), `unlink` or `lead` of a story would do.

    Raises what the verb itself would raise, and ValueError for any other action.
    """
    require_edit(by)
    first, others = stories[0], [story.pk for story in stories[1:]]
    if action == Verb.LINK:
        plan = plan_link(first, others, by, lock=False)
    elif action == Verb.UNLINK:
        plan = plan_unlink(first, by, lock=False)
    elif action == Verb.LEAD:
        plan = plan_lead(first, by, lock=False)
    else:
        raise ValueError(f"{action} is no change of coverage.")
    return Consequences() if plan is None else _of(plan)


def consequences_of_split(
    group: Coverage, parts: Cuts, *, by: User, keep_apart: bool = False
) -> Consequences:
    """What `split` would do. Raises what it would raise."""
    require_edit(by)
    plan = plan_split(group, parts, by, lock=False, keep_apart=keep_apart)
    return Consequences() if plan is None else _of(plan)


def _of(plan: Plan) -> Consequences:
    plan.settle()
    found = tuple(_consequence(draft) for draft in plan.drafts if draft.is_changed)
    writing = {each.story.pk for each in found if each.writes_file}
    return Consequences(found, _lines([d for d in plan.drafts if d.story.pk in writing], plan))


def _lines(drafts: Sequence[Draft], plan: Plan) -> int:
    """The lines that leave or come: one for each value, an entry's own for each that is listed."""
    listed = addresses_of_others(plan.groups, plan.drafts)
    states = file_states(draft.story.pk for draft in drafts)
    moving: Counter[str] = Counter()
    values = 0
    for draft in drafts:
        if (state := states.get(draft.story.pk)) is None:
            continue
        said = differences(draft.story, state.record, _SIMPLE, Parts({}, {}))
        values += len(said.keys() & set(draft.story.edited_fields))
        if "related" in draft.story.edited_fields:
            leaving, joining = leaving_and_joining(
                state.record, state.listed, listed[draft.story.pk]
            )
            moving.update([*leaving, *joining])
    lengths = _entry_lengths(moving)
    return values + sum(count * lengths.get(key, USUAL_LINES) for key, count in moving.items())


def _entry_lengths(keys: Iterable[str]) -> dict[str, int]:
    """How many lines an entry has, by the identity of its address, as one of the files has it."""
    rows = TextBlock.objects.filter(url_key__in=list(keys)).values_list("url_key", "text")
    return {key: bytes(text).count(b"\n") for key, text in rows}


def _consequence(draft: Draft) -> Consequence:
    story, columns = draft.story, draft.columns()
    new_proposal = story.proposal if story.proposal != draft.was("proposal") else ""
    return Consequence(
        story=story,
        heat_before=draft.was("heat"),
        heat_after=story.heat,
        published_before=draft.was("published"),
        published_after=story.published,
        led_before=draft.was("is_lead"),
        leads_after=story.is_lead,
        proposal=new_proposal,
        writes_file=story.pending and (bool(_IN_FILE & columns.keys()) or _relists(draft)),
    )


def _relists(draft: Draft) -> bool:
    """Whether a file that lists its group for the desk gets another list."""
    moved = {"coverage_id", "related_count"} & draft.columns().keys()
    return bool(moved) and "related" in draft.story.edited_fields
