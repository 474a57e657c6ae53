"""The forms of the desk: what a person may type, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from articles.desk.reasons import MOST_REASONS
from articles.desk.values import LARGEST_SIDE, LONGEST_EXCERPT, LONGEST_TITLE
from articles.labels import IN_FILE
from articles.models import (
    Density,
    Preferences,
    SavedView,
    Story,
    StoryImage,
    Topic,
    topic_key,
    validate_time_zone,
)
from articles.saved_views import Wish

EDITABLE = (
    "title",
    "excerpt",
    "kind",
    "web_url",
    "original_url",
    "amp_url",
    "cdn_amp_url",
)
LONGEST_REASON = 80
IMAGE_FIELDS = ("url", "width", "height", "title")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""The days that can be asked for."""


class LinesField(forms.CharField):
    """One item a line; empty lines do not count."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The items, stripped."""
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """Items as lines."""
        return "\n".join(value) if isinstance(value, list) else value


class ReasonsField(LinesField):
    """Why stories are declined: so many lines as there are digits to pick one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The reasons, each once."""
        lines: list[str] = list(dict.fromkeys(super().to_python(value)))
        if len(lines) > MOST_REASONS:
            raise forms.ValidationError(_("A digit picks a reason: write nine at most."))
        if any(len(line) > LONGEST_REASON for line in lines):
            raise forms.ValidationError(_("A reason has 80 letters at most."))
        return lines


