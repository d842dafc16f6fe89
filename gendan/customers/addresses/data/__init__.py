"""The official divisions of the country, packed; `build.py` made them and LICENSE covers them."""
