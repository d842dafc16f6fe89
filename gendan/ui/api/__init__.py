"""What every room's API is made of: problem documents and pages of rows."""

from gendan.ui.api.paging import Page, Paged, page
from gendan.ui.api.problems import Problem, Wrong, install, problem

__all__ = ["Page", "Paged", "Problem", "Wrong", "install", "page", "problem"]
