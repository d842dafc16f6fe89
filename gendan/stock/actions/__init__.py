"""Everything that can happen to stock."""

from gendan.stock.actions.goods import (
    Goods,
    NothingToDo,
    adjust,
    count,
    open_stock,
    place_at,
    receive,
)
from gendan.stock.actions.release import (
    forget_shortages,
    give_back_cancelled,
    put_back,
    release,
    unreserve,
)
from gendan.stock.actions.reserve import reserve, reserve_next
from gendan.stock.actions.serve_certain import serve_certain
from gendan.stock.actions.ship import Pieces, ship_out

__all__ = [
    "Goods",
    "NothingToDo",
    "Pieces",
    "adjust",
    "count",
    "forget_shortages",
    "give_back_cancelled",
    "open_stock",
    "place_at",
    "put_back",
    "receive",
    "release",
    "reserve",
    "reserve_next",
    "serve_certain",
    "ship_out",
    "unreserve",
]
