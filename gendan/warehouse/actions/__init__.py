"""What is done with shipments, one file per verb."""
