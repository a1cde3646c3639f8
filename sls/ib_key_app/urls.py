from django.urls import path

from sls.ib_key_app import views

urlpatterns = [
    path("ibkey/", views.app, name="ibkey"),
    path("ibkey/sw.js", views.worker, name="ibkey_worker"),
    path("ibkey/manifest.webmanifest", views.manifest, name="ibkey_manifest"),
]
