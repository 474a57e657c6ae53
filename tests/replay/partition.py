"""Which stories the files say belong together, worked out apart from the importer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from articles.models import Story

Links = Mapping[str, frozenset[str]]
"""Path -> the addresses that the file lists."""


def differences(stories: Iterable[Story], links: Links) -> Iterator[str]:
    """Where the desk's groups are not those of the files.

    Only groups are compared that no person touched and of which every file is there and readable.
    """
    stories = list(stories)
    free = [story for story in stories if not _is_grouped_by_hand(story)]
    by_files = _by_files(free, links)
    by_desk: dict[object, set[int]] = {}
    for story in free:
        by_desk.setdefault(story.coverage_id or f"alone {story.pk}", set()).add(story.pk)
    unclear = {s.pk for s in free if s.links_stale or not s.url_key or s.path not in links}
    of_story = {pk: group for group in by_files for pk in group}
    for group in by_desk.values():
        expected = set().union(*(of_story[pk] for pk in group))
        if expected != group and unclear.isdisjoint(expected):
            yield f"the desk groups {sorted(group)}, the files {sorted(expected)}"


def _is_grouped_by_hand(story: Story) -> bool:
    return "related" in story.edited_fields or bool(story.coverage and story.coverage.edited)


def _by_files(stories: list[Story], links: Links) -> list[set[int]]:
    """Stories whose files list each other, or the same story."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    others = Story.objects.select_related("coverage").only("url_key", "edited_fields", "coverage")
    apart = {story.url_key for story in others if _is_grouped_by_hand(story)}
    apart -= {story.url_key for story in stories}
    for story in stories:
        for key in links.get(story.path or "", frozenset()) - apart:
            parent[root(key)] = root(story.url_key)
    found: dict[str, set[int]] = {}
    for story in stories:
        found.setdefault(root(story.url_key), set()).add(story.pk)
    return list(found.values())
