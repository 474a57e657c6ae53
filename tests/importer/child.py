"""What the killed process of `test_killed` runs: `python -m tests.importer.child STEP [PATH]`."""

from __future__ import annotations

import pickle
import sys

import django


def main(step: str, *paths: str) -> None:
    django.setup()
    from django.core.management import call_command

    from articles.importer import Options, import_repository, run
    from articles.repository import open_repository
    from tests.importer.newsroom import dump

    if step == "migrate":
        call_command("migrate", verbosity=0, skip_checks=True)
    elif step == "import":
        run.BATCH_SIZE = 10
        import_repository(open_repository(paths[0]), Options())
    else:
        sys.stdout.buffer.write(pickle.dumps((dump(), runs())))


def runs() -> list[tuple[str, int, int]]:
    from articles.models import SyncRun

    return list(SyncRun.objects.order_by("id").values_list("status", "done", "total"))


if __name__ == "__main__":
    main(*sys.argv[1:])
