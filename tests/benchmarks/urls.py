"""The desk's addresses, and one of a plain list to compare with."""

from django.urls import path

from newsdesk.urls import handler500, urlpatterns
from tests.benchmarks.plain import view

urlpatterns = [*urlpatterns, path("plain/", view)]
__all__ = ["handler500", "urlpatterns"]
