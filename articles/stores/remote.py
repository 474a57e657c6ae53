"""A git repository elsewhere, by path or address, through a clone of the desk's own.

The clone has no files checked out: stories are read from the commit, and what is released is
pushed onto exactly the commit it was made for, or not at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from dulwich.client import (
    GitClient,
    HttpGitClient,
    HTTPUnauthorized,
    LocalGitClient,
    SSHGitClient,
)
from dulwich.errors import GitProtocolError, NotGitRepository, SendPackError
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from articles.stores.base import Commit, MovedError, OnStep, Planned, StoreError
from articles.stores.git import GitStore
from articles.storyfile.shown import printable

if TYPE_CHECKING:
    from dulwich.client import GeneratePackDataFunc

SECONDS = 60
"""How long a server may keep silent."""

SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30"
LONGEST_WORDS = 300


class Remote(GitStore):
    """A branch of a repository elsewhere. `credentials` is a file of git's credential store."""

    def __init__(
        self, location: str, branch: str, limit: int, clone: Path, credentials: str
    ) -> None:
        super().__init__(location, branch, limit, clone.with_suffix(".digests"))
        self._configured = branch
        self._clone = clone
        self._credentials = credentials

    def _open(self) -> None:
        try:
            self._open_repo = Repo(str(self._clone))
        except NotGitRepository:
            # Nothing but what can be fetched again was there.
            shutil.rmtree(self._clone, ignore_errors=True)
            self._clone.parent.mkdir(parents=True, exist_ok=True)
            self._open_repo = Repo.init_bare(str(self._clone), mkdir=True)
        if not self._branch:
            self._branch = self._last_branch()

    def _last_branch(self) -> str:
        target = self.repo.refs.get_symrefs().get(Ref(b"HEAD"), b"")
        return target.removeprefix(b"refs/heads/").decode()

    def refresh(self) -> None:
        """Fetch the branch."""
        client, path = self._client()
        with self._in_words():
            refs, symrefs = _refs(client, path)
            self._choose_branch(symrefs, refs)
            tip = refs.get(self.ref)
            if tip is None:
                raise StoreError(f"There is no branch {self._branch} in {self._location}.")
            if tip not in self.repo.object_store:
                client.fetch(path, self.repo, determine_wants=_only(tip))
            self.repo.refs[Ref(self.ref)] = tip

    def _choose_branch(self, symrefs: dict[bytes, bytes], refs: dict[bytes, ObjectID]) -> None:
        """The branch of the settings; else the one the repository itself has as its first."""
        target = symrefs.get(b"HEAD", b"")
        if not self._configured and target in refs:
            self._branch = target.removeprefix(b"refs/heads/").decode()
        self.repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(self.ref))

    def publish(self, commit: Commit, files: Sequence[Planned], on_step: OnStep) -> None:
        """Push the commit, if the branch is still where it was made for."""
        if self._has(commit):
            return
        self._check_parent(commit)
        on_step("before_push")
        client, path = self._client()
        made, parent = ObjectID(commit.id.encode()), ObjectID(commit.parent.encode())
        with self._in_words():
            self._push(client, path, made, parent)
        on_step("pushed")
        self.repo.refs[Ref(self.ref)] = made

    def _push(self, client: GitClient, path: str, made: ObjectID, parent: ObjectID) -> None:
        def update(refs: dict[Ref, ObjectID]) -> dict[Ref, ObjectID]:
            if refs.get(Ref(self.ref)) != parent:
                raise MovedError("Somebody pushed meanwhile: nothing was published.")
            return {Ref(self.ref): made}

        pack: GeneratePackDataFunc = self.repo.generate_pack_data  # type: ignore[assignment]
        result = client.send_pack(path.encode(), update, pack)
        refusal = (result.ref_status or {}).get(self.ref)
        if refusal:
            if _refs(client, path)[0].get(self.ref) != parent:
                raise MovedError("Somebody pushed meanwhile: nothing was published.")
            raise StoreError(f"{self._location} refused the push: {_short(refusal)}")

    def _client(self) -> tuple[GitClient, str]:
        parts = urlsplit(self._location)
        if parts.scheme == "https":
            return self._https(parts.hostname or "", parts.netloc), parts.path
        if parts.scheme == "ssh":
            client = SSHGitClient(
                parts.hostname or "", parts.port, parts.username, ssh_command=SSH, quiet=True
            )
            return client, parts.path
        return LocalGitClient(quiet=True), self._location

    def _https(self, host: str, place: str) -> GitClient:
        user, password = login_for(host, self._credentials)
        return HttpGitClient(
            f"https://{place}", username=user, password=password, timeout=SECONDS, quiet=True
        )

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What goes wrong on the way, as sentences that hold no password."""
        try:
            yield
        except HTTPUnauthorized:
            raise StoreError(
                f"{self._location} wants a login: put a line https://user:token@host into the "
                "file that NEWSDESK_GIT_CREDENTIALS names."
            ) from None
        except NotGitRepository:
            raise StoreError(f"There is no git repository at {self._location}.") from None
        except (SendPackError, GitProtocolError, OSError, ValueError) as error:
            raise StoreError(f"{self._location} does not answer: {_short(error)}") from None


def login_for(host: str, credentials: str) -> tuple[str | None, str | None]:
    """User and password for an https host from a file of git's credential store.

    Its lines are addresses, in which signs such as `@`, `/` or `+` of a token stand as `%40`.
    Both are None where the file names no login. Raises StoreError where it cannot be read.
    """
    if not credentials:
        return None, None
    try:
        lines = Path(credentials).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        raise StoreError("The file that NEWSDESK_GIT_CREDENTIALS names cannot be read.") from None
    for line in lines:
        with suppress(ValueError):
            found = urlsplit(line.strip())
            if (found.scheme, found.hostname) == ("https", host) and found.username:
                return unquote(found.username), unquote(found.password or "")
    return None, None


def _only(tip: ObjectID) -> Callable[..., list[ObjectID]]:
    return lambda refs, depth=None: [tip]


def _refs(client: GitClient, path: str) -> tuple[dict[bytes, ObjectID], dict[bytes, bytes]]:
    """The branches of a repository, and what its symbolic names point to."""
    found = client.get_refs(path.encode())
    refs = {bytes(name): tip for name, tip in found.refs.items() if tip is not None}
    return refs, {bytes(name): bytes(target) for name, target in found.symrefs.items()}


def _short(words: object) -> str:
    return printable(str(words).strip())[:LONGEST_WORDS]
