"""What reconciling does by itself."""
