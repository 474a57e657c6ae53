"""How busy the machine was, and how much of it was this exercise's own work."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds since some moment: on the wall, of all processors, idle ones, and of our own."""

    wall: float
    every: float
    idle: float
    own: float

    @classmethod
    def now(cls, roots: Iterable[int]) -> Reading:
        """`roots`: processes that belong to the exercise, with all that they started."""
        words = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
        ticks = [int(word) / TICKS for word in words]
        return cls(time.monotonic(), sum(ticks), ticks[3] + ticks[4], _seconds(roots))

    def since(self, start: Reading) -> str:
        """One sentence on what happened in between."""
        every = self.every - start.every
        busy = 100 * (1 - (self.idle - start.idle) / every)
        own = 100 * (self.own - start.own) / every
        return (
            f"{os.cpu_count()} processors, {busy:.0f} % busy, {own:.0f} % with this; "
            f"load average {os.getloadavg()[0]:.1f}"
        )


def _seconds(roots: Iterable[int]) -> float:
    """Processor time of processes, of everything they started, and of children that have ended."""
    times: dict[int, float] = {}
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        pid = int(folder.name)
        children[int(words[1])].append(pid)
        times[pid] = sum(map(int, words[11:15])) / TICKS
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        total += times.get(pid, 0.0)
        waiting += children[pid]
    return total
