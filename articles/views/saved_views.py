"""Saved views: the page that keeps them in order, and what is done to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import roles, saved_views
from articles.forms import SavedViewForm
from articles.http import person
from articles.models import SavedView

STEPS = {"up": -1, "down": 1}


@require_safe
def saved_view_list(request: HttpRequest) -> HttpResponse:
    """The person's views and the team's, to be renamed, put in order and deleted."""
    return _page(request)


def _page(request: HttpRequest, refused: SavedViewForm | None = None, pk: int = 0) -> HttpResponse:
    """All views; 422 with what was wrong where the form of one was refused."""
    user = person(request)
    views = [
        (view, refused if refused and view.pk == pk else SavedViewForm.of(view))
        for view in SavedView.objects.for_person(user.pk)
    ]
    context = {"views": views, "may_keep_teams": roles.can_run(user)}
    status = 422 if refused else 200
    return render(request, "articles/saved_view_list.html", context, status=status)


@require_POST
def saved_view_create(request: HttpRequest) -> HttpResponse:
    """Keep the present list under a name."""
    form, query = SavedViewForm(request.POST), request.POST.get("query", "")
    user, for_team = person(request), "team" in request.POST
    try:
        if not form.is_valid():
            raise saved_views.ViewRefusedError(_("Give the view a name of at most 80 letters."))
        view = saved_views.save(form.wish, query, by=user, for_team=for_team)
    except saved_views.ViewRefusedError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('articles:story_list')}?{saved_views.lasting(query)}")
    messages.success(request, _("Saved as “%s”: a tile on Home leads here.") % view)
    return redirect(view)


@require_POST
def saved_view_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, give it a key or a density, or move it up or down."""
    user = person(request)
    view = get_object_or_404(SavedView.objects.for_person(user.pk), pk=pk)
    if steps := STEPS.get(request.POST.get("move", "")):
        saved_views.move(view, steps, by=user)
        return redirect("articles:saved_view_list")
    form = SavedViewForm(request.POST, auto_id=f"view-{view.pk}-%s")
    if not form.is_valid():
        return _page(request, form, pk)
    saved_views.change(view, form.wish, by=user)
    messages.success(request, _("“%s” is saved.") % view)
    return redirect("articles:saved_view_list")


@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view."""
    user = person(request)
    view = get_object_or_404(SavedView.objects.for_person(user.pk), pk=pk)
    saved_views.delete(view, by=user)
    messages.success(request, _("“%s” is deleted; the stories stay.") % view)
    return redirect("articles:saved_view_list")
