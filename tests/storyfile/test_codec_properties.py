"""Laws of the codec that hold for any text and any bytes, not only for the examples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.storyfile.document import DEFAULT_LIMITS, Document, compose
from articles.storyfile.edits import RelatedEdit, apply_edit, edit_related_entries
from articles.storyfile.emit import bare, is_plain, quoted
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.pieces import edit_entries, edit_head, edit_lines
from articles.storyfile.record import ImageRecord, RelatedRecord
from tests.laws import tried
from tests.storyfile.samples import SOURCE, WEB, diff, related

law = tried()

_AWKWARD = [
    *(
        "---",
        "...",
        ": ",
        " #",
        "# ",
        "- ",
        "? ",
        "\n",
        "\r\n",
        "\t",
        " ",
        "  ",
        '"',
        "'",
        "\\",
        "\\n",
    ),
    *("&a ", "*a", "!!int ", "<<", "| ", "> ", "{", "}", "[", "]", ",", "%", "@", "`", "~", "null"),
    *("yes", "no", "1e3", "0x1F", "12:30", "2020-01-01", "=", "/", "https://", "related:"),
    *("\x85", "\u2028", "\u2029", "\ufeff", "\u200b", "\u202e", "\x07", "\x7f", "\x9f", "e\u0301"),
    *("🚀", "𠀀", "é", "\npublished: true"),
]
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.one_of(
    st.text(_CHARACTERS, max_size=40),
    st.lists(
        st.one_of(st.sampled_from(_AWKWARD), st.text(_CHARACTERS, max_size=4)), max_size=8
    ).map("".join),
)
files = st.sampled_from([WEB, SOURCE, WEB.replace("\n", "\r\n"), "\ufeff" + WEB])
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(-(2**31), 2**31)
images = st.builds(
    ImageRecord,
    url=texts,
    width=st.none() | st.integers(1, 9999),
    height=st.none() | st.integers(1, 9999),
    title=st.none() | texts,
    is_cached=st.none() | st.booleans(),
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "excerpt": texts,
        "category": texts,
        "kind": texts,
        "web_url": texts,
        "original_url": texts,
        "amp_url": texts,
        "featured_content": texts,
        "quality": numbers,
        "heat": numbers,
        "published": st.booleans(),
        "removed": st.booleans() | st.none(),
        "published_at": instants,
        "topics": st.lists(texts, max_size=4),
        "images": st.lists(images, max_size=3),
    },
)


@law
@given(texts)
def test_every_text_reads_back_from_quotes_by_both_readers(text: str) -> None:
    line = f"a: {quoted(text)}\n"
    assert line.count("\n") == 1
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(line, Loader=loader) == {"a": text}
        assert yaml.load(f"- {bare(text)}\n", Loader=loader) == [text]


@law
@given(texts)
def test_text_without_quotes_is_one_line_and_no_other_type(text: str) -> None:
    if not is_plain(text):
        return
    assert text.splitlines() == [text]
    assert yaml.safe_load(f"a: {text} # note\nb: c\n") == {"a": text, "b": "c"}


@law
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    for content in (data, b"---\n" + data + b"\n---\n"):
        try:
            document = Document.parse(content)
        except StoryFileError as error:
            message = error.message
        else:
            message = "read"
            assert document.data == content
        assert message


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A story file after one to three accidents: bytes changed, cut out, doubled or put in."""
    data = draw(files).encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data) - 1))
        end = min(len(data), start + draw(st.integers(0, 30)))
        new = draw(
            st.one_of(
                st.just(b""),
                st.binary(max_size=4),
                st.sampled_from(_AWKWARD).map(str.encode),
                st.just(data[start:end] * 2),
            )
        )
        data = data[:start] + new + data[end:]
        assume(data)
    return data


@law
@given(mutated(), changes)
def test_a_damaged_file_is_edited_exactly_or_refused(
    data: bytes, wanted: Mapping[str, object]
) -> None:
    try:
        Document.parse(data)
    except StoryFileError:
        return
    assert apply_edit(data, {}) == data
    try:
        after = apply_edit(data, wanted)
    except EditRefused:
        return
    Document.parse(after)


