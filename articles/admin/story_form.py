"""The form of a story in the admin. It collects what changed; `desk.edit` writes it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import desk
from articles.filing import IMAGE_FIELDS
from articles.models import Story, StoryTopic, Topic

ADDRESSES = ("web_url", "original_url", "amp_url", "cdn_amp_url")
EDITED = ("title", "excerpt", "kind", *ADDRESSES)
LONGEST_SHOWN = 200


class TopicsOfSite(AutocompleteSelectMultiple):
    """An autocomplete that offers the topics of one site."""

    def __init__(self, site_id: int) -> None:
        super().__init__(Story._meta.get_field("topics"), admin.site)
        self.site_id = site_id

    def get_url(self) -> str:
        """The autocomplete's address with the site."""
        return f"{super().get_url()}?site={self.site_id}"


class StoryAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a chief may edit of a story; `version` is the one the form was made from."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    about = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"), queryset=Topic.objects.none(), required=False
    )
    refusal: desk.DeskError | None = None
    """Why the desk refused the first attempt to save this form."""

    class Meta:
        model = Story
        fields: ClassVar = list(EDITED)
        widgets: ClassVar = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField headline"}),
            "excerpt": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            **{name: forms.TextInput(attrs={"class": "vLargeTextField"}) for name in ADDRESSES},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = {name: getattr(self.instance, name) for name in EDITED if name in self.fields}
        self.is_stale = False
        self.initial["seen_version"] = self.instance.version
        self.topics_were = [row.topic_id for row in self._rows()]
        self.initial["about"] = self.topics_were
        if "about" in self.fields:
            topics = self.fields["about"]
            topics.queryset = Topic.objects.filter(site=self.instance.site_id)  # type: ignore[attr-defined]
            topics.widget = TopicsOfSite(self.instance.site_id)
            topics.widget.choices = topics.choices  # type: ignore[attr-defined]
        if self.instance.kind not in Story.Kind.values and "kind" in self.fields:
            written = (self.instance.kind, self.instance.kind or _("(none)"))
            self.fields["kind"].choices = [written, *Story.Kind.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody saved in between; the row stays locked until this save is done."""
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            self._say_refusal(self.refusal)
        now = Story.objects.select_for_update(of=("self",)).filter(pk=self.instance.pk).first()
        if now is not None and now.version != cleaned.get("seen_version"):
            self._say_both_versions(now)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Field -> value for everything the person changed. What a browser alters on its own
        (line ends, spaces at the ends) is no change.
        """
        found = {
            name: self.cleaned_data[name]
            for name in self.was
            if not _same(self.was[name], self.cleaned_data.get(name, self.was[name]))
        }
        if "about" in self.fields:
            chosen = {topic.pk: topic for topic in self.cleaned_data["about"]}
            if set(chosen) != set(self.topics_were):
                found["topics"] = self._names(chosen)
        return found

    def _names(self, chosen: dict[int, Topic]) -> list[str]:
        """The file's own spelling and order for topics that stay, new ones at the end."""
        stay = [str(row) for row in self._rows() if row.topic_id in chosen]
        new = [t.name for pk, t in chosen.items() if pk not in self.topics_were]
        return [*stay, *new]

    def _rows(self) -> list[StoryTopic]:
        if self.instance.pk is None:
            return []
        if not hasattr(self, "_topic_rows"):
            rows = StoryTopic.objects.filter(story=self.instance.pk).select_related("topic")
            self._topic_rows = list(rows.order_by("position"))
        return self._topic_rows

    def _say_refusal(self, refusal: desk.DeskError) -> None:
        sentences = refusal.problems if isinstance(refusal, desk.Invalid) else {"": str(refusal)}
        for name, sentence in sentences.items():
            field = {"topics": "about"}.get(name, name)
            self.add_error(field if field in self.fields else None, sentence)

    def _say_both_versions(self, now: Story) -> None:
        self.is_stale = True
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]  # a form of a request
        data["seen_version"] = str(now.version)
        self.data = data
        change = now.changes.order_by("-id").first()
        who = change.actor_name if change else _("Somebody")
        self.add_error(
            None,
            _("%(who)s changed this story after you opened it. What stands there now is shown "
              "beside each field that differs. Saving again replaces it with yours.")
            % {"who": who},
        )  # fmt: skip
        for name in self.was:
            theirs = getattr(now, name)
            if name in self.cleaned_data and not _same(theirs, self.cleaned_data[name]):
                text = _("Saved meanwhile: “%(text)s”") % {"text": str(theirs)[:LONGEST_SHOWN]}
                self.add_error(name, text)


def _same(old: Any, new: Any) -> bool:
    if not (isinstance(old, str) and isinstance(new, str)):
        return bool(old == new)
    return _typed(old) == _typed(new)


def _typed(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def images_of(formset: Any) -> list[dict[str, Any]]:
    """The pictures as the form has them: those that stay in their order, new ones at the end."""
    kept = []
    for form in formset.forms:
        if form in formset.deleted_forms or not (form.instance.pk or form.has_changed()):
            continue
        values = {name: form.initial.get(name) for name in IMAGE_FIELDS}
        values["attribution"] = form.instance.attribution
        typed = {name: form.cleaned_data[name] for name in form.changed_data}
        values.update({n: None if v == "" else v for n, v in typed.items() if n in IMAGE_FIELDS})
        if values["url"]:
            kept.append(values)
    return kept
