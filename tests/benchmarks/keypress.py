"""How long from a key to the next row painted: `python -m tests.benchmarks.keypress`.

Needs Chromium. The test database is filled with 5,000 waiting stories; the list holds as many rows
as it loads while the cursor walks. Prints median and p95 in milliseconds, measured in the page from
the key's event to the second frame after it.
"""

from __future__ import annotations

import sys

import pytest

STORIES = 5_000
PRESSES = 60

MEASURE = """key => new Promise((resolve) => {
  const target = document.activeElement;
  const start = performance.now();
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
})"""

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-s", "-p", "no:randomly", "tests/benchmarks/pressing.py"]))
