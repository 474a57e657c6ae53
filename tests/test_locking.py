"""Locks that end with the process that holds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from articles.locking import BusyError, only_one

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="locks of files"),
]


def test_lets_one_in_and_tells_the_other_why_not() -> None:
    with only_one("import", "Ada is at it."):
        with pytest.raises(BusyError, match="Ada"), only_one("import", "Ada is at it."):
            pass
        with only_one("sync-north", ""):
            pass
    with only_one("import", ""):
        pass


def test_does_not_block_another_desk_on_the_same_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with only_one("import", ""):
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "other.sqlite3"))
        with only_one("import", ""):
            assert [path.name for path in tmp_path.iterdir()] == ["other.sqlite3-import.lock"]
