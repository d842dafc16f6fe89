"""The pages of figures, reports and accountability."""