class BaseField(forms.JSONField):
    """What the form was made from. A browser may send anything: only a mapping is one."""

    def to_python(self, value: Any) -> Any:
        """The mapping; a ValidationError for whatever no form of ours holds."""
        try:
            base = super().to_python(value)
        except RecursionError:
            base = ()
        if base is not None and not isinstance(base, dict):
            raise forms.ValidationError(_("The form was damaged: open the story again."))
        return base

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again after a mistake."""
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return None


class StoryForm(forms.Form):
    """Everything a person may edit of a story. `version` is the one the form was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = BaseField(widget=forms.HiddenInput, required=False)
    # A textarea: browsers strip line ends from one-line fields, and some headlines hold them.
    title = forms.CharField(
        label=IN_FILE["title"],
        max_length=LONGEST_TITLE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    excerpt = forms.CharField(
        label=IN_FILE["excerpt"],
        max_length=LONGEST_EXCERPT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    topics = LinesField(
        label=IN_FILE["topics"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, spelled as the site knows them."),
    )
    kind = forms.ChoiceField(label=IN_FILE["kind"], choices=Story.Kind.choices)
    web_url = forms.CharField(label=IN_FILE["web_url"], required=False)
    original_url = forms.CharField(label=IN_FILE["original_url"], required=False)
    amp_url = forms.CharField(label=IN_FILE["amp_url"], required=False)
    cdn_amp_url = forms.CharField(label=IN_FILE["cdn_amp_url"], required=False)

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        self.story = story
        super().__init__(*args, **kwargs)
        if story.kind not in Story.Kind.values:
            choices = [(story.kind, story.kind or _("(none)")), *Story.Kind.choices]
            self.fields["kind"] = forms.ChoiceField(
                label=IN_FILE["kind"], choices=choices, required=bool(story.kind)
            )

    @classmethod
    def initial_of(cls, story: Story, topics: list[str]) -> dict[str, Any]:
        """What the form shows of a story; `base` remembers it for when somebody saves first."""
        values = {**{name: getattr(story, name) for name in EDITABLE}, "topics": topics}
        return {**values, "version": story.version, "base": values}

    def clean_title(self) -> str:
        """As `clean_excerpt`."""
        return str(self.cleaned_data["title"]).replace("\r\n", "\n")

    def clean_excerpt(self) -> str:
        """Browsers send line ends as CRLF; the file has LF."""
        return str(self.cleaned_data["excerpt"]).replace("\r\n", "\n")

    def clean_topics(self) -> list[str]:
        """Only topics the site knows, each once."""
        names: list[str] = list(dict.fromkeys(self.cleaned_data["topics"]))
        written = set(self.initial.get("topics", []))
        known = set(Topic.objects.filter(site=self.story.site_id).values_list("name", flat=True))
        unknown = [name for name in names if name not in known | written]
        if unknown:
            raise forms.ValidationError(
                _("The site has no topic “%(name)s”. Add it in the admin, or take it out."),
                params={"name": unknown[0]},
            )
        return names

    @property
    def changes(self) -> dict[str, Any]:
        """The fields the person changed: whose value is not what the form was made from."""
        base = self.cleaned_data.get("base") or self.initial
        return {
            name: self.cleaned_data[name]
            for name in (*EDITABLE, "topics")
            if name in self.fields and self.cleaned_data[name] != base.get(name)
        }


class FieldForm(StoryForm):
    """One field of a story, edited in place. Topics are ticked among those of the site."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        if name == "topics":
            self.fields["topics"] = forms.MultipleChoiceField(
                label=_("Topics"),
                required=False,
                choices=self._topic_choices(),
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields = {
            each: field for each, field in self.fields.items() if each in {name, "version", "base"}
        }
        self.fields[name].widget.attrs["autofocus"] = name != "topics"

    def _topic_choices(self) -> list[tuple[str, str]]:
        """The story's own topics first, in the order of its file, then the others of the site."""
        own: list[str] = self.initial.get("topics", [])
        keys = {topic_key(name) for name in own}
        rows = Topic.objects.filter(site=self.story.site_id).order_by("name")
        others = [name for key, name in rows.values_list("key", "name") if key not in keys]
        return [(name, name) for name in (*own, *others)]

    @property
    def field(self) -> forms.BoundField:
        """The one field to be filled in."""
        return self[self.name]


class ImageForm(forms.Form):
    """One picture. An emptied address takes the picture out."""

    url = forms.CharField(label=_("Address"), required=False)
    width = forms.IntegerField(
        label=_("Width"), required=False, min_value=1, max_value=LARGEST_SIDE
    )
    height = forms.IntegerField(
        label=_("Height"), required=False, min_value=1, max_value=LARGEST_SIDE
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=LONGEST_TITLE)


ImageFormSet = forms.formset_factory(ImageForm, extra=1, max_num=50, absolute_max=60)


def image_values(images: list[StoryImage]) -> list[dict[str, Any]]:
    """Pictures as the formset shows them."""
    return [{name: getattr(image, name) for name in IMAGE_FIELDS} for image in images]


class SavedViewForm(forms.Form):
    """The name, the key and the density of a saved view."""

    name = forms.CharField(label=_("Name"), max_length=80)
    key = forms.TypedChoiceField(
        label=_("Key"),
        choices=[("", _("none")), *((digit, f"g {digit}") for digit in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    density = forms.ChoiceField(
        label=_("Density"),
        choices=[("", _("as in your settings")), *Density.choices],
        required=False,
    )

    @classmethod
    def of(cls, view: SavedView) -> SavedViewForm:
        """The form that shows a view as it is."""
        values = {"name": view.name, "key": view.key, "density": view.density}
        return cls(initial=values, auto_id=f"view-{view.pk}-%s")

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        said = self.cleaned_data
        return Wish(said["name"], said["density"], said["key"])


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's own settings."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        validators=[validate_time_zone],
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    density = forms.ChoiceField(
        label=_("Density of lists"), choices=Density.choices, required=False
    )

    class Meta:
        model = Preferences
        fields: ClassVar[list[str]] = ["time_zone", "theme", "density", "load_images", "keys_on"]

    def clean_density(self) -> str:
        """As it was, where none is chosen."""
        return str(self.cleaned_data["density"] or self.instance.density)


def labels() -> dict[str, str]:
    """What the fields of a story are called, by name."""
    fields = {
        name: str(field.label) for name, field in StoryForm.base_fields.items() if field.label
    }
    return {**fields, "images": str(_("Pictures"))}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class FrontPageForm(forms.Form):
    """Which front page of the past somebody wants to see: the end of a day, or a commit."""

    date = _day(_("At the end of"))
    against = _day(_("Compared with the end of"))
    commit = forms.RegexField(
        r"\A[0-9a-f]{40}\Z",
        label=_("Commit"),
        required=False,
        error_messages={"invalid": _("A commit is named by its 40 signs.")},
    )
