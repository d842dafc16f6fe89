"""A believable merchant of our own invention, made through the real actions."""
