"""Background work without a worker: a thread of the process that serves."""

from __future__ import annotations

from threading import Thread
from typing import Any

from django.db import close_old_connections, connections
from django_tasks.backends.immediate import ImmediateBackend


class ThreadBackend(ImmediateBackend):
    """Runs a task at once, and lets who asked go on: nothing to install, nothing to start.

    A task whose process ends dies with it, so tasks must be such that the next run finishes
    what one left.
    """

    def _execute_task(self, task_result: Any) -> None:
        Thread(target=self._run, args=(task_result,), daemon=True).start()

    def _run(self, task_result: Any) -> None:
        close_old_connections()
        try:
            super()._execute_task(task_result)
        finally:
            connections.close_all()
