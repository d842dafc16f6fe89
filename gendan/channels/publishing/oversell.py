"""How many pieces are likely to be sold that are not there, before a shop is told."""

from math import exp, lgamma, log, sqrt

FAR = 10  # standard deviations beyond which nothing is likely


def expected_oversell(pace: float, hours: float, left: int) -> float:
    """Return how many pieces beyond `left` are sold in so many hours, at so many an hour.

    Buyers come independently of each other, so that their number is Poisson's.
    """
    mean = pace * hours
    if mean <= 0:
        return 0.0
    if left > mean + FAR * sqrt(mean) + FAR:
        return 0.0
    if left < mean - FAR * sqrt(mean):
        return mean - left
    below = sum((left - n) * _chance(n, mean) for n in range(left))
    return max(0.0, mean - left + below)


def _chance(number: int, mean: float) -> float:
    return exp(number * log(mean) - mean - lgamma(number + 1))
