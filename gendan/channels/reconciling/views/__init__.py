"""The page on which days are reconciled."""
