from __future__ import annotations

from pathlib import Path

import pytest

from tests.importer.newsroom import Checkout
from tests.processes import Processes


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "harbour")


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path)
