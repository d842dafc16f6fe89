"""What is proven rather than asserted: races, crashes, bad files, with real processes.

`make test` runs a short version of each (`test_<name>.py`); `make prove` runs them in full.
"""
