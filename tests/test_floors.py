"""The map in ARCHITECTURE.md shows the floors as the contract of the imports has them."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def mapped() -> dict[str, int]:
    """Modules and packages -> the line of the map on which they stand."""
    drawn = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1]
    lines = enumerate(drawn.splitlines())
    return {name: at for at, line in lines for name in re.findall(r"(\w+)(?:\.py|/)", line)}


def layers() -> list[list[str]]:
    """What the contract has on each floor, from the top."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    found = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.removeprefix("articles.") for name in layer.split(" | ")] for layer in found]


def test_puts_every_module_under_the_contract() -> None:
    modules = {path.stem for path in (ROOT / "articles").glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in (ROOT / "articles").glob("*/__init__.py")}
    packages |= {"management"}
    named = [name for layer in layers() for name in layer]
    assert sorted(named) == sorted((modules | packages) - {"migrations"})


def test_draws_every_module_on_its_floor() -> None:
    lines = mapped()
    assert {name for layer in layers() for name in layer} <= lines.keys()
    for upper, lower in pairwise(layers()):
        lowest = max(lines[name] for name in upper)
        assert lowest <= min(lines[name] for name in lower), (upper, lower)
