"""What is asked about parcels that leave the house."""
