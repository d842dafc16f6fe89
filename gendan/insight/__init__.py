"""Figures, boards and reports."""
