"""One row of the story list as HTML.

Twelve template variables and filters a row cost three quarters of a list page. Here a row is one
call of `fill`: its pattern is made of markup and whole numbers alone, every text goes in as
an argument and is escaped there. Cells that many rows share are made once and kept.

A row is a mapping with the columns of `Story.objects.for_list()` and, added by the view:

    topics      list of names, in the order of the file
    image_url   address of a picture, already checked by `safe_href`; "" shows the provider's letter
    threshold   the site's publishing line
    grown       how many stories joined the group since its decision
    matches     rows of the same group that are folded beneath this one
    members     the unfolded members (`rows.Members`), None where they are folded

The commands of a row are buttons with `data-command`; a key presses the one of the current row.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from articles.places import place_of
from articles.rules import Queue
from articles.templatetags._heat import heat_bar, heat_words, quality_bar
from articles.templatetags._icons import icon, monogram
from articles.templatetags._markup import fill, joined
from articles.templatetags._times import local_time
from articles.templatetags._times import words as in_words
from articles.templatetags._visible import visible, visible_plain

Row = Mapping[str, Any]

TOPICS_SHOWN = 3

CLAIMED = " works on it"

BADGES = {
    "conflict": ("error", "File and desk were both changed"),
    "removed": ("removed", "The site itself does not read this mark"),
    "no file": ("nofile", "Known only from another story's list"),
    "declined": ("declined", "A person declined it"),
    "snoozed back": ("back", "It slept, and waits again"),
    "live": ("live", "The site shows it, although it does not lead"),
    "live, unreviewed": ("live", "Nobody has reviewed this story"),
    "to be written": ("pending", "Changed here, not yet in the file"),
}
"""Class and title of the badges that always read the same."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the reader of the list may do, and which story stands in the preview."""

    may_publish: bool = False
    may_pick: bool = False
    current: int | None = None
    list_url: str = "?"
    """The list with all groups folded, to be continued with `open=`."""
    prefix: str = field(default_factory=get_script_prefix)
    """The path under which the desk is served."""

    def address(self, name: str, story_id: int) -> str:
        """The address of one story's view."""
        return place_of(f"articles:{name}", story_id, self.prefix)


def story_row(row: Row, viewer: Viewer) -> SafeString:
    """The `<tr>` of one story. Everything that came from a file is escaped."""
    title = row["title"] or "(no title)"
    return fill(
        _pattern_of(row, viewer),
        title=visible_plain(title),
        headline=visible(title),
        who=_who(row["provider_name"]),
        when=local_time(row["published_at"], "short"),
        badges=_badges(tuple(badges(row))),
        topics=_topics(tuple(row["topics"])),
        letter=monogram(row["provider_name"] or "?"),
        image=row["image_url"],
        decision=row["decision"],
        also=_also(row),
        led_by=row["coverage__lead__title"] or "",
        fold=_fold_url(row, viewer),
        heat=_heat(row["quality"], row["heat"], row["related_count"], row["threshold"]),
    )


def _pattern_of(row: Row, viewer: Viewer) -> str:
    """The row with holes for its texts: nothing but markup, addresses and whole numbers."""
    pk, version = int(row["id"]), int(row["version"])
    detail, preview = (viewer.address(name, pk) for name in ("story_detail", "story_preview"))
    here = viewer.current == pk
    names = "row" + (" off" if not row["published"] else "") + (" current" if here else "")
    decision = ' data-decision="{decision}"' if row["decision"] else ""
    waits = " data-waits" if row["queue"] == Queue.INBOX else ""
    image = IMAGE if row["image_url"] else ""
    play = _play() if row["kind"] == "video" else ""
    return (
        f'<tr class="{names}" id="story-{pk}" role="row" data-id="{pk}" data-version="{version}"'
        f' data-preview="{preview}"{_members_at(row, viewer)}'
        f"{decision}{waits}{ARIA_CURRENT if here else ''}>"
        f"{pick(pk, version) if viewer.may_pick else ''}"
        f'<td class="c-thumb" role="cell"><span class="thumb">{{letter}}{image}{play}</span></td>'
        f'<th class="c-story" role="rowheader" scope="row"><a class="headline" href="{detail}">'
        '{headline}</a><span class="meta">{who}{when}{badges}{topics}</span>{also}</th>'
        f'<td class="c-heat" role="cell">{{heat}}</td>'
        f'<td class="c-cover" role="cell">{_cover(row, viewer)}</td>'
        f'<td class="c-live" role="cell"><span class="acts">{live_control(row, viewer)}'
        f"{_decline(row, viewer)}{_more(row, viewer)}</span></td></tr>"
    )


ARIA_CURRENT = ' aria-current="true"'

IMAGE = (
    '<img src="{image}" alt="" width="84" height="60" loading="lazy" decoding="async"'
    ' referrerpolicy="no-referrer">'
)


