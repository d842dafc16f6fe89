"""Pages about holds, rules and remedies."""
