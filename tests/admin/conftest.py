"""A chief at the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def admin(chief: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(chief)
