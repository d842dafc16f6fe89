"""What the forecast reckons with where nothing is measured."""

from datetime import timedelta

DAYS_AHEAD = 90
MARGIN = timedelta(hours=2)  # so close to its promise, an order counts as late

# What is taken where too little happened to be measured: orders an hour, or working minutes.
DEFAULTS = {
    "screened_an_hour": 200.0,
    "packed_an_hour": 30.0,
    "held_minutes": 60.0,
    "short_minutes": 3 * 10 * 60.0,
    "made_minutes": 7 * 10 * 60.0,
    "hand_over_minutes": 120.0,
    "on_the_way_hours": 96.0,
}
