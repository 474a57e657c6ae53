"""How often a law is tried: 200 times, 20,000 times in a long run (`make fuzz`).

NEWSDESK_EXAMPLES says how often in a long run. What failed once is kept in `.hypothesis` and tried
first the next time, also by the short run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from newsdesk.env import BASE_DIR

USUAL = 200
LONG_RUN = int(os.environ.get("NEWSDESK_EXAMPLES", "0"))
FAILURES = DirectoryBasedExampleDatabase(BASE_DIR / ".hypothesis" / "examples")


def tried(times: int = USUAL) -> settings:
    """A law that is tried so often; in a long run as many times more as the others.

    Examples share the fixtures of their test: a law leaves nothing behind, or counts with it.
    """
    return settings(
        max_examples=max(times, times * LONG_RUN // USUAL),
        deadline=None,
        database=FAILURES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


PROFILE = "newsdesk"
settings.register_profile(PROFILE, tried())
