"""The message of a release's commit, as a person would have written it."""

from __future__ import annotations

from articles.models import Release
from articles.models.change import name_of
from articles.releases.planning import Item, Plan
from articles.storyfile.shown import printable

MOST_LINES = 40
LONGEST_TITLE = 72

_VERBS = {
    "published": ("Publish", "Published"),
    "unpublished": ("Unpublish", "Unpublished"),
    "removed": ("Remove", "Removed"),
    "added": ("Add", "Added"),
    "groups": ("Repair", "Repaired groups"),
    "edited": ("Edit", "Edited"),
}


def message_of(plan: Plan, by_name: str) -> str:
    """What was published, unpublished and repaired, and by whom."""
    blocks = [subject_of(plan), *_sections(plan)]
    if plan.deciders:
        blocks.append(f"Decided by {_names(plan.deciders)}.")
    blocks.append(f"Released by {printable(by_name)} with Newsdesk.")
    return "\n\n".join(blocks)


def reverse_message(release: Release, by_name: str) -> str:
    """Of the release that takes another one back."""
    what = f"Take back “{printable(release.subject)}”"
    which = f"This reverses the commit {release.commit}.\n\n" if release.commit else ""
    return f"{what}\n\n{which}Taken back by {printable(by_name)} with Newsdesk."


def who(release: Release) -> str:
    """The name a release is signed with."""
    return name_of(release.by) if release.by else "the desk"


def subject_of(plan: Plan) -> str:
    """One line: “Publish 3 stories, repair 2 groups”; the title where there is only one story."""
    if len(plan.items) == 1:
        (item,) = plan.items
        kind = "groups" if item.what == "repaired" else item.what
        verb = "Regroup" if kind == "groups" else _VERBS[kind][0]
        return f"{verb} “{_title(item)}”"
    parts = [_part(kind, plan.counts[kind]) for kind in _VERBS if plan.counts[kind]]
    whole = ", ".join(parts)
    return whole[:1].upper() + whole[1:]


def _part(kind: str, number: int) -> str:
    noun = "group" if kind == "groups" else "story"
    many = "groups" if kind == "groups" else "stories"
    return f"{_VERBS[kind][0].lower()} {number:,} {noun if number == 1 else many}"


def _sections(plan: Plan) -> list[str]:
    sections = []
    for kind, (_, heading) in _VERBS.items():
        if kind == "groups":
            lines = [
                f"{printable(knot.title)[:LONGEST_TITLE]} ({_files(len(knot.items))})"
                for knot in plan.knots
                if knot.is_repair
            ]
        else:
            lines = [_title(item) for item in plan.items if item.what == kind]
        if lines:
            sections.append(_section(heading, lines))
    return sections


def _section(heading: str, lines: list[str]) -> str:
    shown = [f"- {line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"- and {len(lines) - MOST_LINES:,} more")
    return "\n".join([f"{heading}:", *shown])


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _title(item: Item) -> str:
    title = printable(" ".join(item.story.title.split())) or (item.story.path or "")
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _names(names: list[str]) -> str:
    shown = [printable(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
