"""Stories and groups under the pen: the rows as they were read, and as they will be written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from articles.models import Coverage, Story
from articles.models.change import jsonable

_SAME_NAME = (
    *("path", "vocabulary", "title", "excerpt", "kind", "published_at"),
    *("web_url", "original_url", "amp_url", "cdn_amp_url"),
    *("quality", "heat", "published", "removed", "is_lead", "related_count"),
    *("decision", "decided_at", "decision_reason", "proposal"),
    *("snoozed_until", "woke_at"),
    *("edited_fields", "bases", "locked", "publish_gate", "issue_count"),
)
TRACKED = {
    **{name: name for name in _SAME_NAME},
    "coverage": "coverage_id",
    "decided_by": "decided_by_id",
    "snoozed_by": "snoozed_by_id",
}
"""What the log records of a story: name in the log -> attribute of the row."""

DERIVED = (
    *("path_key", "url_key", "queue", "pending", "conflict", "links_stale"),
    *("claimed_by_id", "claimed_until"),
)
"""What follows from the rest, and claims; written, not logged."""

GROUP_FIELDS = (
    *("site_id", "lead_id", "lead_chosen", "member_count", "first_at", "last_at"),
    *("edited", "edited_at", "edited_by_id", "created_at"),
)
"""What the log records of a group."""

PUBLISH, UNPUBLISH = "publish", "unpublish"
"""What `Story.proposal` may hold."""

NOTES = ("normalised", "overrode")
"""What stands beside the values in the log: dates rewritten, reasons a chief set aside."""


APART = "apart:"
"""Begins the name in the log under which a story is kept apart from the one whose id follows."""

Said = dict[str, Any]


class Draft:
    """One story under the pen. Change it through `set` and `own`; `story` shows the new values.

    `topics` and `images` stay `None` unless a verb loads them; `findings` are the problems its
    file will have, `None` where they stay as they are; `notes` go into the log beside the values.
    `apart` maps ids of other stories to who keeps this one apart from them, or to `None`. `always`
    are the fields in which the desk's value always stands, `None` unless a verb loads them.
    """

    __slots__ = ("_was", "always", "always_was", "apart", "apart_was", "findings", "images",
                 "images_was", "notes", "story", "topics", "topics_was")  # fmt: skip

    def __init__(self, story: Story) -> None:
        self.story = story
        self._was = {name: getattr(story, name) for name in (*TRACKED.values(), *DERIVED)}
        self._was["edited_fields"] = list(story.edited_fields)
        self.topics: list[str] | None = None
        self.topics_was: list[str] | None = None
        self.images: list[dict[str, Any]] | None = None
        self.images_was: list[dict[str, Any]] | None = None
        self.findings: list[tuple[str, int | None, str]] | None = None
        self.notes: dict[str, Any] = {}
        self.always: list[str] | None = None
        self.always_was: list[str] | None = None
        self.apart: dict[int, Said | None] = {}
        self.apart_was: dict[int, Said | None] = {}

    def was(self, attribute: str) -> Any:
        """A value as it was read."""
        return self._was[attribute]

    def set(self, field: str, value: Any) -> None:
        """Give a field of the file another value; the person owns it from now on."""
        if getattr(self.story, field) != value:
            setattr(self.story, field, value)
            self.own(field)

    def own(self, *fields: str) -> None:
        """Remember that a person set these fields of the file."""
        self.story.edited_fields = sorted({*self.story.edited_fields, *fields})

    def go_live(self) -> None:
        """Make the site show the story; a date written oddly is rewritten, as it would break it."""
        self.set("published", True)
        if self.story.publish_gate == Story.Gate.NORMALISE:
            self.own("published_at")
            self.notes["normalised"] = ["published_at"]

    def decide(self, decision: str, *, by: User, reason: str, at: datetime) -> None:
        """Record what a person said of the story; it sleeps no longer, and their claim ends."""
        story = self.story
        self.sleep(None, by=None)
        if story.decision == decision and not self.columns():
            return
        story.decision = decision
        story.decided_by_id = by.pk
        story.decided_at = at
        story.decision_reason = reason
        self.let_go(by)

    def sleep(self, until: datetime | None, *, by: User | None) -> None:
        """Put the story to sleep until an instant, or let it lie awake (`None`)."""
        self.story.snoozed_until = until
        self.story.snoozed_by_id = by.pk if by else None
        self.story.woke_at = None

    def let_go(self, by: User) -> None:
        """End this person's claim: what they claimed it for is done."""
        if self.story.claimed_by_id == by.pk:
            self.story.claimed_by_id = self.story.claimed_until = None

    def columns(self) -> dict[str, Any]:
        """The columns to write, with their new values."""
        now = {name: getattr(self.story, name) for name in self._was}
        return {name: value for name, value in now.items() if value != self._was[name]}

    def change(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Before and after of everything the log records, where they differ."""
        changed = self.columns()
        names = [name for name, attribute in TRACKED.items() if attribute in changed]
        before = {name: jsonable(self._was[TRACKED[name]]) for name in names}
        after = {name: jsonable(changed[TRACKED[name]]) for name in names}
        for name in ("topics", "images", "always"):
            old, new = getattr(self, f"{name}_was"), getattr(self, name)
            if old != new:
                before[name], after[name] = old, new
        for pk, now in self.apart.items():
            if now != self.apart_was[pk]:
                before[f"{APART}{pk}"], after[f"{APART}{pk}"] = self.apart_was[pk], now
        return before, {**after, **self.notes} if before or self.notes else {}

    @property
    def is_changed(self) -> bool:
        """Whether there is anything the log would record."""
        return bool(self.change()[1])

    def copy_to(self, story: Story) -> None:
        """Bring the caller's own instance up to date."""
        for name in (*self._was, "version", "updated_at"):
            setattr(story, name, getattr(self.story, name))


class GroupDraft:
    """One group under the pen; it has no row yet unless it `existed`.

    `members` are all stories of the group, as they will be; fewer than two dissolve it.
    """

    __slots__ = ("_was", "coverage", "members", "pk_was")

    def __init__(self, coverage: Coverage, *, existed: bool) -> None:
        self.coverage = coverage
        self.members: list[Draft] = []
        self.pk_was: int | None = coverage.pk if existed else None
        self._was = self.values() if existed else {}

    def values(self) -> dict[str, Any]:
        """What the log records of the group as it is now in memory."""
        return {name: jsonable(getattr(self.coverage, name)) for name in GROUP_FIELDS}

    @property
    def is_gone(self) -> bool:
        """Whether the group will be dissolved."""
        return len(self.members) < 2

    def change(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Before and after; empty where the group did not exist or will not."""
        after = {} if self.is_gone else self.values()
        if not self._was or not after:
            return self._was, after
        changed = [name for name in GROUP_FIELDS if self._was[name] != after[name]]
        return {n: self._was[n] for n in changed}, {n: after[n] for n in changed}
