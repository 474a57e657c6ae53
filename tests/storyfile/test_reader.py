"""Reading fast gives the very same records, and errors, as reading with care."""

from __future__ import annotations

import pickle
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.storyfile import reader as reader_module
from articles.storyfile.document import Document, Limits
from articles.storyfile.errors import StoryFileError
from articles.storyfile.lines import (
    LineSource,
    NotInGrammarError,
    parse_item,
    parse_mapping,
    plain_tag,
)
from articles.storyfile.reader import StoryReader, split
from articles.storyfile.record import StoryRecord, read_record
from tests.laws import tried
from tests.storyfile.pages import NOW, RELATED, page

Outcome = StoryRecord | tuple[str, int | None, str]

TAIL = 'secured: "QUJD;QUJD"\n'
RICH = (
    page(
        title='"Owls: \\"40\\" pairs\\n"',
        excerpt="'It''s a count'",
        images='\n  - url: "https://img.example/owl.jpg"\n    width: 640\n    height: 0\n'
        "    isCached: true",
        related=RELATED
        + RELATED.replace("trams", "boats").replace("55", "high")
        + RELATED.replace("courier.example/trams", "lantern.example/owls"),
    )[:-4]
    + b"\n"
    + TAIL.encode()
    + b"---\n\n"
)
SEEDS = (
    RICH,
    RICH.replace(b"webUrl", b"sourceUrl"),
    page(),
    page(related=RELATED),
    page(related=RELATED, body="text"),
    page(topics="[AI]"),
    page(quality="0x1f", published="yes", removed="true", layout="x"),
)
PIECES = (
    *(b"\n", b"\n\n", b" ", b"  ", b": ", b":", b"- ", b'"', b"'", b"#", b" #", b"\\", b"\\n"),
    *(b"\\u2028", b"\\x41", b"~", b"null", b"yes", b"---", b"\n---\n", b"\n...\n", b"\t", b"\r\n"),
    *(b"|", b">", b"&a ", b"*a", b"!!int ", b"[", b"]", b"{", b"}", b"?", b"<<: ", b"%", b"@"),
    *(b"\ntitle: ", b"\nrelated:\n", b"\nrelated:\n  - ", b"\n  - title: x\n", b"\nname: x\n"),
    *(b'\n\nsecured: "x"\n', b"1_000", b"12:30", b"2020-02-30", b".inf", b"=", b"a #b", b"a#b"),
    *(b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xc2\xa0", b"\0", b"\x7f", b"\xff"),
    *(b"\xe2\x80\xae", b"\xf3\xa0\x81\xa9", b"- - x", b"-5", b"\n    ", b"\n  ", b"(x)", b"/a"),
)


def carefully(data: bytes) -> Outcome:
    try:
        return read_record(Document.parse(data), now=NOW)
    except StoryFileError as error:
        return error.code, error.line, error.message


def fast(data: bytes, reader: StoryReader | None = None) -> Outcome:
    try:
        return (reader or StoryReader(now=NOW)).read(data)
    except StoryFileError as error:
        return error.code, error.line, error.message


class NeededError(Exception):
    """The YAML parser was called."""


def forbid_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def needed(*_: object, **__: object) -> None:
        raise NeededError

    monkeypatch.setattr(Document, "parse", needed)


def hurries(data: bytes, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a file is read without the YAML parser."""
    forbid_parser(monkeypatch)
    try:
        StoryReader(now=NOW).read(data)
    except NeededError:
        return False
    return True


@pytest.mark.parametrize("data", SEEDS)
def test_gives_the_records_of_the_careful_way(data: bytes) -> None:
    assert fast(data) == carefully(data)


def test_reads_an_ordinary_file_without_a_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hurries(RICH, monkeypatch)


@pytest.mark.parametrize(
    "odd",
    [
        page(body="text"),
        page(title="|\n  block"),
        page(title="plain\n  over lines"),
        page(title="&a Owls"),
        page(title="!!str Owls"),
        page(title='"two\n  lines"'),
        page(title='"\\x41"'),
        page(title="Owls # count"),
        page(topics="[AI]"),
        page(topics="\n- AI\n- ML"),
        page(quality="38\t"),
        page().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + page(),
        page().replace(b"title: ", b"title : "),
        page(title='"line\u2028separator"'),
        page(
            deep="\n a:\n  b:\n   c:\n    d:\n     e:\n      f:\n       g:\n        h:\n         i:"
        ),
        page().replace(b"---\n", b'---\ntitle: "First"\n', 1),
        page(related=RELATED + "\n    quality: 1"),
        page().replace(b"\n---\n", b"\n...\n"),
        page(related=RELATED).replace(b"  - title", b"   - title"),
        page(related="\n  - title: \xff").replace("\xff".encode(), b"\xff"),
    ],
)
def test_leaves_what_is_odd_to_the_careful_way(odd: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fast(odd) == carefully(odd)
    assert not hurries(odd, monkeypatch)


def test_reads_an_entry_once_for_all_its_files() -> None:
    reader = StoryReader(now=NOW)
    one = reader.read(page(related=RELATED))
    other = reader.read(page(title='"Another"', related=RELATED + RELATED.replace("t", "T")))
    assert one.related[0] is other.related[0]


def test_tells_the_doubts_of_an_entry_at_its_line_in_every_file() -> None:
    reader = StoryReader(now=NOW)
    odd = RELATED.replace("55", "high")
    first = reader.read(page(related=odd))
    second = reader.read(page(related=RELATED + odd, heat=None))
    assert [found.line for found in first.issues] == [26]
    assert [found.line for found in second.issues] == [16, 34]
    assert first.issues[0].code == second.issues[1].code == "related.fields"


def test_forgets_entries_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "REMEMBERED_BLOCKS", 10)
    reader = StoryReader(now=NOW)
    for number in range(40):
        data = page(related=RELATED + RELATED.replace("trams", str(number)))
        assert reader.read(data) == carefully(data)


def test_refuses_with_the_errors_of_the_careful_way() -> None:
    for data in (b"", b"no front matter", page(title='"open'), b"---\n- a\n---\n", b"---\n---\n"):
        assert isinstance(fast(data), tuple)
        assert fast(data) == carefully(data)


def test_keeps_to_the_limits_of_the_installation() -> None:
    for limits in (Limits(max_bytes=100), Limits(max_nodes=20), Limits(max_depth=2)):
        with pytest.raises(StoryFileError) as careful:
            Document.parse(RICH, limits)
        with pytest.raises(StoryFileError) as hurried:
            StoryReader(limits=limits).read(RICH)
        assert hurried.value.args == careful.value.args


def test_gives_records_that_another_process_can_have() -> None:
    record = fast(RICH)
    assert pickle.loads(pickle.dumps(record)) == record


def mutants(seed: int, number: int) -> Iterator[bytes]:
    """Files with one to three small accidents of a hand edit or a broken disk."""
    choose = random.Random(seed)
    for _ in range(number):
        data = choose.choice(SEEDS)
        for _ in range(choose.randint(1, 3)):
            data = choose.choice((spliced, cut, doubled, dropped, shifted, revalued))(choose, data)
        yield data


def spliced(choose: random.Random, data: bytes) -> bytes:
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(PIECES) + data[at:]


def cut(choose: random.Random, data: bytes) -> bytes:
    at = choose.randrange(len(data) + 1)
    return data[:at] + data[at + choose.randint(1, 12) :]


def doubled(choose: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    lines.insert(choose.randrange(len(lines)), choose.choice(lines))
    return b"\n".join(lines)


def dropped(choose: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    del lines[choose.randrange(len(lines))]
    return b"\n".join(lines)


def shifted(choose: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = choose.randrange(len(lines))
    lines[at] = b"  " + lines[at] if choose.random() < 0.5 else lines[at].lstrip()
    return b"\n".join(lines)


def revalued(choose: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = choose.randrange(len(lines))
    key, colon, _ = lines[at].partition(b": ")
    lines[at] = key + colon + choose.choice(PIECES)
    return b"\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
def test_gives_equal_records_for_damaged_files(seed: int) -> None:
    reader = StoryReader(now=NOW)
    for data in mutants(seed, 250):
        assert fast(data, reader) == carefully(data), data
        assert joined(data) == data


TEXTS = st.text(max_size=25) | st.sampled_from([piece.decode("latin-1") for piece in PIECES])


@tried(300)
@given(TEXTS, TEXTS, st.sampled_from(["title", "quality", "published", "provider", "related"]))
@example('"a"', "b", "title")
@example("yes", "2020", "related")
def test_gives_equal_records_for_any_value(text: str, inner: str, key: str) -> None:
    try:
        data = page(**{key: text, "related": f"\n  - title: {inner}\n    webUrl: {text}"})
    except UnicodeEncodeError:
        return
    assert fast(data) == carefully(data)


def joined(data: bytes) -> bytes:
    pieces = split(data)
    return pieces.head + b"".join(pieces.blocks) + pieces.tail


def test_cuts_a_file_at_its_related_entries() -> None:
    pieces = split(RICH)
    assert joined(RICH) == RICH
    assert pieces.head.endswith(b"\nrelated:\n")
    assert len(pieces.blocks) == 3
    assert all(block.startswith(b"  - title: ") for block in pieces.blocks)
    assert all(block.endswith(b"\n") for block in pieces.blocks)
    assert pieces.tail == b"\n" + TAIL.encode() + b"---\n\n"


def test_cuts_equal_entries_into_equal_blocks_wherever_they_stand() -> None:
    alone = split(page(related=RELATED)).blocks
    among = split(page(related=RELATED + RELATED.replace("trams", "boats"), secured='"x"')).blocks
    assert alone[0] == among[0]


@pytest.mark.parametrize("data", [b"", b"text", page(), page(related="[]"), b"\nrelated:\n  - "])
def test_takes_what_it_cannot_cut_as_head(data: bytes) -> None:
    pieces = split(data)
    assert (pieces.head, pieces.blocks, pieces.tail) == (data, (), b"")


@given(st.binary(max_size=200) | st.builds(b"".join, st.lists(st.sampled_from(PIECES))))
def test_loses_no_byte_of_any_file(data: bytes) -> None:
    assert joined(data) == data
    assert joined(RICH[:300] + data + RICH[300:]) == RICH[:300] + data + RICH[300:]


def test_knows_the_types_of_yaml() -> None:
    kinds = {text: plain_tag(text).rpartition(":")[2] for text in ("1", "no", "~", "1.5", "x", "")}
    assert kinds == {"1": "int", "no": "bool", "~": "null", "1.5": "float", "x": "str", "": "null"}


def test_counts_lines_from_where_a_text_begins() -> None:
    pairs = parse_mapping("a: 1\n\nb:\n  - x", 5)
    source = LineSource()
    assert [source.line_of(key) for key, _ in pairs] == [5, 7]
    assert source.line_of(pairs[1][1].value[0]) == 8


@pytest.mark.parametrize("text", ["", "  - a\n  - b", "  a: b", "- a", "  -", "  - a: b\n c: d"])
def test_takes_exactly_one_item(text: str) -> None:
    with pytest.raises(NotInGrammarError):
        parse_item(text)


@pytest.mark.corpus
@pytest.mark.parametrize(("archive", "step"), [("powerapps", 7), ("azure-a", 40)])
def test_reads_real_content_without_a_parser(
    corpus: Path, archive: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, parse = StoryReader(now=NOW), Document.parse
    forbid_parser(monkeypatch)
    number = 0
    with tarfile.open(corpus / "corpus" / f"{archive}.tar.xz") as packed:
        for member in packed:
            if "/_news/" not in member.name or not member.name.endswith(".md"):
                continue
            number += 1
            data = packed.extractfile(member).read()  # type: ignore[union-attr]
            record = reader.read(data)
            if number % step == 0:
                assert record == read_record(parse(data), now=NOW)
                assert joined(data) == data
    assert number > 600


@pytest.mark.corpus
def test_reads_hostile_files_like_the_careful_way(corpus: Path) -> None:
    reader = StoryReader(now=NOW)
    with tarfile.open(corpus / "hostile" / "files.tar.xz") as packed:
        for member in packed:
            if member.isfile():
                data = packed.extractfile(member).read()  # type: ignore[union-attr]
                assert fast(data, reader) == carefully(data), member.name
                assert joined(data) == data
