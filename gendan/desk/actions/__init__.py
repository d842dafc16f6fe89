"""Everything that can happen to scripts and messages."""

from gendan.desk.actions.answer import AlreadyAnswered, NotOffered, answer, withdraw
from gendan.desk.actions.scripts import save_script, switch_scripts
from gendan.desk.actions.send import CannotSend, let_leave, send
from gendan.desk.actions.unmask import unmask
from gendan.desk.actions.write import NewMessage, rewrite, write

__all__ = [
    "AlreadyAnswered",
    "CannotSend",
    "NewMessage",
    "NotOffered",
    "answer",
    "let_leave",
    "rewrite",
    "save_script",
    "send",
    "switch_scripts",
    "unmask",
    "withdraw",
    "write",
]
