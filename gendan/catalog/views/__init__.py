"""Pages about goods and what shops call them."""
