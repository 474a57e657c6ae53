"""Time and memory of a process, as the system counts them."""

from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Seconds = dict[str, float]
"""`wall` and `cpu`, as `Clock` counts them."""

_STATUS = Path("/proc/self/status")


@dataclass(slots=True)
class Clock:
    """Seconds on the wall, and of processor time (user and system) with that of child processes."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def clock() -> Iterator[Clock]:
    """Fill in a clock when the block ends."""
    found = Clock()
    wall, cpu = time.perf_counter(), _processor_seconds()
    try:
        yield found
    finally:
        found.wall = time.perf_counter() - wall
        found.cpu = _processor_seconds() - cpu


def _processor_seconds() -> float:
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def peak_bytes() -> int:
    """The most memory this process has had at any time, and its largest child process.

    `ru_maxrss` of a process begins with its parent's where that is larger; Linux tells its own in
    `VmHWM`.
    """
    return _own_peak() + _kilobytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _own_peak() -> int:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return _kilobytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _kilobytes(maxrss: int) -> int:
    """What the system counts in kilobytes, macOS in bytes."""
    return maxrss if sys.platform == "darwin" else maxrss * 1024


def in_turn(
    one: Callable[[], object], other: Callable[[], object], times: int, *, ones: int
) -> tuple[list[float], list[float]]:
    """Seconds of each call of both: blocks of `ones` calls of the one and three of the other.

    Each block begins with a call that does not count, as what came before it has emptied the
    caches. Without garbage collection, as `timeit` does.
    """
    found: tuple[list[float], list[float]] = ([], [])
    was_on = gc.isenabled()
    gc.disable()
    try:
        for _ in range(times):
            found[0].extend(_block(one, ones))
            found[1].extend(_block(other, 3))
    finally:
        if was_on:
            gc.enable()
    return found


def _block(call: Callable[[], object], times: int) -> list[float]:
    call()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found


def fastest(calls: Mapping[str, Callable[[], object]], times: int) -> dict[str, Seconds]:
    """What the fastest call of each took, all of them in turn: the others were disturbed."""
    found: dict[str, Seconds] = {}
    for _ in range(times):
        for name, call in calls.items():
            with clock() as time:
                call()
            best = found.setdefault(name, {"wall": time.wall, "cpu": time.cpu})
            found[name] = {"wall": min(best["wall"], time.wall), "cpu": min(best["cpu"], time.cpu)}
    return found
