"""What is done with parcels that leave the house."""
