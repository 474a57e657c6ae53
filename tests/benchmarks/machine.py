"""On what was measured: the machine and the versions, without any name of a host or a user."""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path
from typing import Any

import django
import yaml


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "django": django.get_version(),
        "pyyaml": yaml.__version__,
        "libyaml": ".".join(map(str, _libyaml())),
        "sqlite": sqlite3.sqlite_version,
    }


def described(facts: dict[str, Any]) -> str:
    """The same as one sentence."""
    return (
        f"{facts['processors']} × {facts['processor']}, {facts['memory_gb']} GB, "
        f"{facts['system']}; Python {facts['python']}, Django {facts['django']}, "
        f"PyYAML {facts['pyyaml']} with libyaml {facts['libyaml']}, {facts['database']}; "
        f"load average at the start {facts['load']}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "processor"


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _libyaml() -> tuple[int, ...]:
    from yaml._yaml import get_version

    return tuple(get_version())
