"""Steps in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def run_step(step: str, *arguments: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run one step of `steps`; returns what it printed."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.steps", step, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return result
