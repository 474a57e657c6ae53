"""Filters and form fields that the lists use: each value once, and nothing a column cannot hold."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from articles.selection import Selection

YES_NO = [("yes", "yes"), ("no", "no")]
LARGEST_NUMBER = 1_000_000
MOST_VALUES = 50
"""The most values one filter takes."""


class SharedFields(dict[str, forms.Field]):
    """Fields that every form of a class uses without a copy of its own: nobody changes them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        """What a form takes as its fields."""
        return dict(self)


class YesNoFilter(django_filters.ChoiceFilter):
    """`yes` or `no`, as two conditions that an index can serve."""

    def __init__(self, *, yes: Q, no: Q, **kwargs: Any) -> None:
        super().__init__(choices=YES_NO, empty_label="any", **kwargs)
        self.conditions = {"yes": yes, "no": no}

    def filter(self, qs: Selection, value: str) -> Selection:
        """Apply the chosen condition."""
        return qs.filter(self.conditions[value]) if value in self.conditions else qs


class SeveralField(django_filters.fields.ModelMultipleChoiceField):
    """Several rows by number; one query however often a value is given."""

    def clean(self, value: Any) -> Any:
        """Refuse what is no number a row could have, and more values than anybody ticks."""
        distinct = list(dict.fromkeys(value or ()))
        if len(distinct) > MOST_VALUES:
            raise forms.ValidationError(f"Choose at most {MOST_VALUES}.", code="too_many")
        for each in distinct:
            if not (each.isascii() and each.isdecimal() and len(each) < 19):
                message = self.error_messages["invalid_choice"] % {"value": each}
                raise forms.ValidationError(message, code="invalid_choice")
        return super().clean(distinct)


class SeveralFilter(django_filters.ModelMultipleChoiceFilter):
    """A filter of which several values may be chosen."""

    field_class = SeveralField


class NumberFilter(django_filters.NumberFilter):
    """A whole number that the columns can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER, decimal_places=0, **kwargs
        )

    def get_max_validator(self) -> None:
        """No other limit than `max_value`."""


class ChoicesField(forms.MultipleChoiceField):
    """Several of some choices; empty ones do not count."""

    def clean(self, value: Any) -> Any:
        """Each value once."""
        return super().clean(list(dict.fromkeys(each for each in value or () if each)))


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """A filter of which several choices may be made."""

    field_class = ChoicesField


class WordsField(ChoicesField):
    """Several words that stand in no list of choices: slugs, codes."""

    def valid_value(self, value: Any) -> bool:
        """What a slug or a code may consist of."""
        return re.fullmatch(r"[-a-zA-Z0-9_.]{1,64}", str(value)) is not None


class WordsFilter(ChoicesFilter):
    """A filter of which several words may be given."""

    field_class = WordsField


class SlugField(django_filters.fields.ModelChoiceField):
    """One row by its slug."""

    def clean(self, value: Any) -> Any:
        """Refuse what cannot be a slug before the database is asked."""
        if value and not re.fullmatch(r"[-a-zA-Z0-9_]{1,64}", value):
            message = self.error_messages["invalid_choice"] % {"value": value}
            raise forms.ValidationError(message, code="invalid_choice")
        return super().clean(value)


class SiteFilter(django_filters.ModelChoiceFilter):
    """The site by its slug."""

    field_class = SlugField
