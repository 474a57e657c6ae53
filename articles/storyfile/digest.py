"""The stored identity of bytes: of a file, of a related entry, of a path."""

from __future__ import annotations

import hashlib


def digest_of(data: bytes) -> str:
    """The digest as it is stored: blake2b-128, 32 hex digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
