"""Who buys, where they live and how they are reached."""
