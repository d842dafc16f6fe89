"""Changing an order at any stage (改单): what is wanted, what may be, and what follows from it.

`wanted` are the changes, `sheet` carries them out on an order in memory, `rules` say what a stage
allows and where the order goes on, `snapshot` keeps what it said before and after, and `following`
is where later rooms register what has to follow. `orders/actions/amend.py` puts them together.
"""

from gendan.orders.amending import telling as telling
