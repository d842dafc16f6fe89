"""What is said to customers: scripts, messages on every channel, and their answers."""
