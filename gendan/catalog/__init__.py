"""What the merchant sells: products, SKUs, prices, and each shop's codes for them."""
