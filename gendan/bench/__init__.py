"""What Gendan measures of itself, beside the floor that the database sets."""
