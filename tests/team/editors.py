"""Editors at work: each logs in, looks at lists and previews, and decides story after story."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.team.front import NAME, Front

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SAID = re.compile(r'<div class="message (\w+)">')
"""What kind of message an answer shows."""
ACKNOWLEDGED = {"success", "info"}
"""The desk did it, or it was done: by the first of two tries, if a server died in between."""
EMPTY: Mapping[str, str] = {}
PAUSE = (0.5, 1.5)
"""Seconds an editor looks before deciding: far quicker than anybody reads."""


@dataclass
class Diary:
    """What one editor saw: seconds by kind of request, decisions that were acknowledged, what the
    desk would not do and said so, and errors.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    decided: dict[int, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Editor(threading.Thread):
    """One person with a browser that keeps cookies, deciding stories of their own."""

    def __init__(
        self,
        name: str,
        password: str,
        stories: Sequence[tuple[int, int]],
        stop: threading.Event,
        front: Front,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.password, self.stories, self.stopping = password, stories, stop
        self.connection = front.connection()
        self.cookies: dict[str, str] = {}
        self.diary = Diary()
        self.chance = random.Random(name)

    def run(self) -> None:
        """A morning."""
        try:
            self.log_in()
            for pk, version in self.stories:
                if self.stopping.is_set():
                    return
                self._look(pk)
                self.stopping.wait(self.chance.uniform(*PAUSE))
                self._decide(pk, version)
        except Exception as error:  # noqa: BLE001 -- whatever ends an editor's morning is an error
            self.diary.errors.append(f"{self.name}: {error!r}")
        finally:
            self.connection.close()

    def log_in(self) -> None:
        """By name and password. Raises RuntimeError where that is refused."""
        _, page = self._ask("log in", "GET", "/account/login/")
        token = TOKEN.search(page)
        form = {"username": self.name, "password": self.password}
        form["csrfmiddlewaretoken"] = token[1] if token else ""
        status, _ = self._ask("log in", "POST", "/account/login/", form)
        if status != 302:
            raise RuntimeError(f"log in: {status}")

    def _look(self, pk: int) -> None:
        self._ask("list", "GET", self.chance.choice(("/stories/?queue=inbox", "/stories/")))
        self._ask("preview", "GET", f"/stories/{pk}/preview/")

    def _decide(self, pk: int, version: int) -> None:
        verb = self.chance.choice(("publish", "decline"))
        path, form = f"/stories/{pk}/{verb}/", {"version": str(version)}
        status, page = self.press(path, form, kind="decide", headers={"HX-Request": "true"})
        said = SAID.findall(page)
        if status == 200 and said and said[0] in ACKNOWLEDGED:
            self.diary.decided[pk] = {"publish": "published", "decline": "declined"}[verb]
        elif status in {200, 409}:
            self.diary.refused.append(f"{verb} {pk}: {status} {' '.join(said)}")
        else:
            self.diary.errors.append(f"{verb} {pk}: {status}")

    def press(
        self, path: str, form: dict[str, str], *, kind: str, headers: Mapping[str, str] = EMPTY
    ) -> tuple[int, str]:
        """Send a form of the desk; status and text of the answer."""
        form = {**form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._ask(kind, "POST", path, form, headers)

    def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        form: Mapping[str, str] = EMPTY,
        more: Mapping[str, str] = EMPTY,
    ) -> tuple[int, str]:
        headers = {
            "Host": NAME,
            "Referer": f"https://{NAME}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            **more,
        }
        start = time.perf_counter()
        self.connection.request(method, path, urlencode(form) if form else None, headers)
        response = self.connection.getresponse()
        body = response.read().decode(errors="replace")
        self.diary.seconds.setdefault(kind, []).append(time.perf_counter() - start)
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        if response.status >= 500:
            self.diary.errors.append(f"{kind} {path}: {response.status}")
        return response.status, body
