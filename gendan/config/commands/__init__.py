"""The commands of `gendan`, one a file."""
