"""The load: editors at work while a worker imports, processes that die, and what came of it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from itertools import chain
from statistics import median, quantiles

from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from articles.models import Story, SyncRun
from tests.team.cluster import Cluster
from tests.team.editors import Editor
from tests.team.front import WEB
from tests.team.processor import Reading
from tests.team.servers import Servers

GOAL = 0.3
"""Seconds: 95 of 100 decisions are answered sooner."""
KINDS = ("list", "preview", "decide")
STORIES_EACH = 400
MIDDLE = 0.3
"""How much of the import is done when processes are killed."""
RESTART = 1
"""RestartSec of the units."""
LONGEST = 3_600
"""Seconds until the import must be over."""

Say = Callable[[str], None]


class Load:
    """Some editors, each with stories of their own, and one who starts the import."""

    def __init__(
        self, cluster: Cluster, servers: Servers, editors: int, password: str, starter: str
    ) -> None:
        self.cluster, self.servers = cluster, servers
        self.stop = threading.Event()
        shares = _stories(editors)
        self.people = [
            Editor(f"editor{n}", password, shares[n], self.stop, servers.front)
            for n in range(editors)
        ]
        self.starter = Editor(starter, password, (), self.stop, servers.front)
        self.errors: list[str] = []
        self.seconds = self.import_seconds = 0.0

    def run(self, at_least: float, say: Say) -> None:
        """Let them work until the import is over, and for so many seconds."""
        self.starter.log_in()
        before, start = self._reading(), time.monotonic()
        status, _ = self.starter.press("/sync/start/", {"site": "robot"}, kind="start")
        if status != 302:
            raise SystemExit("The sync could not be started in the browser.")
        for person in self.people:
            person.start()
        self._kill(say)
        self._wait_for_import()
        self.import_seconds = time.monotonic() - start
        time.sleep(max(0.0, at_least - self.import_seconds))
        self.stop.set()
        for person in self.people:
            person.join(timeout=120)
        self.seconds = time.monotonic() - start
        say(f"    {self._reading().since(before)}")

    def _kill(self, say: Say) -> None:
        """Kill a web server, and the worker in the middle of the import; both come back."""
        number = self._wait_for_middle()
        say(f"    kill -9: web server {WEB[0]} and worker {number}, which imports")
        self.servers.kill("web", WEB[0])
        self.servers.kill("worker", number)
        time.sleep(RESTART)
        self.servers.start("web", WEB[0])
        self.servers.start("worker", number)
        self.servers.start("sync")  # its next turn completes what the worker left

    def _wait_for_middle(self) -> str:
        """The number of the worker whose import has come far enough."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            run = _syncs().latest("pk")
            if run.is_over:
                raise SystemExit("The import was over before its worker was killed: import more.")
            if run.total and run.done >= MIDDLE * run.total:
                worker = DBTaskResult.objects.running().get().worker_ids[-1]
                return str(worker).rpartition("-")[2]
            time.sleep(0.1)
        raise SystemExit("The import did not come to its middle.")

    def _wait_for_import(self) -> None:
        runs = _syncs()
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            if runs.filter(status=SyncRun.Status.DONE).exists():
                return
            if runs.filter(status=SyncRun.Status.FAILED).exists():
                break
            time.sleep(0.5)
        self.errors += [f"run {run.pk}: {run.status} {run.message}" for run in runs]

    def judge(self, stories: int, say: Say) -> list[str]:
        """The table, and what is wrong: errors, lost decisions or stories, slow answers."""
        diaries = [person.diary for person in self.people]
        errors = [*self.errors, *chain.from_iterable(diary.errors for diary in diaries)]
        decided = {pk: word for diary in diaries for pk, word in diary.decided.items()}
        kept = dict(Story.objects.filter(pk__in=list(decided)).values_list("pk", "decision"))
        lost = [pk for pk, word in decided.items() if kept.get(pk) != word]
        imported = Story.objects.filter(site__slug="robot").exclude(path=None).count()
        say(f"\n    the import took {self.import_seconds:.0f} s, its worker killed on the way")
        troubles = self._table(say)
        refused = list(chain.from_iterable(diary.refused for diary in diaries))
        say(
            f"    {len(errors)} errors; {len(refused)} refused by the desk; {len(lost)} of"
            f" {len(decided):,} acknowledged decisions lost; {imported:,} of {stories:,} stories in"
        )
        troubles += [f"error: {error}" for error in errors[:10]]
        troubles += [f"lost decisions on {lost[:10]}"] if lost else []
        troubles += [] if imported == stories else [f"{imported:,} stories were imported"]
        return troubles + self._left_open()

    def _table(self, say: Say) -> list[str]:
        """Throughput, p50 and p95 of every kind of request."""
        say(f"    {'request':<10}{'number':>8}{'a second':>10}{'p50':>10}{'p95':>10}{'most':>10}")
        troubles = []
        for kind in KINDS:
            times = [t for person in self.people for t in person.diary.seconds.get(kind, ())]
            if len(times) < 2:
                troubles.append(f"{kind}: {len(times)} requests in all")
                continue
            p95 = quantiles(times, n=20)[-1]
            line = "".join(f"{each * 1000:>7.0f} ms" for each in (median(times), p95, max(times)))
            say(f"    {kind:<10}{len(times):>8,}{len(times) / self.seconds:>10.1f}{line}")
            if kind == "decide" and p95 > GOAL:
                troubles.append(f"95 of 100 decisions took up to {p95 * 1000:.0f} ms, over 300 ms")
        return troubles

    def _left_open(self) -> list[str]:
        """The run of the killed worker has to say so, instead of running for ever."""
        runs = _syncs()
        interrupted = runs.filter(status=SyncRun.Status.INTERRUPTED).count()
        running = runs.filter(status=SyncRun.Status.RUNNING).count()
        fine = interrupted == 1 and not running
        return [] if fine else [f"{interrupted} runs say interrupted, {running} running"]

    def _reading(self) -> Reading:
        """Everything that was started from here, PostgreSQL's servers too."""
        return Reading.now([os.getpid(), *self.cluster.processes()])


def _stories(editors: int) -> list[list[tuple[int, int]]]:
    """For each editor stories that nobody else decides: number and version."""
    found = Story.objects.filter(site__slug="harbour", is_lead__in=[True]).exclude(path=None)
    rows = list(found.order_by("-listed_at", "-pk").values_list("pk", "version"))
    return [rows[n::editors][:STORIES_EACH] for n in range(editors)]


def _syncs() -> QuerySet[SyncRun]:
    """The runs that were to bring the robot's files in."""
    return SyncRun.objects.filter(site__slug="robot", kind=SyncRun.Kind.SYNC)
