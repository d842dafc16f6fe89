"""Django's PostgreSQL with a line that is looked at, not asked, before it is used again."""
