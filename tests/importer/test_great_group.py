"""The largest groups robots make: some 250 stories that every file of the group lists."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.models import Conflict, Coverage, Story
from tests.importer.newsroom import Checkout, entry, found

pytestmark = pytest.mark.django_db

NAMES = [f"m{number:03}" for number in range(259)]
PARTED = NAMES[3:60:10]


def write(checkout: Checkout, groups: list[list[str]], **quality: int) -> None:
    """The files of whole groups as a robot writes them, each led by its best story."""
    rated = {name: 60 + number * 7 % 40 for number, name in enumerate(NAMES)} | quality
    for names in groups:
        lead = min(names, key=lambda name: (-rated[name], name))
        for name in names:
            others = [entry(other, quality=rated[other]) for other in names if other != name]
            heat = rated[name] + 20 * len(others) if name == lead else -1
            checkout.write(name, others, quality=rated[name], heat=heat, published=heat >= 70)


def published_of(group: Coverage) -> list[Story]:
    return list(group.members.filter(published=True))


def test_is_one_conflict_where_the_robot_regroups_what_a_person_arranged(
    checkout: Checkout, chief: User
) -> None:
    write(checkout, [NAMES])
    checkout.run()
    for name in PARTED:
        desk.unlink(found(name), by=chief)
    desk.choose_lead(found("m100"), by=chief)
    write(checkout, [NAMES[:130], NAMES[130:]], m200=120)
    checkout.run()
    group = Coverage.objects.get()

    assert Conflict.objects.open().get().coverage == group
    assert (group.member_count, group.lead) == (253, found("m100"))
    assert published_of(group) == [found("m100")]
    assert Story.objects.in_conflict().count() == 253
    assert not Story.objects.filter(path__in=[found(n).path for n in PARTED], conflict=True)

    desk.settle_conflicts(Conflict.objects.open(), desk.Answer.TAKE, by=chief)
    checkout.run()
    groups = Coverage.objects.order_by("-member_count")
    assert [group.lead for group in groups] == [found("m200"), found("m017")]
    assert [published_of(group) for group in groups] == [[group.lead] for group in groups]
