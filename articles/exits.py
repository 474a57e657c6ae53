"""How every command of the desk ends: the one list of exit codes."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What an exit code says. `REFUSED`: some files were left out, and each is named."""

    GOOD = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
