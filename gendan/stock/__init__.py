"""What is on the shelves, and to whom it is promised."""