def pick(pk: int, version: int) -> str:
    """The box that selects a story; its headline goes in as `title`."""
    # Id and version: a bulk action means the stories as they were when they were selected.
    return (
        '<td class="c-pick" role="cell"><label class="check">'
        f'<input type="checkbox" name="story" value="{pk}:{version}" form="bulk">'
        '<span class="sr">Select {title}</span></label></td>'
    )


def _play() -> str:
    return f'<span class="play">{icon("play", 10, label="Video")}</span>'


def _members_at(row: Row, viewer: Viewer) -> str:
    if row["coverage_id"] is None:
        return ""
    return f' data-members="{viewer.address("story_members", int(row["id"]))}"'


def _cover(row: Row, viewer: Viewer) -> str:
    """How many other stories the group has, and the control that unfolds them."""
    pk, related = int(row["id"]), int(row["related_count"])
    if row["coverage_id"] is None or not related:
        return '<span class="cover none" title="No related stories">–</span>'
    if not row["is_lead"]:
        lead = viewer.address("story_detail", int(row["coverage__lead_id"] or pk))
        return (
            f'<a class="cover led" href="{lead}" title="Led by “{{led_by}}”">'
            f"{icon('crown', 14)}lead</a>"
        )
    is_open = row["members"] is not None
    words = f"{related} related {'story' if related == 1 else 'stories'}"
    return (
        '<a class="cover" href="{fold}" data-command="fold"'
        f' aria-expanded="{"true" if is_open else "false"}" aria-label="{words}">'
        f"{icon('layers', 15)}<b>{related}</b></a>"
    )


def _fold_url(row: Row, viewer: Viewer) -> str:
    """The list with the row's group unfolded; folded where it is unfolded."""
    opened = "" if row["members"] is not None else f"open={row['id']}"
    return f"{viewer.list_url}{opened}#story-{row['id']}"


def _also(row: Row) -> SafeString | str:
    """Why this row stands here, where its headline does not say so."""
    if row["matches"]:
        return _matches(row["matches"])
    if row["coverage_id"] is not None and not row["is_lead"]:
        words = '<span class="also">{} in the group of {}</span>'
        return fill(words, _corner(), visible(row["coverage__lead__title"] or "?"))
    return ""


def _matches(rows: Sequence[Row]) -> SafeString:
    """The members that are in the list as well, the first one by name."""
    first, others = rows[0], len(rows) - 1
    return fill(
        '<span class="also">{} also <b>{}</b> {}{}</span>',
        _corner(),
        visible(first["provider_name"] or "(no provider)"),
        visible(first["title"] or "(no title)"),
        f" and {others} more" if others else "",
    )


@functools.cache
def _corner() -> str:
    return icon("corner-down-right", 12)


def live_control(row: Row, viewer: Viewer) -> str:
    """The published switch of a row; nothing where the story has no file."""
    if row["path"] is None:
        return ""
    on = bool(row["published"])
    blocked = not on and row["publish_gate"] == "blocked"
    if not viewer.may_publish or blocked or row["locked"]:
        return fixed_switch(on, blocked)
    return _switch_pattern(int(row["id"]), int(row["version"]), on, viewer.prefix)


def _decline(row: Row, viewer: Viewer) -> str:
    if not viewer.may_pick or row["decision"] == "declined":
        return ""
    pk, version = int(row["id"]), int(row["version"])
    where = viewer.address("story_decline", pk)
    return (
        f'<button class="icon-button decline" form="act" name="version" value="{version}"'
        f' formaction="{where}"'
        f' data-command="decline" aria-label="Decline {{title}}" title="Decline">'
        f"{icon('ban', 15)}</button>"
    )


def _more(row: Row, viewer: Viewer) -> str:
    """What else can be done, in a menu for fingers: without hover, keys and preview."""
    if not viewer.may_pick:
        return ""
    pk, version = int(row["id"]), int(row["version"])
    asleep = row["snoozed_until"] is not None
    name, words = ("story_wake", "Back to the inbox") if asleep else ("story_snooze", "Snooze")
    command = "" if asleep else ' data-command="snooze"'
    claim = f'<button form="act" formaction="{viewer.address("story_claim", pk)}">Claim</button>'
    return (
        '<details class="menu row-more"><summary aria-label="More for {title}">'
        f'{_dots()}</summary><div class="menu-sheet"><button form="act" name="version"'
        f' value="{version}" formaction="{viewer.address(name, pk)}"{command}>{words}</button>'
        f"{'' if row['claimed_by'] else claim}"
        f'<a href="{viewer.address("story_link", pk)}">Link</a></div></details>'
    )


@functools.cache
def _dots() -> str:
    return icon("ellipsis-vertical", 16)


@functools.lru_cache(maxsize=4096)
def _who(name: str) -> SafeString:
    return fill('<span class="who">{}</span>', visible(name or "(no provider)"))


