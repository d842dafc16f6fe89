"""Who changed what, when and why; kept by the database."""
