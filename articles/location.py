"""Where a site's files are: a folder of this machine, or the address of a git repository.

Only what a chief may mean is taken: an absolute path, `https` or `ssh`. A password has no place
in an address, which is shown and logged. The verdicts are those of Django's forms.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_BRANCH = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_])?\Z")
_PATH = re.compile(r"/[^\x00-\x1f\x7f?#]*\Z")

WHAT_IS_TAKEN = (
    "Name a folder by its whole path (/srv/news), or a git repository by https:// or ssh://."
)
NO_PASSWORDS = (
    "Leave the password out of the address, where everybody would read it: put it into the file "
    "that NEWSDESK_GIT_CREDENTIALS names."
)


def is_address(location: str) -> bool:
    """Whether it is reached over the network."""
    return location.startswith(("https://", "ssh://"))


def validate_location(location: str) -> None:
    """Raise ValidationError for anything but an absolute path, https or ssh."""
    if not is_address(location):
        if not _PATH.match(location) or ".." in location.split("/"):
            raise ValidationError(WHAT_IS_TAKEN)
        return
    try:
        parts = urlsplit(location)
        _ = parts.port
    except ValueError:
        raise ValidationError(WHAT_IS_TAKEN) from None
    if parts.password is not None or (parts.scheme == "https" and parts.username is not None):
        raise ValidationError(NO_PASSWORDS)
    # A name that begins with a dash would be read as an option of ssh.
    sound = _HOST.match(parts.hostname or "") and _PATH.match(parts.path)
    if not sound or not _USER.match(parts.username or "git") or parts.query or parts.fragment:
        raise ValidationError(WHAT_IS_TAKEN)


def validate_branch(branch: str) -> None:
    """Raise ValidationError for a name git would not take."""
    if not _BRANCH.match(branch) or ".." in branch or "//" in branch or branch.endswith(".lock"):
        raise ValidationError("That is no name of a branch: letters, digits, - _ . and / only.")


def validate_author(name: str) -> None:
    """Raise ValidationError for a name that would break the line of a commit."""
    if re.search(r"[<>\x00-\x1f\x7f]", name):
        raise ValidationError("The name goes into commits: without < and >.")
