"""From the packed parcel to the customer's door."""
