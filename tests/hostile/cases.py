"""Odd and hostile story files of our own, and what the desk makes of each by its principles.

The text is what stands in the file, numbers and instants are exact or unknown, `published` is what
the publisher does, nothing odd passes without a doubt, and no honest file raises one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

PLAIN: Mapping[str, str] = {
    "category": "news",
    "title": '"A plain headline"',
    "excerpt": '"A plain excerpt."',
    "publishedDateTime": "2026-02-20T16:53:00Z",
    "webUrl": '"https://wire.example/{id}"',
    "type": "article",
    "quality": "38",
    "heat": "38",
    "published": "false",
    "provider": "\n  name: The Lantern\n  domain: lantern.example",
    "topics": "\n  - Ferries",
}
CIPHER = "c2VjcmV0LWNpcGhlci0xNg==;MDEyMzQ1Njc4OWFiY2RlZg=="


Values = Mapping[str, str | None]


def story_file(name: str, values: Values | None = None, *, more: str = "", body: str = "") -> str:
    """A sound file with some values replaced, taken out (None) or added."""
    lines = ["---"]
    for key, plain in PLAIN.items():
        value = (values or {}).get(key, plain)
        if value is not None:
            space = "" if value == "" or value.startswith("\n") else " "
            lines.append(f"{key}:{space}{value.replace('{id}', name)}")
    return "\n".join([*lines, *([more] if more else []), "---", body])


@dataclass(frozen=True)
class Case:
    """One file. No `issues` and no `error` means: accepted without a doubt.

    `raw` must stand on no page as it is; `name` is the file's, if it matters.
    """

    id: str
    data: bytes
    issues: tuple[str, ...] = ()
    error: str = ""
    line: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    publish: str = ""
    locked: bool | None = None
    href: str | None = "unchecked"
    raw: tuple[str, ...] = ()
    name: str = ""

    @property
    def path(self) -> str:
        """Where the file lies in its repository."""
        return f"_news/{self.name or f'2026-02-20-{self.id}.md'}"


def _case(name: str, *issues: str, values: Values | None = None, **rest: Any) -> Case:
    text = {part: rest.pop(part) for part in ("more", "body") if part in rest}
    return Case(name, story_file(name, values, **text).encode(), issues, **rest)


def _title(name: str, value: str, *issues: str, **rest: Any) -> Case:
    return _case(f"title-{name}", *issues, values={"title": value}, **rest)


def _date(name: str, value: str | None, *issues: str, **rest: Any) -> Case:
    return _case(f"date-{name}", *issues, values={"publishedDateTime": value}, **rest)


def _published(name: str, value: str, live: bool, *issues: str) -> Case:
    return _case(
        f"published-{name}", *issues, values={"published": value}, fields={"published": live}
    )


def _quality(name: str, value: str, number: int | None, *issues: str, **rest: Any) -> Case:
    fields = {"quality": number}
    return _case(f"quality-{name}", *issues, values={"quality": value}, fields=fields, **rest)


def _url(name: str, value: str, *issues: str, **rest: Any) -> Case:
    return _case(f"url-{name}", *issues, values={"webUrl": f'"{value}"'}, **rest)


def _player(name: str, html: str, *issues: str, **rest: Any) -> Case:
    return _case(f"player-{name}", *issues, more=f"featuredContent: '{html}'", **rest)


TITLES = (
    _title("sexagesimal", "12:30", "title.type", fields={"title": "12:30"}),
    _title("octal", "0777", "title.type", fields={"title": "0777"}),
    _title("yaml-1.2-octal", "0o17", fields={"title": "0o17"}),
    _title("off", "Off", "title.type", fields={"title": "Off"}),
    _title("date", "2026-02-20", "title.type", fields={"title": "2026-02-20"}),
    _title("tagged-text", "!!str 2026", fields={"title": "2026"}),
    _title("list", "[a, b]", "title.type", "title.missing", publish="blocked"),
    _title("cut", "Rust beats C #1", "value.trailing_comment", fields={"title": "Rust beats C"}),
    _title("filler", '"\u3164"', "title.missing", publish="blocked"),
    _title("only-joiners", '"\u200b\u2060"', "title.missing", publish="blocked"),
    _title("escape", r'"\e[31mred"', "text.control", raw=("\x1b",)),
    _title("isolate", '"a\u2067b"', "text.bidi_control", raw=("\u2067",)),
    _title(
        "selectors", '"a\U000e0148\U000e0149b"', "text.invisible", raw=("\U000e0148", "\U000e0149")
    ),
    _title(
        "flag-of-wales", '"\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"'
    ),
    _title("family", '"\U0001f469\u200d\U0001f469\u200d\U0001f467 goes sailing"'),
    _title("decomposed", '"Cafe\u0301"', fields={"title": "Cafe\u0301"}),
    _title("long", f'"{"long " * 200}"', "title.long"),
    _title("template", '"{{ request.user }} {% load x %} %(x)s {0} ${y}"'),
    _title("forged-line", r'"x\r\n2026-01-01 INFO articles: all is well"', "text.control"),
    _title("script", "\"<script>alert('t')</script>\"", raw=("<script>alert('t')",)),
    _title("attribute", """'" autofocus onfocus="alert(2)'""", raw=('" autofocus onfocus=',)),
    _title("formula", '"=HYPERLINK(\\"https://evil.example\\")"'),
    _title("never-a-character", r'"a\uffffb"', "text.control", raw=("\uffff",)),
    _title("never-in-a-far-plane", '"a\U0001fffeb"', "text.control", raw=("\U0001fffe",)),
    _title("hidden-formula", '"\u200b@SUM(1)"'),
)
DATES = (
    _date("no-zone", "2026-02-20 16:53:00", "date.no_zone", publish="normalise",
          fields={"published_at": "2026-02-20T16:53:00Z"}),
    _date("offset-minutes", "2026-02-20T16:53:00.25+05:45",
          fields={"published_at": "2026-02-20T11:08:00.250000Z"}),
    _date("leap-second", "2016-12-31T23:59:60Z", "date.invalid", publish="blocked"),
    _date("zero", "0000-00-00", "date.invalid", fields={"published_at": None}),
    _date("american", "02/20/2026", "date.invalid", fields={"published_at": None}),
    _date("epoch", "1582217580", "date.invalid", fields={"published_at": None}),
    _date("arabic-digits", "٢٠٢٦-٠٢-٢٠", "date.invalid", fields={"published_at": None}),
    _date("before-time", "9999-12-31T23:59:59-14:00", "date.invalid"),
    _date("year-one", "0001-01-01T00:00:00Z", "date.implausible"),
    _date("last-year", "9999-12-31T23:59:59Z", "date.implausible"),
    _date("absent", None, "date.missing", publish="blocked"),
)  # fmt: skip
FLAGS = (
    _published("list", "[false]", True, "published.type"),
    _published("quoted-no", "'no'", True, "published.type"),
    _published("zero", "0", True, "published.type"),
    _published("plain-no", "no", False, "bool.form"),
    _published("tagged-text", "!!str false", False, "published.type"),
    _published("empty-map", "{}", True, "published.type"),
    _case("published-anchored", values={"published": "&p false"}, locked=True),
    _case(
        "published-shared", values={"heat": "38\nnote: &p false", "published": "*p"}, locked=True
    ),
    _case("removed-yes", "bool.form", more="removed: yes", fields={"removed": True}),
)
NUMBERS = (
    _quality("exponent", "1e3", None, "quality.type", publish="blocked"),
    _quality("decimal", "38.0", None, "quality.type", publish="blocked"),
    _quality("true", "true", None, "quality.type", publish="blocked"),
    _quality("sexagesimal", "1:30", None, "quality.type", publish="blocked"),
    _quality("plus", "+38", 38, "int.form"),
    _quality("binary", "0b100110", 38, "int.form"),
    _quality("wide-digits", "３８", None, "quality.type", publish="blocked"),
    _quality("huge", "9" * 5000, None, "quality.range"),
    _case("heat-decimal", "heat.type", values={"heat": "38.5"}, publish="blocked"),
    _case("heat-null", "heat.type", values={"heat": "~"}, publish="blocked"),
)
ADDRESSES = (
    _url("credentials", "https://bank.example:443@evil.example/", "url.credentials", href=None),
    _url("decimal-host", "http://2130706433/", "url.private_host", href=None),
    _url("hex-host", "http://0x7f.1/", "url.private_host", href=None),
    _url("mapped", "http://[::ffff:10.0.0.1]/", "url.private_host", href=None),
    _url("translated", "http://[64:ff9b::7f00:1]/", "url.private_host", href=None),
    _url("intranet", "http://wiki/", "url.private_host", href=None),
    _url("home", "http://home.arpa/", "url.private_host", href=None),
    _url("ends-in-a-number", "https://wire.example.0x1/", "url.invalid", href=None),
    _url("six", "https://[2606:4700::1111]:8443/a", href="https://[2606:4700::1111]:8443/a"),
    _url("cyrillic", "https://аррӏе.example/", "url.confusable", href=None),
    _url("punycode", "https://xn--80ak6aa92e.com/", "url.confusable", href=None),
    _url("wide-dot", "https://bank。example/", "url.confusable", href=None),
    _url("umlaut", "https://müller.example/ä", href="https://xn--mller-kva.example/%C3%A4"),
    _url("no-scheme", "//evil.example/", "url.invalid", href=None),
    _url("port", "https://wire.example:99999/", "url.invalid", href=None),
    _url("endless-port", f"https://wire.example:{'9' * 5000}/", "url.invalid", href=None),
    _url("port-with-zeros", f"https://wire.example:{'0' * 5000}8443/", "url.long"),
    _url("tab", "java\\tscript:alert(1)", "url.unsafe", href=None, raw=("java\tscript:",)),
    _url("source", "view-source:https://wire.example/", "url.unsafe", href=None),
    _url("percent", "https://wire.example/100%", href="https://wire.example/100%25"),
    _url("endless", "https://wire.example/" + "a" * 70_000, "url.long"),
    _case("url-list", "url.invalid", "url.missing", values={"webUrl": "\n  - https://a.example"}),
)
_YOUTUBE = "https://www.youtube.com/embed/WJk-Y8LQlfE"
PLAYERS = (
    _player("plain", f'<iframe width="560" src="{_YOUTUBE}" allowfullscreen></iframe>'),
    _player("capitals", f'<IFRAME SRC="{_YOUTUBE}"></IFRAME>', "featured.untrusted",
            publish="blocked", raw=("<IFRAME",)),
    _player("handler", f'<iframe src="{_YOUTUBE}" onload="alert(3)"></iframe>',
            "featured.untrusted", raw=('onload="alert',)),
    _player("playlist", '<iframe src="https://www.youtube.com/embed/videoseries?list=x"></iframe>',
            "featured.untrusted"),
    _player("two", f'<iframe src="{_YOUTUBE}"></iframe>' * 2, "featured.untrusted"),
    _player("entity", '<iframe src="https://www.youtube.com/embed/WJk-Y8LQlf&#69;"></iframe>',
            "featured.untrusted"),
)  # fmt: skip
_PICTURE = "https://img.example/a.jpg"
LISTS = (
    _case("topics-twice", "topics.duplicate", values={"topics": "[Café, CAFE\u0301]"},
          fields={"topics": ["Café"]}),
    _case("topics-nulls", "topics.empty", values={"topics": "[~, AI, '']"},
          fields={"topics": ["AI"]}),
    _case("topics-unseen", "topics.empty", values={"topics": '[AI, "\u200b\u2060"]'},
          fields={"topics": ["AI"]}),
    _case("topics-space", "topics.space", values={"topics": '[" AI"]'}),
    _case("topics-colon", "topics.type", values={"topics": "\n  - AI: Vision"}),
    _case("topics-endless", values={"topics": f"[{'x' * 5000}]"}),
    _case("provider-empty", "provider.no_name", values={"provider": "{}"}),
    _case("provider-unseen", "provider.no_name",
          values={"provider": '\n  name: "\u200b"\n  domain: a.example'}),
    _case("provider-blank", "provider.missing", values={"provider": '"\u2060"'}),
    _case("provider-imitated", "url.confusable", publish="blocked",
          values={"provider": "\n  name: A\n  domain: аррӏе.com"}),
    _case("provider-local", "provider.domain", publish="blocked",
          values={"provider": "\n  name: A\n  domain: localhost"}),
    _case("provider-endless", values={"provider": f"\n  name: {'x' * 5000}\n  domain: a.example"}),
    _case("images-mapping", "images.type", publish="blocked",
          more=f"images:\n  url: {_PICTURE}\n  width: 1\n  height: 1"),
    _case("images-text", "images.type", publish="blocked", more=f"images: {_PICTURE}"),
    _case("images-float", "images.type", "image.size", publish="blocked",
          more=f"images:\n  - url: {_PICTURE}\n    width: 1.5\n    height: 1"),
    _case("images-bool", "images.type", "image.size", publish="blocked",
          more=f"images:\n  - url: {_PICTURE}\n    width: true\n    height: 1"),
    _case("images-number", "url.invalid", publish="blocked",
          more="images:\n  - url: 5\n    width: 1\n    height: 1"),
    _case("images-router", "image.private_host", publish="blocked",
          more="images:\n  - url: //192.168.0.1/x.png\n    width: 1\n    height: 1"),
    _case("related-alias", "related.duplicate", fields={"related_count": 2, "linked_count": 1},
          more="r: &r {title: A, webUrl: 'https://a.example/r'}\nrelated: [*r, *r]"),
    _case("related-many", fields={"related_count": 1000}, more="related:\n" + "\n".join(
        f"  - title: Part {n}\n    webUrl: https://parts.example/{n}" for n in range(1000))),
    _case("related-lists", "related.type", more="related:\n  - [a, b]\n  - 5\n  - ~",
          fields={"linked_count": 0}),
    _case("related-empty-map", "related.type", "related.no_url", "related.fields",
          more="related: {}", locked=True),
    _case("related-router", "url.private_host", publish="blocked",
          more="related:\n  - title: A\n    webUrl: http://127.1/"),
    _case("secured-list", "secured.malformed", more=f"secured: ['{CIPHER}', b]", raw=(CIPHER,)),
    _case("secured-mapping", "secured.malformed", more="secured: {a: aGlkZGVuIHRleHQ}",
          raw=("aGlkZGVuIHRleHQ",)),
    _case("secured-escaped", more=f'secured: "{CIPHER[:9]}\\\n  {CIPHER[9:]}"', raw=(CIPHER,)),
)  # fmt: skip
KEYS = (
    _case("key-twice-inside", "key.duplicate", locked=True, fields={"provider": "B"},
          values={"provider": "\n  name: A\n  name: B\n  domain: b.example"}),
    _case("key-twice-quoted", "key.duplicate", locked=True, fields={"title": "Last"},
          more='"title": Last'),
    _case("key-twice-unknown", "key.duplicate", locked=True, more="note: 1\nnote: 2"),
    _case("key-twice-number", "key.duplicate", locked=True, more="5: a\n5: b"),
    _case("key-twice-null", "key.duplicate", locked=True, more="~: a\n~: b"),
    _case("key-twice-deep", "key.duplicate", locked=True, more="note:\n  - {a: 1, b: 2, a: 3}"),
    _case("key-twice-in-two-mappings", more="note:\n  - {a: 1}\n  - {a: 2}"),
    _case("key-twice-in-an-entry", "key.duplicate", locked=True, fields={"related_count": 1},
          more="related:\n  - title: A\n    webUrl: https://a.example/x\n    n: 1\n    n: 2"),
    _case("key-of-list", more="? [a, b]\n: x\n5: y\n2026-01-01: z"),
    _case("key-markup", more='"<img src=x onerror=alert(4)>": x', raw=("<img src=x onerror",)),
    _case("key-sitemap", "key.publisher_control", more="sitemap: false", publish="blocked"),
    _case("key-merged", values={"category": "news\nbase: &b {title: Other, heat: 1}\n<<: *b"},
          fields={"title": "A plain headline", "heat": 38}),
    _case("key-merged-below", "key.duplicate", locked=True,
          more="base: &b {title: Other, published: true}\n<<: *b",
          fields={"title": "Other", "published": True}),
    _case("key-merged-nothing", more="<<: {title: Other, published: true}",
          fields={"title": "A plain headline", "published": False}),
)  # fmt: skip
BODIES = (
    _case("body-html", "body.html", body="<script>alert(5)</script>", publish="blocked",
          raw=("<script>alert(5)",)),
    _case("body-attributes", "body.html", body='Text\n{: onclick="alert(6)"}', publish="blocked"),
    _case("body-link", "body.html", body="[x](&#106;avascript:alert(7))", publish="blocked"),
    _case("body-reference", "body.html", body="[x]\n\n[x]: javascript:alert(8)"),
    _case("body-liquid", "body.liquid", body="{% include ../../.env %}", publish="blocked"),
    _case("body-escape", "text.control", body="Text\n\x1b[31mred", raw=("\x1b",)),
    _case("body-turned", "text.bidi_control", body="Text\n\u202egnp.exe", raw=("\u202e",)),
    _case("body-hidden-words", "text.invisible", body="a\U000e0041\U000e0042"),
    _case("body-markdown", body="# Head\n\n* [x](https://a.example/ \"t\") `a < b`\n"),
    _case("body-three-documents", body="title: second\n---\ntitle: third\n...\n",
          fields={"title": "A plain headline"}),
)  # fmt: skip


def _form(name: str, data: bytes | str, *issues: str, **rest: Any) -> Case:
    return Case(name, data.encode() if isinstance(data, str) else data, issues, **rest)


_FILE = story_file("form")
_BRACES = (
    '---\n{title: A, published: false, webUrl: "https://wire.example/braces", quality: 1,\n'
    "heat: 1, publishedDateTime: 2026-02-20T16:53:00Z,\n"
    "provider: {name: A, domain: a.example}}\n---\n"
)
FORMS = (
    _form("braces", _BRACES, locked=True, fields={"title": "A", "published": False}),
    _form("mark-and-crlf", "\ufeff" + _FILE.replace("form", "mark").replace("\n", "\r\n")),
    _form("mixed-line-ends", _FILE.replace("form", "mixed").replace("\n", "\r\n", 4)),
    _form("dots", _FILE.replace("form", "dots").rstrip("-\n") + "\n...\n"),
    _form("no-last-line-end", _FILE.replace("form", "last").rstrip("\n")),
    _form("body-without-text", _FILE.replace("form", "blank") + "\n \n\t\n"),
    _form("classic-mac", _FILE.replace("\n", "\r"), error="no_front_matter", line=1),
    _form("two-marks", "\ufeff\ufeff" + _FILE, error="no_front_matter", line=1),
    _form("utf-32", _FILE.encode("utf-32"), error="not_utf8", line=1),
    _form("shift-jis", story_file("x", {"title": '"日本語"'}).encode("shift-jis"),
          error="not_utf8", line=3),
    _form("cesu", _FILE.encode().replace(b"plain", b"\xed\xa0\xbd", 1), error="not_utf8", line=3),
    _form("raw-c1", story_file("x", {"title": '"a\x9bb"'}),
          error="control_character", line=3),
    _form("escaped-nul", story_file("x", {"title": r'"a\0b"'}),
          error="control_character", line=3),
    _form("beyond-unicode", story_file("x", {"title": r'"\U00110000"'}),
          error="invalid_unicode", line=3),
    _form("pair-of-halves", story_file("x", {"title": r'"\ud83d\ude00"'}),
          error="invalid_unicode", line=3),
    _form("tab-for-indent", story_file("x", {"provider": "\n\tname: A"}),
          error="yaml_syntax", line=12),
    _form("asterisk", story_file("x", {"title": "*best* of all"}),
          error="yaml_syntax", line=3),
    _form("percent", story_file("x", {"title": "%x"}),
          error="yaml_syntax", line=3),
    _form("question", story_file("x", {"title": "? really"}),
          error="yaml_syntax", line=3),
    _form("set-tag", story_file("x", more="x: !!python/tuple [1]"), error="unsafe_tag", line=16),
    _form("binary-tag", story_file("x", {"title": "!!binary aGk="}),
          error="unsafe_tag", line=3),
    _form("recursion", story_file("x", more="x: &x [*x]"), error="recursive_alias", line=16),
    _form("laughs", story_file("x", more="a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "\n".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in pairwise("abcdefghi"))),
        error="expansion_limit"),
    _form("deep", story_file("x", more="x: " + "[" * 100_000), error="too_deep", line=16),
    _form("deep-pairs", story_file("x", more="x: " + "{a: " * 5000), error="too_deep", line=16),
    _form("heavy", story_file("x", {"excerpt": f'"{"x" * 1_000_000}"'}),
          error="file_too_large"),
    _form("nothing-but-marks", "---\n---\n", error="empty_front_matter", line=1),
    _form("json", '{"title": "x"}\n', error="no_front_matter", line=1),
    _form("toml", '+++\ntitle = "x"\n+++\n', error="no_front_matter", line=1),
    _form("conflict", "---\n<<<<<<< ours\ntitle: a\n=======\ntitle: b\n>>>>>>> theirs\n---\n",
          error="merge_conflict_markers", line=2),
)  # fmt: skip


def _name(name: str, file: str, *issues: str, **rest: Any) -> Case:
    return Case(f"name-{name}", story_file(f"name-{name}").encode(), issues, name=file, **rest)


NAMES = (
    _name("longest", f"2026-02-20-{'n' * 241}.md"),
    _name("case", "2026-02-20-Title-Template.md"),
    _name("accents", "2026-02-20-café.md"),
    _name("rtl", "2026-02-20-\u202egpj.md", "name.unsafe", publish="blocked", raw=("\u202egpj",)),
    _name("invisible", "2026-02-20-a\u200bb.md", "name.unsafe"),
    _name("hyphen", "2026-02-20-a\u00adb.md", "name.unsafe"),
    _name("line", "2026-02-20-a\nb.md", "name.unsafe", raw=("a\nb.md",)),
    _name("markup", "2026-02-20-<b onclick=alert(9)>.md", "name.unsafe", raw=("<b onclick",)),
    _name("slash", "2026-02-20-..%2f..%2fx.md", "name.unsafe", publish="blocked"),
    _name("ampersand", "2026-02-20-a&b;c|d.md", "name.unsafe"),
    _name("option", "-rf.md", "name.unsafe", "name.no_date"),
    _name("undated", "readme.md", "name.no_date"),
    _name("calendar", "2026-02-30-a.md", "name.bad_date"),
    _name("text", "2026-02-20-a.txt", "name.extension"),
)

CASES: tuple[Case, ...] = (
    *TITLES, *DATES, *FLAGS, *NUMBERS, *ADDRESSES, *PLAYERS, *LISTS, *KEYS, *BODIES, *FORMS, *NAMES,
)  # fmt: skip
REFUSED = tuple(case for case in CASES if case.error)
ACCEPTED = tuple(case for case in CASES if not case.error)
