"""审单: what must be looked at before an order is let through."""
