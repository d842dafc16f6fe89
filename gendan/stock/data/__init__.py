"""Where the cities lie; `build.py` made it and LICENSE covers it."""
