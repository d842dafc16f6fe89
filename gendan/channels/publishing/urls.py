"""The addresses of publishing."""

from django.urls import path

from gendan.channels.publishing.views import rules, shops

urlpatterns = [
    path("", shops.offers, name="publishing"),
    path("now", shops.look_now, name="publish-now"),
    path("counting", shops.counting, name="publish-counting"),
    path("outbox/", shops.outbox, name="publish-outbox"),
    path("items/import/", shops.items, name="publish-items-import"),
    path("rules/", rules.rules, name="publish-rules"),
    path("rules/new", rules.rule, name="publish-rule-new"),
    path("rules/try", rules.attempt, name="publish-rule-try-new"),
    path("rules/<int:pk>/", rules.rule, name="publish-rule"),
    path("rules/<int:pk>/try", rules.attempt, name="publish-rule-try"),
    path("<str:code>/file", shops.take_file, name="publish-file-take"),
    path("<str:code>/file/<str:name>", shops.file, name="publish-file"),
    path("<str:code>/file/<str:name>/confirm", shops.confirm_file, name="publish-file-confirm"),
    path("<str:code>/file/<str:name>/back", shops.take_file_back, name="publish-file-back"),
]
