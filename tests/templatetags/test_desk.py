"""The tags as templates use them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.template import Context, Template
from django.test import RequestFactory

from articles.models import Story
from articles.templatetags import desk


def render(source: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    template = Template("{% load desk %}" + source)
    return template.render(Context({"request": request, **context}))


def test_draws_an_icon_as_decoration() -> None:
    html = render('{% icon "inbox" 20 %}')
    assert html.startswith("<svg")
    assert 'width="20"' in html
    assert 'aria-hidden="true"' in html


def test_labels_an_icon_that_means_something() -> None:
    html = render('{% icon "play" label="Video" %}')
    assert 'role="img"' in html
    assert 'aria-label="Video"' in html


def test_escapes_the_label_of_an_icon() -> None:
    assert "<b" not in render('{% icon "play" label=label %}', label='"><b>')


def test_gives_a_provider_the_same_colour_every_time() -> None:
    first = render("{% monogram name %}", name="Harbour Post")
    assert first == render("{% monogram name %}", name="Harbour Post")
    assert ">H</span>" in first


@pytest.mark.parametrize(
    ("name", "letter"), [("", "?"), ("«Öst»", "Ö"), ("<b>", "B"), ("ßig", "S")]
)
def test_finds_a_letter_for_every_provider(name: str, letter: str) -> None:
    assert f">{letter}</span>" in render("{% monogram name %}", name=name)


def test_links_to_the_outside_without_trust() -> None:
    html = render('{% safe_link url "AMP" "" "original" %}', url="https://news.example/a?b=1&c=2")
    assert 'href="https://news.example/a?b=1&amp;c=2"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'data-command="original"' in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "//news.example/a",
        "https://user:pw@news.example/",
        "https://news.example/\u202e",
    ],
)
def test_never_links_to_an_unsafe_address(url: str) -> None:
    html = render('{% safe_link url "AMP" %}', url=url)
    assert html.startswith('<span class="url-unsafe">')
    assert "<a" not in html
    assert "<script" not in html


def test_keeps_an_address_inside_its_attribute() -> None:
    html = render("{% safe_link url %}", url='https://news.example/"onmouseover=alert(1)')
    assert 'href="https://news.example/%22onmouseover=alert(1)"' in html


def test_shows_nothing_for_no_address() -> None:
    assert render('{% safe_link url "AMP" %}', url="") == ""


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.news.example/a", "news.example"),
        ("no address", "no address"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_names_the_host(url: str, name: str) -> None:
    assert render("{{ url|host }}", url=url) == name


def test_separates_thousands() -> None:
    assert render("{{ count|number }}", count=4909) == "4,909"
    assert render("{{ count|number }}", count="1,000+") == "1,000+"


def test_marks_where_one_is() -> None:
    link = '{% nav_link "articles:story_list" "Stories" "inbox" %}'
    assert 'aria-current="page"' in render(link, "/stories/")
    assert 'aria-current="true"' in render(link, "/stories/7/")
    assert "aria-current" not in render(link, "/")


def test_takes_one_value_out_of_the_query() -> None:
    path = "/stories/?topic=a%26b&topic=c&page=after~1~2&q=ferry"
    assert render('{% without "topic" "a&b" %}', path) == "?topic=c&amp;q=ferry"
    assert render('{% without "topic" %}', path) == "?q=ferry"


def test_takes_the_last_value_out_with_its_name() -> None:
    assert render('{% without "topic" "a" %}', "/stories/?topic=a") == "?"


def test_keeps_only_the_queue_of_a_filtered_list() -> None:
    path = "/stories/?queue=inbox&topic=3&page=x&site=harbour"
    assert render('{% only "queue" "site" %}', path) == "?queue=inbox&amp;site=harbour"


def test_carries_parameters_in_hidden_inputs() -> None:
    html = render(
        "{% kept_beside names %}", "/stories/?queue=%22%3E%3Cb%3E&topic=3", names=["topic"]
    )
    assert html == '<input type="hidden" name="queue" value="&quot;&gt;&lt;b&gt;">'


def test_spells_the_name_of_a_count() -> None:
    assert render("{{ name|spaced }}", name="with_issues") == "with issues"


def test_shortens_a_person_to_initials() -> None:
    assert desk.initials(User(username="mo", first_name="Maya", last_name="Okafor")) == "MO"
    assert desk.initials(User(username="jonas")) == "JO"
    assert desk.initials(AnonymousUser()) == ""


def test_has_an_icon_for_every_verb() -> None:
    from articles.models.change import Verb

    for verb in Verb.values:
        assert render("{% icon verb|verb_icon %}", verb=verb).startswith("<svg")


class Perms(dict[str, dict[str, bool]]):
    """Stands where the permissions of the request's user stand."""


def perms(*, publish: bool) -> Perms:
    return Perms(articles={"publish_stories": publish, "edit_stories": publish})


def test_switches_a_story_for_a_publisher() -> None:
    story = Story(pk=3, path="a.md", title="Ferry", version=2, published=False)
    html = render("{% live_switch story %}", story=story, perms=perms(publish=True))
    assert 'formaction="/stories/3/publish/"' in html
    assert "hx-post" not in html


@pytest.mark.parametrize(
    "story",
    [
        Story(pk=3, path=None),
        Story(pk=3, path="a.md", locked=True),
        Story(pk=3, path="a.md", publish_gate="blocked"),
    ],
)
def test_fixes_the_switch_where_publishing_would_be_refused(story: Story) -> None:
    html = render("{% live_switch story %}", story=story, perms=perms(publish=True))
    assert "<button" not in html


def test_fixes_the_switch_for_readers() -> None:
    story = Story(pk=3, path="a.md", published=True)
    html = render("{% live_switch story %}", story=story, perms=perms(publish=False))
    assert "<button" not in html
    assert 'aria-label="Live"' in html


def test_a_cell_that_heads_nothing_is_no_head() -> None:
    rows = '<tr><th class="original"></th><th>Address</th><th></th></tr>'
    wanted = '<tr><td class="original"></td><th>Address</th><td></td></tr>'
    assert render("{% filter without_empty_heads %}" + rows + "{% endfilter %}") == wanted
    with pytest.raises(TypeError):  # a text is no markup
        render("{{ rows|without_empty_heads }}", rows=rows)
