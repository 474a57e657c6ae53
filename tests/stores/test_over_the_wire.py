"""The same repository over ssh and https, as git itself serves it."""

from __future__ import annotations

import base64
import gc
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from articles.stores import Author, MovedError, Planned, StoreError, open_store
from articles.stores.remote import Remote, login_for
from tests.gitting import Git, needs_git
from tests.stores.test_stores import AUTHOR, LIVE, ONE, PATH, TWO

pytestmark = needs_git

LOGIN = b"newsdesk:a token"
PLAN = (Planned(PATH, ONE, LIVE), Planned(b"_news/2026-01-03-new.md", None, TWO))
SSH = """#!/bin/sh
# Of ssh this knows only to run the command, its last word, on the "other" host.
for word; do command=$word; done
exec sh -c "$command"
"""


@pytest.fixture
def robot(tmp_path: Path) -> Git:
    made = Git.new(tmp_path / "robot")
    made.commit("First", **{PATH.decode(): ONE})
    made.bare(tmp_path / "served.git").run("config", "http.receivepack", "true")
    return made


@pytest.fixture
def over_ssh(robot: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(SSH)
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}{os.pathsep}{os.environ['PATH']}")
    return f"ssh://git@news.example{tmp_path / 'served.git'}"


@pytest.fixture
def over_https(robot: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    paper = tmp_path / "paper.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", paper, "-out", tmp_path / "c.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    paper.write_bytes(paper.read_bytes() + (tmp_path / "c.pem").read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "c.pem"))
    handler = type("Handler", (_GitServer,), {"root": tmp_path})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(paper)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}/served.git"
        finally:
            server.shutdown()
            thread.join()


class _GitServer(BaseHTTPRequestHandler):
    """Asks for the login, and hands everything on to `git http-backend`."""

    root: Path

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        expected = "Basic " + base64.b64encode(LOGIN).decode()
        if self.headers.get("Authorization") != expected:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="news"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        done = subprocess.run(
            ["git", "http-backend"], input=self._body(), env=self._environment(),
            capture_output=True, check=True,
        )  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ")[::2] for line in head.decode().split("\r\n")]
        status = next((value for name, value in lines if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _environment(self) -> dict[str, str]:
        path, _, query = self.path.partition("?")
        return {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": "newsdesk",
        }


Opener = Callable[[str], Remote]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    login = tmp_path / "login"

    def store(location: str) -> Remote:
        place = location.removeprefix("https://").partition("/")[0]
        login.write_text(f"https://newsdesk:a%20token@{place}\n")
        made = open_store(
            location, "", data=tmp_path / "data", limit=1_000_000, credentials=str(login)
        )
        assert isinstance(made, Remote)
        return made

    return store


def there_and_back(robot: Git, opened: Opener, location: str) -> None:
    """Fetched, published, overtaken by the robot, published again."""
    with opened(location) as store:
        store.refresh()
        assert [entry.read() for entry in store.repository().entries()] == [ONE]
        commit = store.commit(PLAN, "Publish one story", Author("Desk", "d@x.example", AUTHOR.at))
        robot.commit("Update news", **{"_news/2026-01-02-two.md": TWO})
        robot.push()
        with pytest.raises(MovedError):
            store.publish(commit, PLAN, lambda step: None)
        store.refresh()
        commit = store.commit(PLAN, "Publish one story", AUTHOR)
        store.publish(commit, PLAN, lambda step: None)
        store.refresh()
        assert store.head == commit.id.encode()
    robot.pull()
    assert robot.head() == commit.id
    assert (robot.show(PATH.decode()), robot.is_clean()) == (LIVE, True)


def test_goes_over_ssh(robot: Git, opened: Opener, over_ssh: str) -> None:
    there_and_back(robot, opened, over_ssh)


def test_goes_over_https_with_a_login(robot: Git, opened: Opener, over_https: str) -> None:
    there_and_back(robot, opened, over_https)


def test_says_what_is_missing_without_a_login(tmp_path: Path, over_https: str) -> None:
    store = open_store(over_https, "", data=tmp_path / "data", limit=1_000_000)
    with store, pytest.raises(StoreError, match="NEWSDESK_GIT_CREDENTIALS"):
        store.refresh()


def test_trusts_no_stranger(
    tmp_path: Path, over_https: str, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with opened(over_https) as store, pytest.raises(StoreError, match="does not answer") as said:
        store.refresh()
    assert "token" not in str(said.value)


# The library leaves the pipes of a connection that failed to be collected as garbage.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_says_what_ssh_said(opened: Opener, over_ssh: str) -> None:
    with (
        opened(over_ssh + "x") as store,
        pytest.raises(StoreError, match="not appear to be a git"),
    ):
        store.refresh()
    gc.collect()


def test_finds_the_login_of_a_host(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text(
        "\nnonsense\nhttps://[x\nhttps://other.example\nhttps://me%40x:a%2Fb+@News.example\n"
    )
    assert login_for("news.example", str(file)) == ("me@x", "a/b+")
    assert login_for("other.example", str(file)) == (None, None)
    assert login_for("news.example", "") == (None, None)
    with pytest.raises(StoreError, match="cannot be read"):
        login_for("news.example", str(tmp_path))
