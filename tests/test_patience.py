"""The limit to the time a question may take."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from articles.busy import SLOW, fault_of
from articles.models import Site
from articles.patience import TooSlowError, patience
from tests.factories import make_site

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT COUNT(*) FROM n"
)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


@pytest.mark.django_db
def test_stops_a_question_and_leaves_the_database_usable() -> None:
    make_site()
    with pytest.raises(TooSlowError), transaction.atomic(), patience(0.1):
        run(ENDLESS)
    assert Site.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_stops_a_question_outside_of_any_transaction() -> None:
    with pytest.raises(TooSlowError), patience(0.1):
        run(ENDLESS)
    assert Site.objects.count() == 0


@pytest.mark.django_db
def test_lets_a_quick_question_pass() -> None:
    with patience():
        assert Site.objects.count() == 0


@pytest.mark.django_db
def test_takes_its_limit_with_it() -> None:
    with patience(0.2):
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
    else:
        long = ENDLESS.replace("2000000000", "3000000")
        run(long)


@pytest.mark.django_db
def test_asks_nothing_of_its_own(django_assert_num_queries: Any) -> None:
    make_site()
    with django_assert_num_queries(2), patience():
        assert [site.slug for site in Site.objects.all()] == ["harbour"]
        assert Site.objects.filter(slug="%").count() == 0


@pytest.mark.django_db
def test_lets_a_long_result_be_read_piece_by_piece() -> None:
    make_site()
    with patience():
        assert [site.slug for site in Site.objects.iterator(chunk_size=1)] == ["harbour"]


@pytest.mark.django_db
def test_obeys_the_outer_limit_inside_another() -> None:
    with pytest.raises(TooSlowError), transaction.atomic(), patience(0.1), patience(60):
        run(ENDLESS)
    with patience(60):
        assert Site.objects.count() == 0


def test_is_a_fault_with_a_page_of_its_own() -> None:
    assert fault_of(TooSlowError()) is SLOW


@pytest.mark.django_db
def test_passes_other_errors_on() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), patience():
        run("SELECT * FROM no_such_table")
