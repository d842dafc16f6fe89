"""Everything that can happen to stock."""

from gendan.stock.actions.cases import Found, end_cases, look_after, open_cases, take_back_question
from gendan.stock.actions.count import take_stock
from gendan.stock.actions.early import find_early
from gendan.stock.actions.expect import (
    CannotExpect,
    Coming,
    NotExpected,
    arrive,
    call_off,
    expect,
)
from gendan.stock.actions.foresee import Gets, who_gets
from gendan.stock.actions.goods import (
    Goods,
    NothingToDo,
    adjust,
    count,
    open_stock,
    place_at,
    receive,
)
from gendan.stock.actions.part import (
    NothingThere,
    NotWrittenOff,
    found_after_all,
    serve_part,
    serve_rests,
    write_off,
)
from gendan.stock.actions.prefer import forget_precedence, prefer, stop_preferring
from gendan.stock.actions.presell import (
    CannotPresell,
    NewPresale,
    change_presale,
    claim_presales,
    follow_amended,
    give_back_presales,
    presell,
    wait_whole,
)
from gendan.stock.actions.release import (
    forget_shortages,
    give_back_cancelled,
    put_back,
    release,
    unreserve,
)
from gendan.stock.actions.reserve import reserve, reserve_next, reserve_preferred
from gendan.stock.actions.save_parting_rules import save_parting_rules
from gendan.stock.actions.serve_certain import serve_certain
from gendan.stock.actions.settle import (
    CannotBeKept,
    Chosen,
    NothingToOffer,
    ask,
    choose,
    send_what_is_there,
)
from gendan.stock.actions.ship import Pieces, ship_out

__all__ = [
    "CannotBeKept",
    "CannotExpect",
    "CannotPresell",
    "Chosen",
    "Coming",
    "Found",
    "Gets",
    "Goods",
    "NewPresale",
    "NotExpected",
    "NotWrittenOff",
    "NothingThere",
    "NothingToDo",
    "NothingToOffer",
    "Pieces",
    "adjust",
    "arrive",
    "ask",
    "call_off",
    "change_presale",
    "choose",
    "claim_presales",
    "count",
    "end_cases",
    "expect",
    "find_early",
    "follow_amended",
    "forget_precedence",
    "forget_shortages",
    "found_after_all",
    "give_back_cancelled",
    "give_back_presales",
    "look_after",
    "open_cases",
    "open_stock",
    "place_at",
    "prefer",
    "presell",
    "put_back",
    "receive",
    "release",
    "reserve",
    "reserve_next",
    "reserve_preferred",
    "save_parting_rules",
    "send_what_is_there",
    "serve_certain",
    "serve_part",
    "serve_rests",
    "ship_out",
    "stop_preferring",
    "take_back_question",
    "take_stock",
    "unreserve",
    "wait_whole",
    "who_gets",
    "write_off",
]
