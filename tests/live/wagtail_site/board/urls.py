"""As Wagtail's own project template has them."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as documents_urls

urlpatterns = [path("documents/", include(documents_urls)), path("", include(wagtail_urls))]
