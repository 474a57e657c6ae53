"""Files to rows: the only way by which a content repository changes the desk's stories.

`import_repository` reads what is new, decides story by story whether the desk follows the file,
ties the stories of one event together, and writes all that in batches that are each a whole.
"""

from articles.importer.paths import ImportFailed, import_paths
from articles.importer.report import ImportReport, ImportStopped, joined
from articles.importer.run import ALL, Options, import_repository

__all__ = [
    "ALL",
    "ImportFailed",
    "ImportReport",
    "ImportStopped",
    "Options",
    "import_paths",
    "import_repository",
    "joined",
]
