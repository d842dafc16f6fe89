"""A Kuaidi100 of our own for demo and tests: the same contract over real HTTP, made-up parcels."""
