from __future__ import annotations

from pathlib import Path

import pytest

STORY = b"""---
category: news
title: "A plain headline"
---
"""

CONFIG = b"""title: Invented Every Day
url: https://invented.example
baseurl: "/invented"
webUrl: https://reader.example/invented
locale: "en-us"
repository: nobody/invented
topic: Invention
defaults: &defaults
  layout: post
again:
  <<: *defaults
"""

ORGANIZATION = b"""---
taxonomy: organization
_id: wire.example
name: The Wire
domain: wire.example
description: News by wire.
images:
  - url: /assets/wire-50x50.jpg
    width: 50
    height: 50
---
"""

TOPIC = b"""taxonomy: topic
_id: tools
name: Tools
parent: Invention
keywords:
  - hammer
  - saw
hashtags:
  - "#Tools"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A content repository with two stories, one in a subfolder."""
    root = tmp_path / "checkout"
    write(root / "_config.yml", CONFIG)
    write(root / "_data/organizations/wire.example.md", ORGANIZATION)
    write(root / "_data/topics/01-tools.yaml", TOPIC)
    write(root / "_news/2020-02-20-one.md", STORY)
    write(root / "_news/2021/2021-01-01-two.md", STORY)
    write(root / "README.md", b"not a story")
    return root


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
