"""The pages of parcels that leave the house."""
