"""The addresses of figures and reports."""

from django.urls import path

from gendan.insight.views import accountability, board, day, search

urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("board/", board.board, name="board"),
    path("reports/day/", day.day_report_page, name="day-report"),
    path("who-did-what/", accountability.accountability, name="accountability"),
]
