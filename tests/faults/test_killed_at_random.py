"""An import that is killed again and again, at no chosen moment, still comes to its end."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time

import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import SyncRun
from tests.importer.newsroom import Checkout, dump
from tests.processes import SECONDS, Processes

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

STORIES = 200
KILLS = int(os.environ.get("NEWSDESK_KILLS", "6"))
"""How often: more in a nightly run."""


@pytest.fixture
def newsroom(checkout: Checkout) -> Checkout:
    for number in range(STORIES):
        mates = [f"n{n:03}" for n in range(STORIES) if n // 5 == number // 5 and n != number]
        checkout.write(f"n{number:03}", [*mates, f"lost{number // 7}"], quality=number % 90)
    return checkout


def committed(processes: Processes) -> int:
    """How many stories another process would see now."""
    query = "SELECT count(*) FROM articles_story"
    if connection.vendor == "sqlite":
        file = sqlite3.connect(processes.copy, timeout=30)
        (count,) = file.execute(query).fetchone()
        file.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute(query)
            (count,) = cursor.fetchone()
    return int(count)


def kill_when(process: subprocess.Popen[str], processes: Processes, stories: int) -> int:
    """Kill a process once so many stories are committed; returns its exit code."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if committed(processes) >= stories:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.005)
    return processes.wait(process).returncode


def test_ends_as_if_nobody_had_killed_it(newsroom: Checkout, processes: Processes) -> None:
    newsroom.run()
    undisturbed = dump()
    call_command("flush", interactive=False, verbosity=0)
    dice = random.Random()
    codes = []
    with processes.shared():
        for _ in range(KILLS):
            more = committed(processes) + dice.randint(1, STORIES // KILLS)
            child = processes.start("-m", "tests.importer.child", "import", newsroom.root)
            codes.append(kill_when(child, processes, more))
        last = processes.wait(
            processes.start("-m", "tests.importer.child", "import", newsroom.root)
        )

    assert last.returncode == 0, last.stderr
    assert -signal.SIGKILL in codes
    assert dump() == undisturbed
    states = list(SyncRun.objects.order_by("pk").values_list("status", flat=True))
    assert states[-1] == "done"
    assert set(states) <= {"done", "interrupted"}
