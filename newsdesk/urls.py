"""Every address of the project; the desk's own are in `articles.urls`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("articles.account_urls")),
    path("", include("articles.urls")),
]

handler500 = "articles.busy.server_error"
