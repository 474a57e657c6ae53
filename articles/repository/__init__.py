"""What a path on disk holds: a content repository, a folder of stories, one file, an archive.

Plain Python without Django. `open_repositories` is the way in; a `Repository` yields `Entry`
objects, each a story file still to be read or a file left out with the reason, and the site's own
description (`_config.yml`, `_data`). Nothing is ever written, no link is followed and no archive is
unpacked.
"""

from articles.repository.describe import (
    DataProblem,
    Organization,
    SiteDescription,
    TopicDescription,
)
from articles.repository.entries import (
    Entry,
    EntryError,
    EntrySkippedError,
    EntryVanishedError,
    RepositoryError,
    Skip,
    UnknownPathError,
)
from articles.repository.names import path_bytes, shown_path, site_slug
from articles.repository.opening import Repository, open_repositories, open_repository

__all__ = [
    "DataProblem",
    "Entry",
    "EntryError",
    "EntrySkippedError",
    "EntryVanishedError",
    "Organization",
    "Repository",
    "RepositoryError",
    "SiteDescription",
    "Skip",
    "TopicDescription",
    "UnknownPathError",
    "open_repositories",
    "open_repository",
    "path_bytes",
    "shown_path",
    "site_slug",
]
