"""Every page of the desk with something on it: what there is to be looked at, and where."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from django.contrib.auth.models import User
from django.urls import resolve, reverse

from articles import accounts, desk
from articles.models import Change, Conflict, Coverage, Release, SavedView, Site, Story, SyncRun
from articles.sync import begin, sync
from tests.browser.conftest import DEMO
from tests.doors import READERS
from tests.gitting import Git
from tests.releasing import release_pending

NO_PAGE = {
    "articles:command_list",  # JSON for the command bar
    "articles:story_export",  # a file
    "articles:story_members",  # rows for the list
    "articles:run_live",  # a part of the page of a run
}
FRONT_PAGES = ("", "?date=2001-01-01", "?date=2001-01-01&against=nonsense")
NOUNS = ("story", "coverage", "topic", "provider", "site", "change", "syncrun")


def fill(people: dict[str, User], folder: Path) -> None:
    """A connected site with a release, a conflict, a standing answer, a saved view, a claim.

    Its files are in a git repository, or where git is not installed in a plain folder.
    """
    shutil.copytree(DEMO, folder)
    robot = Git(folder)
    if shutil.which("git"):
        robot.run("init", "--quiet", "--initial-branch=main")
        robot.commit()
    site = Site.objects.get()
    site.location = str(folder)
    site.save(update_fields=["location"])
    first, second, third, *_ = _free_stories()
    desk.publish(first, by=people["publisher"])
    release_pending(site, by=people["publisher"])
    for story in (second, third):
        desk.edit(story, {"title": f"{story.title}, on the desk"}, by=people["editor"])
        path = folder / str(story.path)
        path.write_text(re.sub(r"(?m)^title:.*$", "title: The robot's", path.read_text(), count=1))
    if shutil.which("git"):
        robot.commit()
    sync(begin(site))
    conflicts = Conflict.objects.open().order_by("pk")
    desk.settle_conflicts(conflicts[:1], desk.Answer("keep-always"), by=people["publisher"])
    SavedView.objects.create(name="Hot", query="heat_min=70", owner=people["chief"], key="1")


def _free_stories() -> list[Story]:
    found = Story.objects.with_file().not_live().filter(coverage=None, publish_gate="allowed")
    return list(found.filter(locked=False).order_by("-listed_at", "-id"))


def addresses(invited: User) -> list[str]:
    """The pages of the desk, some of them twice: with and without what they may hold."""
    lead = Story.objects.filter(coverage__isnull=False, is_lead=True).newest_first()[0]
    single = _free_stories()[0]
    group = Coverage.objects.order_by("-member_count")[0]
    run, release = SyncRun.objects.latest("pk"), Release.objects.latest("pk")
    pending = Story.objects.filter(pending=True).newest_first()[0]
    return [
        "/",
        "/stories/",
        "/stories/?queue=inbox",
        "/stories/?quality_min=high&q=quality>>",
        "/stories/?q=nothingwillmatchthis",
        *(f"/stories/{each.pk}/" for each in (lead, single)),
        f"/stories/{lead.pk}/preview/",
        f"/stories/{lead.pk}/edit/",
        f"/stories/{lead.pk}/field/topics/",
        f"/stories/{lead.pk}/file/",
        f"/stories/{lead.pk}/link/?q=harbour",
        f"/stories/{lead.pk}/suggestions/",
        f"/stories/{lead.pk}/follows/lead/",
        f"/stories/{lead.pk}/life/",
        f"/stories/{pending.pk}/diff/",
        "/covered/?q=harbour",
        "/coverage/",
        "/coverage/?sort=suspicious",
        f"/coverage/{group.pk}/",
        "/conflicts/",
        *(f"/repair/?check={name}" for name in ("several", "missing")),
        "/rule/",
        "/activity/",
        "/activity/?after=yesterday",
        "/insight/",
        "/insight/?days=365&until=2001-01-01",
        "/releases/",
        f"/releases/new/?site={release.site.slug}",
        f"/releases/{release.pk}/",
        f"/releases/files/{release.files.all()[0].pk}/",
        *(f"/sites/{release.site.slug}/front-page/{query}" for query in FRONT_PAGES),
        "/sync/",
        f"/sync/{run.pk}/",
        "/help/",
        "/help/searching/",
        "/help/keys/",
        "/preferences/",
        "/views/",
        "/account/password/",
        "/account/password/done/",
        "/account/people/",
        "/stories/999999/",
        *_admin(lead, group, run),
    ]


def plain_addresses(invited: User) -> list[str]:
    """The pages for who is not logged in."""
    dead = reverse("invitation", args=["MQ", "dead-link"])
    return ["/account/login/", accounts.invitation_path(invited), dead]


def _admin(lead: Story, group: Coverage, run: SyncRun) -> list[str]:
    objects = {"story": lead, "coverage": group, "syncrun": run, "site": lead.site}
    objects["change"] = Change.objects.latest("pk")
    lists = [reverse(f"admin:articles_{noun}_changelist") for noun in NOUNS]
    forms = [reverse(f"admin:articles_{n}_change", args=[o.pk]) for n, o in objects.items()]
    users = reverse("admin:auth_user_changelist")
    people = [users, reverse("admin:auth_user_change", args=[User.objects.latest("pk").pk])]
    return [reverse("admin:index"), *lists, *forms, *people]


def not_looked_at(shown: list[str]) -> set[str]:
    """The names of pages that none of the addresses opens."""
    names = {resolve(address.partition("?")[0]).view_name for address in shown}
    return set(READERS) - NO_PAGE - names
