"""Changed files that change nothing for any other story: most of what a robot rewrites.

The groups, the leads and the doubts beside other stories stay as they are, so these stories are
written without looking at the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from articles.importer.bulk import chunks
from articles.importer.cross import CROSS_CODES, Found
from articles.importer.network import Node
from articles.models import Story, StoryProblem
from articles.repository.parsing import Reference
from articles.storyfile.errors import Issue

_OF_A_GROUP = ("quality", "heat", "published", "removed", "published_at")
"""What a file says that its group, or its story's place in it, depends on."""


def is_quiet(node: Node) -> bool:
    """Whether the changed file says what it said of all that others depend on.

    It does not know whether another story has the same address: see `mark_quiet`.
    """
    incoming, row = node.incoming, node.row
    return (
        incoming is not None
        and row is not None
        and _is_at_rest(node)
        and row.path == incoming.path
        and node.url_key == incoming.own_key != ""
        and all(getattr(node, name) == getattr(incoming.record, name) for name in _OF_A_GROUP)
        and _texts(node.links) == _texts(incoming.links)
    )


def mark_quiet(site_id: int, nodes: Iterable[Node]) -> None:
    """Mark the nodes that are quiet and alone at their addresses."""
    quiet = [node for node in nodes if is_quiet(node)]
    shared: set[str] = set()
    for chunk in chunks(node.url_key for node in quiet):
        rows = Story.objects.filter(site_id=site_id, url_key__in=chunk).values("url_key")
        many = rows.order_by().annotate(stories=Count("pk")).filter(stories__gt=1)
        shared.update(many.values_list("url_key", flat=True))
    for node in quiet:
        node.quiet = node.url_key not in shared


def standing_problems(nodes: Iterable[Node]) -> Found:
    """The doubts beside other stories that quiet nodes have, and keep."""
    by_id = {node.id: node for node in nodes if node.quiet}
    found: Found = {}
    for chunk in chunks(by_id):
        rows = StoryProblem.objects.filter(story__in=chunk, code__in=CROSS_CODES).order_by("id")
        for pk, code, message in rows.values_list("story_id", "code", "message"):
            found.setdefault(by_id[pk], []).append(Issue(code, message))
    return found


def _is_at_rest(node: Node) -> bool:
    """Whether no person decided anything about the story, and nothing waits to be made good."""
    row = node.row
    return (
        row is not None
        and row.untouched
        and not row.frozen
        and not (row.conflict or row.stale or row.bases)
        and not node.gone
        and bool(node.digest)
    )


def _texts(links: Iterable[Reference]) -> list[tuple[str, str]]:
    return [(reference.url_key, reference.digest) for reference in links]
