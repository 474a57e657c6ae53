"""The cast: one person of every role, and a client for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, User
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import timezone
from hypothesis import settings

from articles.roles import install_roles
from tests import laws
from tests.factories import restart_numbers

settings.load_profile(laws.PROFILE)
PASSWORD = "correct horse battery staple"


@receiver(post_migrate, dispatch_uid="roles of the cast")
def give_roles(sender: AppConfig, **_: object) -> None:
    """The roles are there in every test, also after one that emptied the database."""
    if sender == [app for app in apps.get_app_configs() if app.models_module][-1]:
        install_roles()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser's tests: they take longest and mostly wait."""
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder with the real content, or skip."""
    folder = os.environ.get("NEWSDESK_CORPUS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("NEWSDESK_CORPUS names no folder of real content")
    return Path(folder)


@pytest.fixture(autouse=True)
def fresh_start() -> Iterator[None]:
    """Every test begins in UTC and counts its stories from one, whatever another one left."""
    timezone.deactivate()
    restart_numbers()
    yield
    timezone.deactivate()


@pytest.fixture
def make_user(db: None) -> Callable[[str], User]:
    """Create a user of a role; any other word gives a user without a role."""

    def make(role: str, username: str = "") -> User:
        user = User.objects.create_user(username or role, password=PASSWORD)
        user.groups.set(Group.objects.filter(name=role))
        if role == "chief":
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        return user

    return make


@pytest.fixture
def reader(make_user: Callable[[str], User]) -> User:
    return make_user("reader")


@pytest.fixture
def editor(make_user: Callable[[str], User]) -> User:
    return make_user("editor")


@pytest.fixture
def publisher(make_user: Callable[[str], User]) -> User:
    return make_user("publisher")


@pytest.fixture
def chief(make_user: Callable[[str], User]) -> User:
    return make_user("chief")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A client logged in as a user."""

    def login(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return login
