"""The same lists, counts and searches as one writes them first with plain Django."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from articles.models import Story, StoryTopic, Topic
from articles.pagination import PAGE_SIZE
from articles.search.fulltext import TABLE, story_id
from articles.textmatch import STOP_WORDS

ADMIN = "/admin/articles/story/"
TEN = 10

PAGE = Template(
    """<!doctype html><title>Stories</title><table>{% for story in stories %}<tr>
<td><a href="/stories/{{ story.pk }}/">{{ story.title|truncatechars:80 }}</a>
<td>{{ story.excerpt|truncatechars:120 }}<td>{{ story.provider.name }}
<td>{{ story.published_at|date:"j M Y, H:i" }}<td>{{ story.kind }}<td>{{ story.quality }}
<td>{{ story.heat }}<td>{{ story.published|yesno }}<td>{{ story.queue }}
<td>{{ story.related_count }}<td>{{ story.is_lead|yesno }}
<td>{% for topic in story.topics.all %}{{ topic.name }} {% endfor %}{% endfor %}</table>"""
)
"""Twelve fields of each story."""


def _stories() -> QuerySet[Story]:
    """Instances with what a row shows, newest first."""
    found = Story.objects.select_related("provider").prefetch_related("topics")
    return found.order_by("-listed_at", "-id")


def not_live_of(topic: int) -> list[Story]:
    """The newest of a topic that are not live, through a join, as django-filter asks for them."""
    return list(_stories().filter(topics=topic, published=False)[:PAGE_SIZE])


def not_live_in(topic: int) -> list[Story]:
    """The same by a subquery."""
    of_topic = StoryTopic.objects.filter(topic=topic).values("story")
    return list(_stories().filter(pk__in=of_topic, published=False)[:PAGE_SIZE])


def by_offset(place: int) -> list[dict[str, Any]]:
    """A page as Django's own paginator asks for it."""
    return list(Story.objects.newest_first().for_list()[place : place + PAGE_SIZE])


def page() -> bytes:
    """The newest stories, twelve fields of each."""
    return PAGE.render(Context({"stories": _stories()[:PAGE_SIZE]})).encode()


def view(request: HttpRequest) -> HttpResponse:
    """The same as an answer, behind the same middleware as the desk's list."""
    return HttpResponse(page())


def by_topic(since: Any) -> list[Any]:
    """How many stories of each topic are not live, by a plain join and GROUP BY."""
    wanted = {"published": False, "listed_at__gte": since}
    found = Topic.objects.filter(**{f"story_topics__story__{k}": v for k, v in wanted.items()})
    return list(found.annotate(found=Count("story_topics")).values_list("id", "found"))


def by_topic_again(since: Any) -> list[Any]:
    """The same of the columns that the rows of topics repeat."""
    found = StoryTopic.objects.filter(published=False, listed_at__gte=since)
    return list(found.values("topic").annotate(found=Count("id")).values_list("topic", "found"))


def containing(*words: str) -> QuerySet[Story]:
    """Stories with all of these somewhere in headline or excerpt."""
    found = _stories()
    for word in words:
        found = found.filter(Q(title__icontains=word) | Q(excerpt__icontains=word))
    return found


def like(story: Story) -> list[int]:
    """The ten with any word of a story, best ranked, within seven days: index and join."""
    text = f"{story.title} {story.excerpt}".lower().split()
    words = [word for word in dict.fromkeys(text) if word not in STOP_WORDS and word.isalnum()]
    if connection.vendor == "sqlite":
        matching, asked, best = f"{TABLE} MATCH %s", " OR ".join(f'"{w}"' for w in words), "rank"
    else:
        matching, asked = "words @@ %s::tsquery", " | ".join(f"'{w}'" for w in words)
        best = "ts_rank(words, %s::tsquery) DESC"
    sql = (
        f"SELECT s.id FROM {TABLE} JOIN articles_story s ON s.id = {story_id()} "
        f"WHERE {matching} AND s.listed_at BETWEEN %s AND %s AND s.id <> %s "
        f"ORDER BY {best} LIMIT {TEN}"
    )
    week = timedelta(days=7)
    values = [asked, story.listed_at - week, story.listed_at + week, story.pk]
    with connection.cursor() as cursor:
        cursor.execute(sql, values if connection.vendor == "sqlite" else [*values, asked])
        return [row[0] for row in cursor.fetchall()]


class PlainAdmin(admin.ModelAdmin[Story]):
    """The admin as it comes, with the columns that the desk's has."""

    list_display = ("title", "site", "provider", "listed_at", "quality", "heat", "published",
                    "queue", "issue_count")  # fmt: skip
    list_filter = ("published",)
    list_select_related = ("site", "provider")
    list_per_page = 50
    ordering = ("-listed_at", "-id")


class FilteredAdmin(PlainAdmin):
    """With a filter on a text without choices, and one on topics."""

    list_filter = ("published", "provider_name", "topics")


def admin_list(kind: type[PlainAdmin], user: User) -> bytes:
    """The list of an admin, as it is sent."""
    request = RequestFactory().get(ADMIN)
    request.user = user
    response = kind(Story, admin.site).changelist_view(request)
    return bytes(response.render().content)
