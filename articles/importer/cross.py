"""Doubts that no file shows by itself: only the stories side by side do."""

from __future__ import annotations

from collections.abc import Iterable

from articles.importer.network import Node
from articles.rules import SUPERSEDED_HEAT
from articles.storyfile.errors import Issue

ASYMMETRIC = "related.asymmetric"
DUPLICATE_URL = "story.duplicate_url"
DUPLICATE_FILE = "story.duplicate_file"
TWO_LEADS = "cluster.two_leads"
CROSS_CODES = (ASYMMETRIC, DUPLICATE_URL, DUPLICATE_FILE, TWO_LEADS)

Found = dict[Node, list[Issue]]


def cross_problems(nodes: Iterable[Node]) -> Found:
    """The doubts of stories that stand beside each other, in an order that never changes."""
    files = sorted(
        (node for node in nodes if node.path is not None and not node.gone),
        key=lambda node: node.sort_key,
    )
    found: Found = {}
    by_address: dict[str, list[Node]] = {}
    for node in files:
        if node.url_key:
            by_address.setdefault(node.url_key, []).append(node)
    _duplicates(files, by_address, found)
    _one_way_links(files, by_address, found)
    _several_leads(files, found)
    return found


def _duplicates(files: list[Node], by_address: dict[str, list[Node]], found: Found) -> None:
    by_digest: dict[str, list[Node]] = {}
    for node in files:
        by_digest.setdefault(node.digest, []).append(node)
    for code, same, groups in (
        (DUPLICATE_FILE, "holds the very same bytes as", by_digest),
        (DUPLICATE_URL, "has the same address as", by_address),
    ):
        for group in groups.values():
            for node in group if len(group) > 1 else ():
                others = [other for other in group if other is not node]
                _add(found, node, code, f"The file {same} {_named(others)}: keep one of them.")


def _one_way_links(files: list[Node], by_address: dict[str, list[Node]], found: Found) -> None:
    listed = {node: {reference.url_key for reference in node.links} for node in files}
    unanswered: dict[Node, list[Node]] = {}
    missing: dict[Node, list[Node]] = {}
    for node in files:
        for reference in node.links:
            for other in by_address.get(reference.url_key, ()):
                if other is not node and node.url_key not in listed[other]:
                    unanswered.setdefault(node, []).append(other)
                    missing.setdefault(other, []).append(node)
    for node in files:
        sentences = []
        if node in unanswered:
            sentences.append(f"The file lists {_named(unanswered[node])}, not listed back there.")
        if node in missing:
            sentences.append(f"The file does not list {_named(missing[node])}, listed from there.")
        if sentences:
            _add(found, node, ASYMMETRIC, " ".join([*sentences, "Link them again, or part them."]))


def _several_leads(files: list[Node], found: Found) -> None:
    groups: dict[object, list[Node]] = {}
    for node in files:
        shared = node.coverage_id if node.frozen else node.group
        if shared is not None and node.published and node.heat != SUPERSEDED_HEAT:
            groups.setdefault(shared, []).append(node)
    for group in groups.values():
        for node in group if len(group) > 1 else ():
            others = [other for other in group if other is not node]
            _add(
                found,
                node,
                TWO_LEADS,
                f"The site shows this story and {_named(others)} of one event: unpublish one.",
            )


def _named(nodes: list[Node]) -> str:
    first = nodes[0].path or ""
    more = len(nodes) - 1
    return first if not more else f"{first} and {more} more"


def _add(found: Found, node: Node, code: str, message: str) -> None:
    found.setdefault(node, []).append(Issue(code, message))
