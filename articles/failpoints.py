"""Places where a test may kill the process, to prove that nothing is lost there.

Inert unless the settings of the tests are active: `NEWSDESK_FAILPOINT=export_renamed:3` kills the
process, as a power cut would, when it reaches `export_renamed` for the third time.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import partial

from django.conf import settings
from django.db import transaction

_reached: Counter[str] = Counter()


def reached(name: str) -> None:
    """Die here, at once and without cleaning up, if a test asked for it."""
    wanted = os.environ.get("NEWSDESK_FAILPOINT", "") if settings.NEWSDESK_TESTING else ""
    place, _, count = wanted.partition(":")
    if place != name:
        return
    _reached[name] += 1
    if _reached[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)


def around_commit(name: str) -> None:
    """Two places at once: before and after the commit of the transaction that runs now."""
    reached(f"{name}_before_commit")
    if settings.NEWSDESK_TESTING:
        transaction.on_commit(partial(reached, f"{name}_after_commit"))