@functools.lru_cache(maxsize=4096)
def _topics(names: tuple[str, ...]) -> SafeString | str:
    if not names:
        return ""
    shown = [visible(name) for name in names[:TOPICS_SHOWN]]
    if len(names) > TOPICS_SHOWN:
        shown.append(fill("+{}", len(names) - TOPICS_SHOWN))
    tags = joined(fill('<span class="topic">{}</span>', name) for name in shown)
    return fill('<span class="topics">{}</span>', tags)


def badges(row: Row) -> Iterator[str]:
    """What an editor must know of a story besides its numbers."""
    if row["grown"]:
        yield f"+{row['grown']} new"
    yield from _hands(row)
    if row["conflict"]:
        yield "conflict"
    if row["removed"]:
        yield "removed"
    if row["path"] is None:
        yield "no file"
    if row["proposal"]:
        yield f"proposed: {row['proposal']}"
    if row["decision"] == "declined":
        yield "declined"
    elif row["published"] and row["queue"] == Queue.INBOX:
        yield "live, unreviewed"
    if count := row["issue_count"]:
        yield f"{count} issue" if count == 1 else f"{count} issues"
    if row["pending"]:
        yield "to be written"


def _hands(row: Row) -> Iterator[str]:
    """Who works on it, and whether it sleeps."""
    if row["claimed_by"]:
        yield f"{row['claimed_by']}{CLAIMED}"
    if row["snoozed_until"]:
        yield f"asleep until {in_words(localtime(row['snoozed_until']), 'short')}"
    elif row["woke_at"]:
        yield "snoozed back"


@functools.lru_cache(maxsize=1024)
def _badges(words: tuple[str, ...]) -> SafeString:
    return joined(map(badge, words))


@functools.lru_cache(maxsize=256)
def badge(words: str) -> SafeString:
    """One mark of a row with its explanation."""
    return fill('<span class="badge {}" title="{}">{}</span>', *_badge(words), words)


def _badge(words: str) -> tuple[str, str]:
    if words in BADGES:
        return BADGES[words]
    if words.startswith("+"):
        return "grown", "Stories that joined the group since it was decided"
    if words.startswith("asleep"):
        return "back", "Then it is back in the inbox by itself"
    if words.endswith(CLAIMED):
        return "claimed", "Claimed: ask, or wait until the claim ends"
    if words.startswith("proposed"):
        return "pending", "Waits for a publisher"
    return "issue", "The story's page says what to do"


@functools.lru_cache(maxsize=8192)
def _heat(quality: int | None, heat: int | None, related: int, threshold: int) -> SafeString:
    words = heat_words(quality, heat, related, threshold)
    superseded = heat is not None and heat < 0
    shown = quality if superseded else heat
    names = "heat faint" if superseded else "heat"
    if heat is not None and heat >= threshold:
        names = "heat hot"
    return fill(
        '<span class="{}" title="{}">{}<b aria-hidden="true">{}</b>'
        '<span class="sr">{}</span></span>',
        names,
        words,
        quality_bar(quality, threshold) if superseded else heat_bar(quality, heat, threshold),
        "?" if shown is None else shown,
        words,
    )


def picture(url: str, width: int, height: int) -> SafeString:
    """A picture from outside: lazily, without telling its server where it is shown."""
    return fill(
        '<img src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async"'
        ' referrerpolicy="no-referrer">',
        url,
        width,
        height,
    )


@functools.lru_cache(maxsize=4)
def fixed_switch(on: bool, blocked: bool = False) -> SafeString:
    """The state without the means to change it."""
    words = "Live" if on else "Not live"
    if blocked:
        words = "Not live; an issue blocks publishing"
    return fill(
        '<span class="switch fixed{}" role="img" aria-label="{}" title="{}"><span>{}</span></span>',
        " on" if on else "",
        words,
        words,
        icon("check", 12),
    )


def switch(story_id: int, version: int, on: bool, title: str) -> SafeString:
    """The published switch outside the list: a button that posts the page's `#act` form."""
    return fill(_switch_pattern(story_id, version, on, get_script_prefix()), title=title)


def _switch_pattern(story_id: int, version: int, on: bool, prefix: str) -> str:
    """A submit button of the page's `#act` form: says what it wants, never "toggle".

    In a list the scripts post it and the answer replaces the rows; else the page is posted.
    """
    command = "unpublish" if on else "publish"
    where = place_of(f"articles:story_{command}", story_id, prefix)
    return (
        f'<button class="switch{" on" if on else ""}" form="act" name="version" value="{version}"'
        f' formaction="{where}" data-command="{command}" role="switch"'
        f' aria-checked="{"true" if on else "false"}"'
        f' aria-label="Live: {{title}}"><span>{icon("check", 12)}</span></button>'
    )
