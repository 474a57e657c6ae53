"""Which addresses may be linked, what is wrong with the others, and which are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.weburl import (
    MAX_LENGTH,
    is_private_host,
    match_key,
    picture_href,
    registrable_domain,
    safe_href,
    url_key,
    url_problem,
    youtube_id,
)

PLAYER = (
    '<iframe width="800" height="500" frameborder="0" '
    'src="https://www.youtube.com/embed/a1B2c3D4e5F" '
    'allow="accelerometer; autoplay; encrypted-media" allowfullscreen></iframe>'
)


@pytest.mark.parametrize(
    "url",
    [
        "https://lantern.example/2021/owls",
        "http://lantern.example",
        "https://lantern.example:8443/a?b=c#d",
        "HTTPS://Lantern.Example/Owls",
        "https://lantern.example./owls",
        "https://lantern.example/press office/owls",
        "https://lantern.example/caf\u00e9?q=\u00fcber|x",
        'https://lantern.example/?q="><b>',
        "https://b\u00fccher.example/",
        "https://\u4f8b\u3048.example/",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/x",
        "https://lantern.example/@writer/owls",
        "https://lantern.example/" + "a" * 4000,
    ],
)
def test_finds_nothing_wrong_with_an_ordinary_address(url: str) -> None:
    assert url_problem(url) is None
    assert safe_href(url)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("javascript:alert(1)", "url.unsafe"),
        (" \tJaVaScRiPt:alert(1)", "url.unsafe"),
        ("java\nscript:alert(1)", "url.unsafe"),
        ("\x01javascript:alert(1)", "url.unsafe"),
        ("data:text/html,<b>", "url.unsafe"),
        ("vbscript:x", "url.unsafe"),
        ("blob:https://lantern.example/1", "url.unsafe"),
        ("file:///etc/hosts", "url.unsafe"),
        ("ftp://lantern.example/a", "url.invalid"),
        ("mailto:desk@lantern.example", "url.invalid"),
        ("/2021/owls", "url.invalid"),
        ("//lantern.example/owls", "url.invalid"),
        ("lantern.example/owls", "url.invalid"),
        ("https:/lantern.example", "url.invalid"),
        ("https:///owls", "url.invalid"),
        ("https:\\\\lantern.example\\x", "url.invalid"),
        ("https://lantern.example\\@trap.example/", "url.invalid"),
        ("https://lantern.example/a\r\nSet-Cookie: a=b", "url.invalid"),
        ("https://lantern.example/\u202egpj.exe", "url.invalid"),
        ("https://lantern.example:99999/", "url.invalid"),
        ("https://lantern.example:port/", "url.invalid"),
        ("https://lan tern.example/", "url.invalid"),
        ("https://-.example/", "url.invalid"),
        ("https://[::zz]/", "url.invalid"),
        ("   ", "url.invalid"),
        ("https://www.lantern.example@trap.example/x", "url.credentials"),
        ("https://user:secret@lantern.example/", "url.credentials"),
        ("https://l\u0430ntern.example/", "url.confusable"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.example/", "url.confusable"),
        ("https://xn--80ak6aa92e.example/", "url.confusable"),
        ("https://\uff4cantern.example/", "url.confusable"),
        ("https://lan\u200btern.example/", "url.confusable"),
        ("http://localhost/x", "url.private_host"),
        ("http://intranet/x", "url.private_host"),
        ("http://printer.local/", "url.private_host"),
        ("http://127.0.0.1:631/", "url.private_host"),
        ("http://127.1/", "url.private_host"),
        ("http://2130706433/", "url.private_host"),
        ("http://0x7f.1/", "url.private_host"),
        ("http://0177.0.0.1/", "url.private_host"),
        ("http://169.254.169.254/latest/", "url.private_host"),
        ("http://10.1.2.3/", "url.private_host"),
        ("http://[::1]/", "url.private_host"),
        ("http://[::ffff:10.0.0.1]:80/", "url.private_host"),
        ("http://[::127.0.0.1]/", "url.private_host"),
        ("https://lantern.example:" + "9" * 5_000, "url.invalid"),
        ("https://lantern.example:0000/", "url.invalid"),
        ("https://lantern.example/" + "a" * MAX_LENGTH, "url.long"),
        ("https://lantern.example/\u00fc" + "a" * MAX_LENGTH, "url.long"),
    ],
)
def test_names_what_is_wrong_with_an_address(url: str, problem: str) -> None:
    assert url_problem(url) == problem
    assert problem == "url.long" or safe_href(url) is None


def test_takes_a_name_in_its_own_script_for_no_imitation() -> None:
    assert url_problem("https://\u043f\u043e\u0447\u0442\u0430.\u0440\u0444/") is None
    assert url_problem("https://\u0441\u043e\u0440.\u0440\u0444/") is None


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://lantern.example/a b", "https://lantern.example/a%20b"),
        ("https://lantern.example/a%20b?c=%C3%BC", "https://lantern.example/a%20b?c=%C3%BC"),
        ("https://lantern.example/50%", "https://lantern.example/50%25"),
        ("https://lantern.example/owl\u2019s", "https://lantern.example/owl%E2%80%99s"),
        ("https://b\u00fccher.example:81/", "https://xn--bcher-kva.example:81/"),
        (" https://lantern.example/a ", "https://lantern.example/a"),
        ('https://lantern.example/?q="<', "https://lantern.example/?q=%22%3C"),
        ("HTTP://lantern.example/a#b#c", "http://lantern.example/a#b%23c"),
    ],
)
def test_encodes_an_address_for_a_link(url: str, href: str) -> None:
    assert safe_href(url) == href


def test_links_nothing_where_there_is_no_address() -> None:
    assert safe_href(None) is None
    assert safe_href("") is None


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://lantern.example/"]))
def test_never_links_anything_but_plain_http_in_ascii(text: str, start: str) -> None:
    href = safe_href(start + text)
    if href is not None:
        assert href.startswith(("http://", "https://"))
        assert href.isascii()
        assert not set(href) & set(' "<>\\\r\n\t`{}|^')
        assert safe_href(href) == href
        assert match_key(start + text)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("lantern.example", False),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("desk.internal", True),
        ("1.2.3.4", False),
        ("192.168.0.1", True),
        ("100.64.0.1", True),
        ("224.0.0.1", True),
        ("[2001:4860:4860::8888]", False),
        ("fe80::1", True),
        ("::ffff:192.168.0.1", True),
        ("256.1.1.1", False),
        ("1.2.3.4.5", False),
    ],
)
def test_knows_a_private_host_in_every_spelling(host: str, private: bool) -> None:
    assert is_private_host(host) is private


def test_gives_an_address_one_key_for_its_exact_text() -> None:
    key = url_key("https://lantern.example/owls")
    assert len(key) == 32
    assert int(key, 16) >= 0
    assert key == url_key("https://lantern.example/owls")
    assert key != url_key("https://lantern.example/owls/")
    assert url_key("\ud800")


@pytest.mark.parametrize(
    "other",
    [
        "http://lantern.example/owls/",
        "https://www.lantern.example/owls",
        "https://LANTERN.example/owls#count",
        "https://lantern.example/owls?utm_source=mail&fbclid=1",
        "https://lantern.example/amp/owls",
        "https://lantern.example/owls/amp/",
        "https://amp.lantern.example/owls?amp=1",
        "https://lantern-example.cdn.ampproject.org/c/s/lantern.example/owls/amp",
        "https://www.google.com/amp/s/lantern.example/owls",
        "https://lantern.example:443/owls",
        "https://lantern.example/owls/index.html",
    ],
)
def test_matches_the_forms_of_one_address(other: str) -> None:
    assert match_key(other) == match_key("https://lantern.example/owls")


@pytest.mark.parametrize(
    "other",
    [
        "https://lantern.example/Owls",
        "https://lantern.example/owls?page=2",
        "https://lantern.example/owls-2",
        "https://news.lantern.example/owls",
        "https://lantern2.example/owls",
    ],
)
def test_keeps_different_addresses_apart(other: str) -> None:
    assert match_key(other) != match_key("https://lantern.example/owls")


def test_matches_nothing_that_cannot_be_linked() -> None:
    assert match_key("javascript:alert(1)") == ""
    assert match_key("") == ""


def test_matches_query_parameters_in_any_order() -> None:
    one = match_key("https://lantern.example/story?id=7&lang=de")
    assert one == match_key("https://lantern.example/story?lang=de&id=7")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.lantern.co.uk", "lantern.co.uk"),
        ("news.lantern.com", "lantern.com"),
        ("lantern.example", "lantern.example"),
        ("www.lantern.example", "lantern.example"),
        ("a.b\u00fccher.de", "xn--bcher-kva.de"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_finds_the_domain_one_registers(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    "html",
    [
        PLAYER,
        '<iframe src="https://www.youtube.com/embed/a1B2c3D4e5F"></iframe>',
        ' <iframe src="https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0"></iframe>\n',
    ],
)
def test_recognises_a_youtube_player(html: str) -> None:
    assert youtube_id(html) == "a1B2c3D4e5F"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "just words",
        PLAYER + "<script>alert(1)</script>",
        PLAYER + PLAYER,
        PLAYER.replace("<iframe ", '<iframe onload="alert(1)" '),
        PLAYER.replace("<iframe ", '<iframe srcdoc="x" '),
        PLAYER.replace("<iframe ", '<iframe src="https://trap.example/" '),
        PLAYER.replace("https:", "http:"),
        PLAYER.replace("https:", ""),
        PLAYER.replace("youtube.com/", "youtube.com.trap.example/"),
        PLAYER.replace("www.youtube.com", "www.youtube.com@trap.example"),
        PLAYER.replace("/embed/a1B2c3D4e5F", "/redirect?q=x"),
        PLAYER.replace("a1B2c3D4e5F", "a1B2c3D4e5F/../x"),
        PLAYER.replace("a1B2c3D4e5F", "short"),
        PLAYER.replace("></iframe>", ">words</iframe>"),
        PLAYER.replace('src="', "src='").replace('5F"', "5F'"),
        "<iframe></iframe>",
        "<svg><script>alert(1)</script></svg>",
    ],
)
def test_recognises_nothing_else_as_a_player(html: str) -> None:
    assert youtube_id(html) is None


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://img.herald.example/a b.png", "https://img.herald.example/a%20b.png"),
        ("http://img.herald.example/a.png", ""),
        ("https://127.0.0.1/a.png", ""),
        ("https://intranet/a.png", ""),
        ("https://[::1]/a.png", ""),
        ("https://me:secret@img.herald.example/a.png", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_lets_a_browser_load_pictures_of_public_hosts_by_https_alone(
    url: str | None, href: str
) -> None:
    assert picture_href(url) == href


@pytest.mark.parametrize(
    "inside", ["lantern.example:one/", ":", "::1/a", "[lantern.example", "a.example:" + "9" * 5_000]
)
@pytest.mark.parametrize("cache", ["https://x.cdn.ampproject.org/c/s/", "https://google.com/amp/"])
def test_matches_what_is_no_address_inside_a_cache_by_the_cache(cache: str, inside: str) -> None:
    assert match_key(cache + inside).startswith(cache[8:15])


def test_matches_an_address_whose_port_python_does_not_read() -> None:
    padded = f"https://lantern.example:{'0' * 5_000}443/bells"
    assert match_key(padded) == match_key("https://lantern.example/bells")
