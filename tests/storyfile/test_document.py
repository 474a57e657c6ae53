"""Document: what a story file is, and how every other file is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml

from articles.storyfile.document import Document, Limits
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from tests.storyfile.samples import SOURCE, WEB, hostile_files


def file_of(front: str, body: str = "") -> bytes:
    return f"---\n{front}\n---\n{body}".encode()


def refusal(data: bytes, limits: Limits | None = None) -> StoryFileError:
    with pytest.raises(StoryFileError) as caught:
        Document.parse(data, limits or Limits())
    return caught.value


@pytest.mark.parametrize("text", [WEB, SOURCE])
def test_keeps_the_bytes_and_cuts_them_without_loss(text: str) -> None:
    document = Document.parse(text.encode())
    assert document.data == text.encode()
    assert document.text + document.closer + document.body == text
    assert (document.newline, document.has_bom, document.body) == ("\n", False, "")


def test_tells_the_line_of_every_value() -> None:
    document = Document.parse(WEB.encode())
    lines = {key.value: document.line_of(key) for key, _ in document.pairs()}
    assert lines["category"] == 2
    assert WEB.splitlines()[lines["related"] - 1] == "related:"


def test_strips_one_byte_order_mark() -> None:
    document = Document.parse(b"\xef\xbb\xbf" + WEB.encode())
    assert document.has_bom
    assert document.root.value[0][0].value == "category"
    assert document.line_of(document.root.value[0][0]) == 2


def test_knows_windows_line_ends() -> None:
    document = Document.parse(WEB.replace("\n", "\r\n").encode())
    assert document.newline == "\r\n"
    assert document.line_of(document.pairs()[-1][0]) == WEB[: WEB.index("secured")].count("\n") + 1


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\na: b\n---\n\n\n# Part\n---\nmore", "# Part\n---\nmore"),
        ("---\na: b\n...\nText", "Text"),
        ("---  \n\na: b\n---\t \nText", "Text"),
        ("---\na: b\n---", ""),
        ("---\na: b\n---\n  indented", "  indented"),
        ("---\na: |\n  ---\n---\nx", "x"),
    ],
)
def test_finds_the_body_as_the_publisher_does(text: str, body: str) -> None:
    assert Document.parse(text.encode()).body == body


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty_file", 1),
        (b" \r\n\n", "empty_file", 1),
        (b"# Title\n", "no_front_matter", 1),
        (b"\n---\na: b\n---\n", "no_front_matter", 1),
        (b" ---\na: b\n---\n", "no_front_matter", 1),
        (b"----\na: b\n----\n", "no_front_matter", 1),
        (b"--- # x\na: b\n---\n", "no_front_matter", 1),
        (b"---\ra: b\r---\r", "no_front_matter", 1),
        (b"\xef\xbb\xbf\xef\xbb\xbf---\na: b\n---\n", "no_front_matter", 1),
        (b"---\na: b\nc: d\n", "unterminated_front_matter", 3),
        (b"---\na: b\n----\n", "unterminated_front_matter", 3),
        (b"---\n---\n", "empty_front_matter", 1),
        (b"---\n# only this\n---\n", "empty_front_matter", 1),
        (b"---\n\n- a\n---\n", "not_a_mapping", 3),
        (b"---\njust words\n---\n", "not_a_mapping", 2),
        (b"---\na: \xe9t\xe9\n---\n", "not_utf8", 2),
        (b"---\na: b\n---\nx\n\x93quoted\x94\n", "not_utf8", 5),
        ("---\na: b\n---\n".encode("utf-16"), "not_utf8", 1),
        ("---\na: b\n---\n".encode("utf-32"), "not_utf8", 1),
        ("---\na: b\n---\n".encode("utf-16-le"), "not_text", None),
        (b"---\na: b\nc: \x07\n---\n", "control_character", 3),
        (b"---\na: b\nc: \xc2\x84\n---\n", "control_character", 3),
        (b"---\na: " + b"x" * 90 + b"\nc: \0\n---\n", "control_character", 3),
        (b"---\na: b\n---\n" + b"x" * 90 + b"\n\0", "control_character", 5),
        (b'---\na: "\\0"\n---\n', "control_character", 2),
        ("---\na: \uffff\n---\n".encode(), "control_character", 2),
        (b'---\na: b\nc: "\\ud83d"\n---\n', "invalid_unicode", 3),
        (b'---\na: "\\U00110000"\n---\n', "invalid_unicode", 2),
        (
            b"---\na: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> x\n---\n",
            "merge_conflict_markers",
            3,
        ),
        (b"<<<<<<< HEAD\n---\na: b\n---\n", "merge_conflict_markers", 1),
    ],
)
def test_refuses_what_is_no_story_file(data: bytes, code: str, line: int | None) -> None:
    error = refusal(data)
    assert (error.code, error.line) == (code, line)
    assert error.message.endswith(".")


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"---\na: \xe9t\xe9\n---\n", "Latin-1"),
        (b"---\na: \x93b\x94\n---\n", "Windows-1252"),
        ("---\na: b\n---\n".encode("utf-16"), "UTF-16"),
        (b"---\na: b\xe2\x80", "cut in half"),
        (b"---\ra: b\r---\r", "line ends"),
        (b"title: x\n", "must begin with ---"),
    ],
)
def test_says_what_probably_happened(data: bytes, hint: str) -> None:
    assert hint in str(refusal(data))


@pytest.mark.parametrize(
    ("front", "line", "hint"),
    [
        ("a: b\ntitle: Storm: the day after", 3, "put the value in quotes"),
        ("a: b\n  c: d", 3, "indented further"),
        ("a:\n\t- b", 3, "indent with spaces"),
        ("title: @home", 2, "put the value in quotes"),
        ("title: *** Breaking ***", 2, "put the value in quotes"),
        ("title: *star", 2, "put the value in quotes"),
        ("a: b\ntitle: \"never closed\nc: 'd'", 3, "never closed"),
        ('a: "b" c', 2, "closing quote"),
        ('a: "C:\\windows"', 2, "write it twice"),
        ("a: [b, c", 2, "bracket"),
        ("a: - b", 2, "new line"),
        ("a: b\nno colon here\nc: d", 3, "no colon"),
        ("a: b\n--- more\nc: d", 3, "Three dashes"),
        ("a: &x b\nc: &x d", 3, "names two values"),
    ],
)
def test_names_line_and_usual_cause_of_a_syntax_error(front: str, line: int, hint: str) -> None:
    error = refusal(file_of(front))
    assert (error.code, error.line) == ("yaml_syntax", line)
    assert hint in error.message


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system", "!!python/name:os.system", "!ruby/object:Set", "!custom",
     "!!binary", "!", "!<tag:example.com,2000:x>", "!!js/function"],
)  # fmt: skip
def test_refuses_every_tag_that_is_not_plain_data(tag: str) -> None:
    for value in (f"{tag} x", f"{tag} [x]", f"{tag} {{x: y}}"):
        error = refusal(file_of(f"a: b\nc: {value}"))
        assert (error.code, error.line) == ("unsafe_tag", 3)


@pytest.mark.parametrize("value", ["!!int 38", "!!str yes", "!!seq [a]", "!!map {a: b}"])
def test_takes_the_standard_tags(value: str) -> None:
    assert Document.parse(file_of(f"c: {value}")).pairs()[0][1].tag.startswith("tag:yaml.org,2002:")


def nested_aliases(levels: int) -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(rows)


def merged_aliases(levels: int) -> str:
    rows = ["a0: &a0 {k: v}"]
    rows += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, levels)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("a: " + "[" * 400_000, "too_deep"),
        ("a: " + "{b: " * 100_000, "too_deep"),
        ("\n".join(" " * n + f"k{n}:" for n in range(300)), "too_deep"),
        ("- " * 300_000, "too_deep"),
        (nested_aliases(9), "expansion_limit"),
        (merged_aliases(30), "expansion_limit"),
        ("a: [" + "x, " * 120_000 + "x]", "expansion_limit"),
        ("a: &a [*a]", "recursive_alias"),
        ("a: &a {b: {<<: *a}}", "recursive_alias"),
        ("a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)), "too_deep"),
    ],
)
def test_stops_bombs_before_they_go_off(front: str, code: str) -> None:
    started = time.process_time()
    assert refusal(file_of(front)).code == code
    assert time.process_time() - started < 2


def test_refuses_a_file_over_the_size_limit() -> None:
    error = refusal(file_of("a: " + "x" * 1_000_000))
    assert error.code == "file_too_large"


def test_takes_the_limits_it_is_given() -> None:
    small = Limits(max_bytes=200, max_depth=2, max_nodes=6, max_expansion=2)
    Document.parse(file_of("a: [b]"), small)
    assert refusal(file_of("a: " + "b" * 200), small).code == "file_too_large"
    assert refusal(file_of("a: [[b]]"), small).code == "too_deep"
    assert refusal(file_of("a: [b, c, d, e, f]"), small).code == "expansion_limit"
    assert (
        refusal(file_of("a: &a b\nc: [*a, *a, *a]"), Limits(max_expansion=2)).code
        == "expansion_limit"
    )


def test_takes_twenty_levels_and_honest_aliases() -> None:
    deep = "\n".join("  " * n + f"k{n}:" for n in range(20)) + " x"
    Document.parse(file_of(deep))
    pairs = Document.parse(file_of("title: &t Shared\nother: *t")).pairs()
    assert [value.value for _, value in pairs] == ["Shared", "Shared"]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("<<: *b\n  x: 3", [("y", "2"), ("x", "3")]),
        ("x: 3\n  <<: *b", [("x", "3"), ("x", "1"), ("y", "2")]),
        ('"<<": *b', [("x", "1"), ("y", "2")]),
        ("<<: {x: 1}\n  y: 2", [("<<", None), ("y", "2")]),
        ("<<: [*b]\n  y: 2", [("<<", None), ("y", "2")]),
        ("<<: *b\n  <<: *c", [("x", "1"), ("y", "2"), ("x", "4")]),
    ],
)
def test_merges_keys_as_the_publisher_does(
    story: str, expected: list[tuple[str, str | None]]
) -> None:
    bases = "base: &b {x: 1, y: 2}\nother: &c {x: 4}\n"
    document = Document.parse(file_of(f"{bases}story:\n  {story}"))
    held = document.pairs()[2][1]
    assert isinstance(held, yaml.MappingNode)
    found = [
        (key.value, value.value if isinstance(value, yaml.ScalarNode) else None)
        for key, value in document.pairs(held)
    ]
    assert found == expected


def test_merges_many_mappings_into_a_long_one_at_once() -> None:
    keys = "".join(f"k{n}: v\n" for n in range(20_000))
    document = Document.parse(file_of("base: &b {}\n" + "<<: *b\n" * 9_000 + keys))
    start = time.perf_counter()
    assert len(document.pairs()) == 20_001
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("title: Rust beats C #1 again", "#1 again"),
        ('title: "Rust beats C" # sure', None),
        ("title: C# is great", None),
        ("title: plain", None),
    ],
)
def test_finds_the_comment_that_cuts_a_plain_value(line: str, comment: str | None) -> None:
    document = Document.parse(file_of(line))
    assert document.trailing_comment(document.pairs()[0][1]) == comment


def test_shows_a_value_as_it_is_written() -> None:
    document = Document.parse(file_of("title: 'it''s'"))
    assert document.source(document.pairs()[0][1]) == "'it''s'"


def test_reads_every_cut_of_a_file_as_the_same_story_or_not_at_all() -> None:
    data = WEB.encode()
    whole = Document.parse(data).text
    for size in range(len(data)):
        try:
            document = Document.parse(data[:size])
        except StoryFileError:
            continue
        assert document.text == whole


def test_judges_the_hostile_files_as_their_manifest_says(corpus: Path) -> None:
    files = hostile_files(corpus)
    manifest = json.loads((corpus / "hostile" / "manifest.json").read_text())
    wrong = []
    for case in manifest["files"]:
        expect = case["expect"]
        if expect.get("outcome") == "skipped" or case["file"] not in files:
            continue
        tolerated = {t.removeprefix("error:") for t in case.get("tolerates", [])}
        codes = {expect.get("error"), *tolerated} if case["kind"] == "reject" else {None}
        try:
            Document.parse(files[case["file"]])
            got = StoryFileError("", "")
        except StoryFileError as error:
            got = error
        right = (got.code or None) in codes
        right &= expect.get("line") in {None, got.line} and expect.get("hint", "") in got.message
        if not right:
            wrong.append((case["id"], got.code, got.line))
    assert wrong == []


@pytest.mark.parametrize("whole", [SOURCE, WEB, WEB.replace("\n", "\r\n"), "\ufeff" + WEB])
def test_reads_a_file_cut_at_any_byte_whole_or_not_at_all(whole: str) -> None:
    data = whole.encode()
    record = StoryReader().read(data)
    read = []
    for length in range(len(data)):
        try:
            found = StoryReader().read(data[:length])
        except StoryFileError:
            continue
        read.append(length)
        assert found == record, length
    # Only its last line end may be missing.
    assert read
    assert min(read) >= len(data.rstrip(b"\r\n"))
