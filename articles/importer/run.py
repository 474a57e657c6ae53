"""One import: files to rows, batch by batch, each a whole in itself."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass

from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.failpoints import reached
from articles.importer.alone import alone
from articles.importer.catalogue import describe_site
from articles.importer.matching import Matches, match, refuse_a_great_loss
from articles.importer.network import Node, batches, neighbourhoods
from articles.importer.planning import Arrival, Plan, Planner
from articles.importer.quiet import mark_quiet
from articles.importer.reading import Readings, read_repository
from articles.importer.report import ImportReport, Problem
from articles.importer.stored import Known, Stored, known_files, without_file
from articles.importer.writing import Writer
from articles.models import Site, SyncRun
from articles.repository import DataProblem, Repository
from articles.repository.parsing import ParsedFile, Parser

GONE = "the file is not there any more; the story is kept, with the date"

BATCH_SIZE = 500
"""Files in one transaction: editors at the desk wait no longer than for these."""

Progress = Callable[[str, int, int], None]
"""Called with a word for the phase, how much is done, and of how much."""


ALL = 2**31
"""More files than a site has: as many may be gone as are."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import. `slug` names the site where the repository's own is not wanted.

    `may_lose` is how many files a person has said are really gone; beyond a few the import asks.
    `patience` is how many seconds to wait where another import is running.
    """

    slug: str = ""
    dry_run: bool = False
    may_lose: int = 0
    jobs: int = 0
    patience: float = 0


def import_repository(
    repository: Repository,
    options: Options = Options(),
    progress: Progress = lambda phase, done, total: None,
) -> ImportReport:
    """Bring the site's stories up to the files of a repository; returns what was done.

    Raises ImportStopped if a person has to decide first, RepositoryError if the repository
    cannot be read on. Every batch that was written stays; the next import does the rest.
    """
    start = time.perf_counter()
    by_itself = nullcontext() if options.dry_run else alone(options.patience)
    with _without_garbage_collection(), by_itself:
        site, problems = _site(repository, options)
        run = _Run(site, repository, options, progress)
        report = run.go(problems)
    report.seconds = time.perf_counter() - start
    report.dry_run = options.dry_run
    return report


def _site(repository: Repository, options: Options) -> tuple[Site, tuple[DataProblem, ...]]:
    """The site, saved unless this is a dry run and it is new, and what is wrong with its _data."""
    slug = options.slug or repository.slug
    site = Site.objects.filter(slug=slug).first() or Site(slug=slug)
    if options.dry_run:
        return site, repository.problems
    with transaction.atomic():
        if site.pk is None:
            site.save()
        return site, describe_site(site, repository)


class _Run:
    """The steps of one import, in order."""

    def __init__(
        self, site: Site, repository: Repository, options: Options, progress: Progress
    ) -> None:
        self._site = site
        self._repository = repository
        self._options = options
        self._progress = progress
        self._report = ImportReport()
        self._parser = Parser()
        # A site that a dry run would make has no id, and no stories.
        self._site_id: int = site.pk or 0
        self._stored = Stored(self._site_id, self._parser)
        self._now = timezone.now()
        self._record_id = 0
        self._doubtful: set[str] = set()
        self._files = self._left = 0

    def go(self, problems: Iterable[DataProblem]) -> ImportReport:
        """Read, match and write; the run is on record from the first to the last moment.

        `problems` are those found before, in the description of the site.
        """
        self._report.problems += [Problem(p.path, p.line, p.code, p.message) for p in problems]
        self._begin()
        reached("import_begun")
        try:
            self._import()
        except KeyboardInterrupt:
            self._end(SyncRun.Status.INTERRUPTED)
            raise
        except Exception as error:
            # Where the database is what failed, the next import finds the run still running.
            with suppress(DatabaseError):
                self._end(SyncRun.Status.FAILED, str(error))
            raise
        reached("import_written")
        self._end(SyncRun.Status.DONE)
        return self._report

    def _import(self) -> None:
        known = known_files(self._site_id)
        readings = self._read(known)
        matches = match(known, readings, complete=self._repository.complete)
        reached("import_read")
        refuse_a_great_loss(known, matches, may_lose=self._options.may_lose)
        self._tell(known, readings, matches)
        nodes = self._nodes(matches)
        if nodes:
            self._write_all(nodes, self._arrival(readings))
        self._report.counts.with_issues = len(self._doubtful)
        self._report.problems.sort(key=lambda problem: (problem.path, problem.line or 0))

    def _read(self, known: dict[str, Known]) -> Readings:
        total = self._repository.total
        digests = {key: story.digest for key, story in known.items()}
        return read_repository(
            self._repository,
            self._parser,
            digests,
            jobs=self._options.jobs,
            progress=lambda done: self._progress("read", done, total),
        )

    def _tell(self, known: dict[str, Known], readings: Readings, matches: Matches) -> None:
        """Count what needs no writing, and list what was left out."""
        counts, problems = self._report.counts, self._report.problems
        counts.unchanged = len(readings.unchanged)
        counts.refused = len(readings.refused)
        counts.skipped = len(readings.skipped)
        counts.missing = len(matches.missing)
        self._doubtful = {key for key in readings.unchanged if known[key].has_issues}
        problems += [*readings.refused, *readings.skipped]
        problems += [Problem(path, None, "missing", GONE) for path in matches.missing]

    def _nodes(self, matches: Matches) -> list[Node]:
        """The stories that change."""
        files = matches.changed | self._taken_over(matches)
        taken = {id(incoming) for incoming in files.values()}
        nodes = {node.id: node for node in self._stored.stale()}
        ids = {*files, *matches.returned, *matches.gone} - nodes.keys()
        nodes.update((node.id, node) for node in self._stored.by_id(ids))
        for pk, node in nodes.items():
            node.incoming = files.get(pk or 0)
            if pk in matches.returned or pk in matches.gone:
                node.found = pk in matches.returned
        new = [
            Node(None, incoming.path, incoming.own_key, incoming.digest, incoming)
            for incoming in matches.new
            if id(incoming) not in taken
        ]
        mark_quiet(self._site_id, nodes.values())
        return [*nodes.values(), *new]

    def _taken_over(self, matches: Matches) -> dict[int, ParsedFile]:
        """New files of stories known so far only from related blocks, by the ids of their rows."""
        rows = without_file(self._site_id, {i.own_key for i in matches.new if i.own_key})
        found: dict[int, ParsedFile] = {}
        for incoming in sorted(matches.new, key=lambda incoming: incoming.path):
            pk = rows.pop(incoming.own_key, None)
            if pk is not None:
                found[pk] = incoming
        return found

    def _arrival(self, readings: Readings) -> Arrival:
        first = self._site.first_imported_at is None
        newest = self._site.newest_at_first_import
        if first and newest is None:
            dates = (incoming.record.published_at for incoming in readings.incoming)
            newest = max((date for date in dates if date and date <= self._now), default=None)
            if not (self._repository.part or self._options.dry_run):
                self._site.newest_at_first_import = newest
                self._site.save(update_fields=["newest_at_first_import"])
        return Arrival(first, newest)

    def _write_all(self, nodes: list[Node], arrival: Arrival) -> None:
        """Write the quiet stories by themselves, the others with those they may stand with."""
        planner = Planner(self._stored, arrival, self._site.rule)
        writer = Writer(self._site, self._stored, self._now, self._record_id)
        self._files = self._left = sum(node.incoming is not None for node in nodes)
        nodes.sort(key=lambda node: node.sort_key)
        others = [node for node in nodes if not node.quiet]
        others += self._write([[node] for node in nodes if node.quiet], planner, writer)
        self._write(neighbourhoods(self._stored.around(others)), planner, writer)

    def _write(self, sets: list[list[Node]], planner: Planner, writer: Writer) -> list[Node]:
        """Write the sets batch by batch; returns the nodes that are not quiet any more."""
        disturbed = []
        for some in batches(sets, BATCH_SIZE):
            plan = self._write_batch(planner, writer, some)
            disturbed += plan.disturbed
            self._report.counts += plan.counts
            self._report.problems += plan.problems
            self._doubtful -= plan.sound
            self._doubtful |= plan.doubtful
            self._progress("write", self._files - self._left, self._files)
        for node in disturbed:
            node.quiet = False
        return disturbed

    def _write_batch(self, planner: Planner, writer: Writer, nodes: list[Node]) -> Plan:
        coming = sum(node.incoming is not None for node in nodes)
        if self._options.dry_run:
            self._left -= coming
            return planner.plan(nodes, lock=False)
        with transaction.atomic():
            plan = planner.plan(nodes, lock=True)
            writer.write(plan)
            self._left -= coming - len(plan.disturbed)
            done = self._repository.total - self._left
            SyncRun.objects.filter(pk=self._record_id).update(done=done)
            reached("import_before_commit")
        reached("import_after_commit")
        return plan

    def _begin(self) -> None:
        if self._options.dry_run:
            return
        with transaction.atomic():
            runs = SyncRun.objects.filter(site=self._site, kind=SyncRun.Kind.IMPORT)
            runs.filter(status=SyncRun.Status.RUNNING).update(
                status=SyncRun.Status.INTERRUPTED, finished_at=self._now
            )
            record = SyncRun.objects.create(
                site=self._site,
                kind=SyncRun.Kind.IMPORT,
                source=self._repository.source,
                started_at=self._now,
                total=self._repository.total,
            )
        self._record_id = record.pk

    def _end(self, status: SyncRun.Status, message: str = "") -> None:
        if self._options.dry_run:
            return
        now = timezone.now()
        done = status == SyncRun.Status.DONE
        with transaction.atomic():
            SyncRun.objects.filter(pk=self._record_id).update(
                status=status,
                finished_at=now,
                counts=asdict(self._report.counts),
                problems=[asdict(problem) for problem in self._report.problems],
                message=message,
                **({"done": self._repository.total} if done else {}),
            )
            if done and self._site.first_imported_at is None and not self._repository.part:
                self._site.first_imported_at = now
                self._site.save(update_fields=["first_imported_at"])


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """An import makes many objects and no cycles; looking for cycles takes a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
