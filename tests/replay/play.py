"""Playing a history of a repository into the desk, with editors in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from articles.models import Conflict, Story
from articles.storyfile.reader import StoryReader
from tests.replay.editors import Editors
from tests.replay.grounds import Changes, File, Ground, Tree
from tests.replay.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Pace:
    """After how many commits one is imported, editors act, and a release writes the files."""

    batch: int = 1
    editors: int = 4
    acts: int = 3
    release: int = 24
    check: int = 1
    states: bool = False


@dataclass(slots=True)
class Outcome:
    """What a replay came to."""

    ledger: Ledger
    editors: Editors
    commits: int = 0
    imports: int = 0
    written: int = 0
    conflicts: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)


def play(commits: Iterable[Changes], ground: Ground, user: User, seed: int, pace: Pace) -> Outcome:
    """The robot writes each commit; the desk imports, editors decide, releases write."""
    outcome = Outcome(Ledger(), Editors(user, seed))
    tree: Tree = {}
    has_news = False
    for number, changes in enumerate(commits, start=1):
        ground.write(changes)
        _follow(tree, changes)
        outcome.commits = number
        # Before the first story there is nothing to connect with.
        has_news = has_news or any(path.startswith("_news/") for path in tree)
        if not has_news:
            continue
        editors_act = number % pace.editors == 0
        if editors_act or number % pace.batch == 0:
            _import(ground, outcome)
            if outcome.imports % pace.check == 0:
                outcome.ledger.check(tree, f"commit {number}")
        if editors_act:
            outcome.states += [final_state()] if pace.states else []
            for _ in range(pace.acts):
                outcome.ledger.take_down(outcome.editors.act())
            outcome.ledger.check(tree, f"editors at {number}")
        if number % pace.release == 0:
            _release(ground, tree, outcome)
    _import(ground, outcome)
    outcome.ledger.check(tree, "the end")
    outcome.conflicts = Conflict.objects.count()
    return outcome


def _follow(tree: Tree, changes: Changes) -> None:
    for path, file in changes.items():
        if file is None or not file.is_file:
            tree.pop(path, None)
        else:
            tree[path] = file.data


def _import(ground: Ground, outcome: Outcome) -> None:
    report = ground.bring_in()
    outcome.imports += 1
    for name in ("created", "updated", "merged", "conflict", "refused", "missing"):
        outcome.counts[name] = outcome.counts.get(name, 0) + getattr(report.counts, name)


def _release(ground: Ground, tree: Tree, outcome: Outcome) -> None:
    """Write what is pending, and read again what was written: it must parse, and say the same."""
    written = ground.release(tree, outcome.editors.user)
    outcome.written += len(written)
    reader = StoryReader()
    for data in written.values():
        reader.read(data)
    tree.update(written)
    held = Story.objects.in_conflict().filter(file_digest="").count()
    outcome.ledger.check(tree, f"release, {held} promised")


def differences(before: Tree, after: Tree) -> Changes:
    """What one commit changes."""
    gone: dict[str, File | None] = {path: None for path in before if path not in after}
    return gone | {path: File(data) for path, data in after.items() if before.get(path) != data}


def steps(trees: Iterable[Tree]) -> Iterable[Changes]:
    """Whole trees as what changes from one to the next."""
    before: Tree = {}
    for tree in trees:
        yield differences(before, tree)
        before = tree


def final_state() -> dict[str, Any]:
    """What must not depend on how the commits were batched: fields, groups, published states."""
    found: dict[str, Any] = {}
    rows = Story.objects.filter(path__isnull=False, missing_since=None)
    for story in rows.select_related("coverage__lead").order_by("path"):
        members = story.coverage.members.all() if story.coverage else []
        found[story.path or ""] = {
            "title": story.title,
            "excerpt": story.excerpt,
            "quality": story.quality,
            "heat": story.heat,
            "published": story.published,
            "removed": story.removed,
            "decision": story.decision,
            "topics": sorted(story.topics.values_list("name", flat=True)),
            "images": list(story.images.order_by("position").values_list("url", flat=True)),
            "group": sorted(m.path for m in members if m.path and not m.missing_since),
            "leads": story.is_lead,
            "pending": story.pending,
            "conflict": story.conflict,
        }
    return found
