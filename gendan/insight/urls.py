"""The addresses of figures and reports."""

from django.urls import path

from gendan.insight.views import accountability, board, day, mistakes, search, surge

urlpatterns = [
    path("mistakes/", mistakes.mistakes, name="mistakes"),
    path("mistakes/month/", mistakes.month, name="mistakes-month"),
    path("mistakes/<int:pk>/", mistakes.mistake, name="mistake"),
    path("mistakes/<int:pk>/done", mistakes.done, name="mistake-done"),
    path("mistakes/<int:pk>/none", mistakes.no_mistake, name="mistake-none"),
    path("mistakes/<int:pk>/again", mistakes.again, name="mistake-again"),
    path("orders/<str:number>/mistake", mistakes.of_order, name="mistake-new"),
    path("search/", search.search_page, name="search"),
    path("board/", board.board, name="board"),
    path("surge/", surge.board, name="surge"),
    path("surge/new/", surge.day, name="big-day-new"),
    path("surge/<int:pk>/", surge.day, name="big-day"),
    path("surge/<int:pk>/switch", surge.switch, name="big-day-switch"),
    path("reports/day/", day.day_report_page, name="day-report"),
    path("who-did-what/", accountability.accountability, name="accountability"),
]
