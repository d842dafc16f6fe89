"""From a reserved order to a packed parcel."""
