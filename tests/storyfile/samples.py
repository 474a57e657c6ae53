"""Invented story files in both dialects, and ways to break them."""

from __future__ import annotations

import difflib
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from articles.storyfile.edits import apply_edit
from articles.storyfile.record import ImageRecord, ProviderRecord, RelatedRecord

WEB = """\
---
category: news
title: "Harbour bridge reopens: \\"a long wait\\""
excerpt: "The old bridge over the Lenz carries trams again."
publishedDateTime: 2021-03-04T05:06:07Z
originalUrl: "https://courier.example/2021/bridge?utm_source=feed"
webUrl: "https://courier.example/2021/bridge"
type: article
quality: 61
heat: 101
published: false

provider:
  name: The Lenz Courier
  domain: courier.example
  images:
    - url: "https://logos.example/courier.png"
      width: 50
      height: 50

topics:
  - Transport
  - Public Works

images:
  - url: "https://img.example/bridge.jpg"
    width: 1200
    height: 800
    isCached: true
    title: "The bridge"

related:
  - title: "Trams return to the harbour"
    excerpt: "First service at dawn."
    publishedDateTime: 2021-03-04T07:00:00Z
    webUrl: "https://daily.example/trams"
    type: article
    provider:
      name: Daily Lantern
      domain: daily.example
    quality: 55
    images:
      - url: "https://img.example/tram.jpg"
        width: 640
        height: 480
        isCached: true
  - title: "Bridge works end"
    excerpt: ""
    publishedDateTime: 2021-03-03T07:00:00Z
    webUrl: "https://gazette.example/works"
    type: article
    provider:
      name: Gazette
      domain: gazette.example
    quality: 20

secured: "QUJDREVGR0g=;SUpLTE1OT1A="
---

"""

SOURCE = """\
---
category: news
title: "Owl census finds 40 pairs"
excerpt: "Volunteers counted for nine nights."
publishedDateTime: 2020-01-15T09:30:00Z
sourceUrl: https://field.example/owls#count
ampUrl: https://field.example/amp/owls
cdnAmpUrl: https://field-example.cdn.example/c/s/field.example/amp/owls
type: article
quality: 44
heat: 44
published: true

provider:
  name: Field Notes
  domain: field.example

topics:
  - Nature

images:
  - url: https://img.example/owl.jpg
    width: 300
    height: 200

secured: "QUJD;SUpL"
---

"""


def related(
    url: str = "https://morning.example/bridge", quality: int | None = 50, title: str = "Joined"
) -> RelatedRecord:
    """Coverage that could join a story."""
    return RelatedRecord(
        title=title,
        excerpt="Two lines\nof text",
        published_at=datetime(2021, 3, 4, 9, 0, tzinfo=UTC),
        web_url=url,
        original_url="",
        amp_url="",
        cdn_amp_url="",
        kind="article",
        provider=ProviderRecord(
            "Morning Post", "morning.example", (ImageRecord("/assets/logo.png", 1, 1),)
        ),
        quality=quality,
        images=(ImageRecord("https://img.example/m.jpg", 10, 20, "Not written", True),),
    )


def diff(before: bytes, after: bytes) -> list[str]:
    """The lines that differ, as `-old` and `+new`, line ends included."""
    found = difflib.ndiff(
        before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    )
    return [line[0] + line[2:] for line in found if line[0] in "+-"]


def long_story(entries: int = 300) -> str:
    """A story with so much related coverage that it has about 140 kB."""
    head, tail = WEB.split("related:\n")
    block = tail[: tail.index("  - title", 5)]
    blocks = (
        block.replace("/trams", f"/trams/{number}").replace(
            "quality: 55", f"quality: {90 - number % 7}"
        )
        for number in range(entries)
    )
    return f"{head}related:\n{''.join(blocks)}\n{tail[tail.index('secured') :]}"


def hostile_files(corpus: Path) -> dict[str, bytes]:
    """The odd and hostile files of the real content, by name."""
    found: dict[str, bytes] = {}
    with tarfile.open(corpus / "hostile" / "files.tar.xz") as archive:
        for member in archive:
            if member.isreg():
                content = archive.extractfile(member)
                assert content is not None
                found[member.name.removeprefix("hostile/")] = content.read()
    return found


def edited(text: str, changes: Mapping[str, object]) -> list[str]:
    return diff(text.encode(), apply_edit(text.encode(), changes))


def front(text: str) -> str:
    return f"---\n{text}\n---\n"
