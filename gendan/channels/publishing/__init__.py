"""库存同步: what the shops are told of our stock. See docs/publishing.md."""
