"""What a list costs, measured inside one process: its rows, and the whole answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import tallies
from articles.listing import SHORT_PATIENCE, Listing
from articles.models import Provider, Story, Topic
from articles.roles import install_roles
from articles.selection import Selection
from tests.benchmarks import plain
from tests.benchmarks.filling import word
from tests.benchmarks.timing import Seconds, clock, fastest

LIST, ADMIN, EMPTY = "/stories/", "/admin/articles/story/", "/healthz"
QUARTER = timedelta(days=91)

OTHERS = (
    "quality_min=119&has_amp=yes&sort=biggest",
    "heat_min=90&heat_max=91&kind=video&sort=oldest",
    "q=w00001+w00002&sort=best&quality_max=3",
    "not_queue=below&not_queue=published&not_queue=inbox&has_image=no",
    "size=many&has_related=no",
)
"""Combinations that no index answers in their order: a time limit bounds them."""

LIMIT = settings.STATEMENT_TIMEOUT_MS / 1000 + 3 * SHORT_PATIENCE
"""Seconds that a list may take at the most: its page; then its count, that of a bulk action and
the filters, which a page can do without.
"""

LIMITED = re.compile(r"^SET LOCAL statement_timeout TO \d+;")

Result = dict[str, Any]


def pages() -> dict[str, str]:
    """The query strings of the lists that are measured, by what they are called."""
    topic = Topic.objects.order_by("id").values_list("pk", flat=True)
    rare = topic.last()
    provider = Provider.objects.order_by("id").values_list("pk", flat=True).first()
    here = Story.objects.order_by("-listed_at", "-id").values_list("listed_at", "id")
    at, pk = here[Story.objects.count() // 2]
    deep = QueryDict(mutable=True)
    deep["page"] = f"after~{at.isoformat()}~{pk}"
    return {
        "newest": "",
        "a queue": "queue=below",
        "topic and queue": f"topic={topic.first()}&queue=below",
        "rare topic and queue": f"topic={rare}&queue=below",
        "provider": f"provider={provider}",
        "hottest": "sort=hottest",
        "hottest of a queue": "queue=below&sort=hottest",
        "deep page": deep.urlencode(),
        "search, two common words": f"q={word(1)}+{word(2)}",
        "search, a rare word": f"q={word(2_000)}",
        "quality and picture": "quality_min=60&has_image=yes",
    }


def measure(times: int) -> Result:
    """Queries and seconds of every list, and seconds of an answer that asks nothing.

    Everything is called so many times in turn, and its fastest call counts: what is compared was
    disturbed by the same other work.
    """
    client, chief = Client(), Client()
    client.force_login(publisher())
    chief.force_login(superuser())
    lists = {name: _counted(client, query) for name, query in pages().items()}
    calls: dict[str, Callable[[], object]] = {
        "empty": lambda: got(client, EMPTY),
        "admin": lambda: got(chief, ADMIN),
    }
    for name, query in pages().items():
        calls[f"rows {name}"] = lambda query=query: rows_of(query)
        calls[f"answer {name}"] = lambda query=query: got(client, f"{LIST}?{query}")
    found = fastest(calls, times)
    for name, each in lists.items():
        each["row_seconds"], each["answer_seconds"] = found[f"rows {name}"], found[f"answer {name}"]
    recent = quarter()
    large = {
        "facets": lambda: tallies.topics_by_index(recent),
        "grouped": lambda: plain.by_topic(recent.since),
        "offset": lambda: plain.by_offset(Story.objects.count() // 2),
    }
    return {
        "stories": Story.objects.count(),
        "lists": lists,
        "empty": found["empty"],
        "admin": found["admin"],
        "others": {query: _once(client, query) for query in OTHERS},
        "limit": LIMIT,
        **fastest(large, max(2, times // 3)),
    }


def publisher() -> User:
    """Somebody who may decide."""
    install_roles()
    user, _ = User.objects.get_or_create(username="benchmark")
    user.groups.set(Group.objects.filter(name="publisher"))
    return user


def superuser() -> User:
    """Somebody who sees the admin."""
    user, _ = User.objects.get_or_create(
        username="benchmark-chief", is_staff=True, is_superuser=True
    )
    return user


def got(client: Client, address: str) -> bytes:
    """A page; raises RuntimeError where it is not the page that was to be measured."""
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
    return response.content


def _counted(client: Client, query: str) -> Result:
    got(client, f"{LIST}?{query}")
    with CaptureQueriesContext(connection) as rows:
        found = len(rows_of(query))
    with CaptureQueriesContext(connection) as facets:
        _ = Listing(QueryDict(query)).filter_facets
    with CaptureQueriesContext(connection) as answer:
        client.get(f"{LIST}?{query}")
    return {
        "rows": found,
        "row_queries": len(rows),
        "facet_queries": _questions(facets),
        "answer_queries": _questions(answer),
    }


def rows_of(query: str) -> list[dict[str, Any]]:
    """What the list of a query string shows, as the page asks for it."""
    return Listing(QueryDict(query)).page.rows


def quarter() -> Selection:
    """What is not live of the three months up to the newest story."""
    newest = Story.objects.order_by("-listed_at").values_list("listed_at", flat=True)[0]
    return Selection().filter(published__in=[False]).within(since=newest - QUARTER)


def _once(client: Client, query: str) -> Seconds:
    with clock() as time:
        client.get(f"{LIST}?{query}")
    return {"wall": time.wall, "cpu": time.cpu}


def _questions(captured: CaptureQueriesContext) -> int:
    """Statements that read or write, without those that open and close transactions.

    On PostgreSQL a limit of time travels before a statement.
    """
    asked = (LIMITED.sub("", query["sql"]) for query in captured.captured_queries)
    verbs = Counter(sql.split(None, 1)[0] for sql in asked)
    return sum(verbs[verb] for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
