"""The addresses of the desk."""

from django.urls import path

from gendan.desk import views

urlpatterns = [
    path("scripts/", views.scripts, name="scripts"),
    path("scripts/new/", views.script, name="script-new"),
    path("scripts/<int:pk>/", views.script, name="script"),
    path("messages/", views.messages, name="messages"),
    path("messages/<int:pk>/", views.message, name="message"),
    path("messages/<int:pk>/send/", views.send, name="message-send"),
    path("messages/<int:pk>/answer/", views.answer, name="message-answer"),
    path("messages/<int:pk>/unmask/", views.unmask, name="message-unmask"),
    path("messages/<int:pk>/withdraw/", views.withdraw, name="message-withdraw"),
]
