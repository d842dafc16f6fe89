"""The addresses of figures and reports."""

from django.urls import path

from gendan.insight.views import accountability, board, day, search, surge

urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("board/", board.board, name="board"),
    path("surge/", surge.board, name="surge"),
    path("surge/new/", surge.day, name="big-day-new"),
    path("surge/<int:pk>/", surge.day, name="big-day"),
    path("surge/<int:pk>/switch", surge.switch, name="big-day-switch"),
    path("reports/day/", day.day_report_page, name="day-report"),
    path("who-did-what/", accountability.accountability, name="accountability"),
]
