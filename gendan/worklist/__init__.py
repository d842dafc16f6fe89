"""Whatever waits for a person, with its clock."""
