"""Addresses of login, passwords, invitations and the people page; their names have no prefix."""

from django.contrib.auth import views as auth_views
from django.urls import path

from articles.views import account

urlpatterns = [
    path("login/", account.LoginView.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", account.PasswordChangeView.as_view(), name="password_change"),
    path(
        "password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
    path(
        "invitation/<uidb64>/<token>/",
        account.InvitationView.as_view(),
        name="invitation",
    ),
    path("people/", account.people, name="people"),
    path("people/invite/", account.people_invite, name="people_invite"),
    path("people/<int:pk>/link/", account.people_link, name="people_link"),
    path("people/<int:pk>/role/", account.people_role, name="people_role"),
    path("people/<int:pk>/deactivate/", account.people_deactivate, name="people_deactivate"),
    path("people/<int:pk>/reactivate/", account.people_reactivate, name="people_reactivate"),
]
