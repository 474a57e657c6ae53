"""Importing what a person names, with every failure as a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.validators import slug_re
from django.db import DatabaseError

from articles.exits import Exit
from articles.importer.report import (
    ImportReport,
    ImportStopped,
    joined,
)
from articles.importer.run import Options, Progress, import_repository
from articles.repository import RepositoryError, UnknownPathError, open_repositories

LONGEST_SLUG = 64


class ImportFailed(Exception):  # noqa: N818 - said in the words of the command
    """An import that did not take place, or not to its end; the text says why."""

    def __init__(self, message: str, exit_code: int = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def import_paths(paths: Sequence[str], options: Options, progress: Progress) -> ImportReport:
    """Import the repositories, folders, files and archives at `paths`; reported as one.

    Raises ImportFailed.
    """
    if options.slug and (len(options.slug) > LONGEST_SLUG or not slug_re.fullmatch(options.slug)):
        raise ImportFailed("A site's name takes letters, digits, - and _.", Exit.USAGE)
    try:
        repositories = open_repositories(paths)
        return joined(import_repository(each, options, progress) for each in repositories)
    except UnknownPathError as error:
        raise ImportFailed(str(error), Exit.USAGE) from error
    except (RepositoryError, ImportStopped) as error:
        raise ImportFailed(str(error)) from error
    except DatabaseError as error:
        raise ImportFailed(f"{error}. What was written stays; import again.") from error