@law
@given(mutated(), st.booleans(), texts)
def test_edits_by_pieces_are_those_of_the_whole_file(data: bytes, live: bool, title: str) -> None:
    try:
        before = Document.parse(data)
    except StoryFileError:
        return
    for edit in ({"published": live}, {"title": title}, {"removed": live, "topics": ["A"]}):
        for by_pieces in (edit_lines, edit_head):
            try:
                after = by_pieces(data, edit, DEFAULT_LIMITS)
            except (EditRefused, StoryFileError):
                continue
            if after is not None:
                assert changed_keys(before, Document.parse(after)) <= {
                    "published", "title", "removed", "topics"
                }  # fmt: skip


@law
@given(mutated(), st.integers(0, 100))
def test_coverage_by_pieces_is_that_of_the_whole_file(data: bytes, quality: int) -> None:
    edit = RelatedEdit(frozenset({"https://gazette.example/works"}), (related(quality=quality),))
    try:
        before = Document.parse(data)
        after = edit_entries(data, edit, DEFAULT_LIMITS)
    except (EditRefused, StoryFileError):
        return
    if after is not None:
        assert changed_keys(before, Document.parse(after)) <= {"related"}


def name_of(key: yaml.Node) -> str:
    """A key's text; of one that is a mapping or list (`? a: b`) all of it."""
    return str(key.value) if isinstance(key, yaml.ScalarNode) else str(yaml.serialize(key))


def changed_keys(before: Document, after: Document) -> set[str]:
    old, new = (
        {name_of(key): yaml.serialize(value) for key, value in document.root.value}
        for document in (before, after)
    )
    assert before.body == after.body
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


@law
@given(files, changes)
def test_every_edit_is_read_back_and_touches_nothing_else(
    text: str, wanted: Mapping[str, object]
) -> None:
    data = text.encode()
    try:
        after = apply_edit(data, wanted)
    except EditRefused:
        return
    found = {key.value: value for key, value in Document.parse(after).root.value}
    if "title" in wanted:
        assert found["title"].value == wanted["title"]
    if "topics" in wanted:
        names = [node.value for node in found["topics"].value] if "topics" in found else []
        assert names == wanted["topics"]
    gone = [line for line in diff(data, after) if line.startswith(("-secured", "-related"))]
    assert gone == []
    assert apply_edit(after, wanted) == after


@law
@given(files, st.integers(1, 4))
def test_switching_back_gives_the_same_bytes(text: str, times: int) -> None:
    data = start = text.encode()
    live = b"published: true" in data
    for _ in range(times):
        once = apply_edit(data, {"published": not live})
        assert len(diff(data, once)) == 2
        data = apply_edit(once, {"published": live})
    assert data == start


@law
@given(files, st.integers(-5, 200), texts, texts)
def test_joining_and_leaving_again_gives_the_same_bytes(
    text: str, quality: int, title: str, url: str
) -> None:
    assume(url)
    entry = RelatedRecord(title, "", None, url, "", "", "", "", None, quality, None)
    joined = edit_related_entries(text.encode(), add=[entry])
    assert joined != text.encode()
    assert edit_related_entries(joined, remove_urls=[url]) == text.encode()


_SCALARS = [
    *("x", "12", "0o7", "007", "1_0", "1:30", "~", "''", '"a\\tb"', "yes", "=", "<<", "2020-01-01"),
    *("1e3", ".5", "&a b", "!!str 5", "| \n  k\n", "é", ""),
]
values = st.recursive(
    st.sampled_from(_SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)


@law
@given(st.lists(st.tuples(st.sampled_from(["a", '"b"', "? c\n", "1", "<<"]), values), min_size=1))
def test_nodes_are_those_of_pyyaml(pairs: list[tuple[str, str]]) -> None:
    text = "---\n" + "".join(f"{key}: {value}\n" for key, value in pairs)
    try:
        mine = compose(text)
    except StoryFileError:
        return
    theirs = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert theirs is not None
    assert description(mine) == description(theirs)


def description(node: yaml.Node) -> object:
    """Everything a node says: type, value, style, and where it begins and ends."""
    assert node.start_mark is not None
    assert node.end_mark is not None
    marks = (node.start_mark.index, node.end_mark.index, node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        inner = [(description(key), description(value)) for key, value in node.value]
        return node.tag, inner, node.flow_style, marks
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [description(item) for item in node.value], node.flow_style, marks
    assert isinstance(node, yaml.ScalarNode)
    return node.tag, node.value, node.style, marks
