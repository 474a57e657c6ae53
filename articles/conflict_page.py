"""What the Conflicts page shows: each field's three versions in words, and what they differ in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.desk import token_of
from articles.history import words
from articles.labels import LABELS
from articles.models import Conflict, Coverage, StandingAnswer, Story
from articles.models.conflict import COVERAGE
from articles.rules import SUPERSEDED_HEAT

PAGE_SIZE = 50
MOST_AT_ONCE = 500
"""Conflicts that one answer settles."""


@dataclass(frozen=True, slots=True)
class Version:
    """Base, file and desk of one field of one story, in words."""

    label: str
    base: str
    file: str
    desk: str


@dataclass(frozen=True, slots=True)
class Row:
    """One conflict as the page shows it."""

    conflict: Conflict
    title: str
    url: str
    versions: tuple[Version, ...]
    token: str


def labelled(answers: Iterable[StandingAnswer]) -> list[tuple[StandingAnswer, str]]:
    """Each standing answer with its field as the desk calls it."""
    return [(answer, LABELS.get(answer.field, answer.field)) for answer in answers]


def rows(conflicts: Iterable[Conflict]) -> list[Row]:
    """The conflicts with what they are about, in a number of queries that does not grow."""
    conflicts = list(conflicts)
    titles = _titles(conflicts)
    names = _names(conflicts)
    leads = Coverage.objects.select_related("lead").in_bulk(
        [row.coverage_id for row in conflicts if row.coverage_id is not None]
    )
    return [_row(each, titles, names, leads) for each in conflicts]


def _row(
    conflict: Conflict,
    titles: Mapping[int, str],
    names: Mapping[str, str],
    leads: Mapping[int, Coverage],
) -> Row:
    group = leads.get(conflict.coverage_id or 0)
    story = conflict.story or (group.lead if group else None)
    return Row(
        conflict,
        str(story) if story else _("(no title)"),
        group.get_absolute_url() if group else story.get_absolute_url() if story else "",
        tuple(_versions(conflict, titles, names)),
        token_of(conflict),
    )


def _versions(
    conflict: Conflict, titles: Mapping[int, str], names: Mapping[str, str]
) -> Iterator[Version]:
    three = (conflict.base, conflict.file, conflict.desk)
    if conflict.field != COVERAGE:
        label = LABELS.get(conflict.field, conflict.field)
        yield Version(label, *(words(each) for each in three))
        return
    for pk, fields in (conflict.desk or {}).items():
        title = titles.get(int(pk), _("(no title)"))
        for name in sorted(fields):
            said = (_of_group(name, (each or {})[pk].get(name), names) for each in three)
            yield Version(f"{title}: {LABELS.get(name, name)}", *said)


def _of_group(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name == "heat" and value == SUPERSEDED_HEAT:
        return _("superseded")
    if name == "published":
        return _("live") if value else _("not live")
    if name == "related":
        return ", ".join(names.get(key, _("a story nobody knows")) for key in value) or _("nobody")
    return words(value)


def _titles(conflicts: Iterable[Conflict]) -> dict[int, str]:
    """The headlines of the stories in conflicts about groups."""
    ids = {int(pk) for row in conflicts if row.field == COVERAGE for pk in row.desk or {}}
    rows = Story.objects.filter(pk__in=ids).values_list("pk", "title") if ids else ()
    return {pk: title or _("(no title)") for pk, title in rows}


def _names(conflicts: Iterable[Conflict]) -> dict[str, str]:
    """The headlines of the stories that files and desk list, by the identity of the address."""
    keys = {
        key
        for row in conflicts
        if row.field == COVERAGE
        for version in (row.base, row.file, row.desk)
        for fields in (version or {}).values()
        for key in fields.get("related") or ()
    }
    sites = {row.site_id for row in conflicts}
    found = Story.objects.filter(site__in=sites, url_key__in=keys) if keys else Story.objects.none()
    return {key: title or _("(no title)") for key, title in found.values_list("url_key", "title")}
