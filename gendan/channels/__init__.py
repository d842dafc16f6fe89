"""What comes in from, and goes back to, the outside world."""
