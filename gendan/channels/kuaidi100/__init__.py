"""Kuaidi100: where the carriers' traces come from, one contract for all of them."""
