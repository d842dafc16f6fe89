"""What the customer asked for, and how far along the way it is."""
