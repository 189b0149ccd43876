"""What one message keeps between two chunks, charged to the budget of all flows.

Charged are the bytes that wait, and the window of what is unpacked, without which nothing more can
be unpacked. It is counted anew after each chunk and given back at the end of the flow; a flow that
keeps nothing costs nothing.
"""

from __future__ import annotations

from weirline.flow.byte_budget import ByteBudget
from weirline.flow.encoded_body import EncodedBody
from weirline.flow.message import Message, State


def charge(message: Message, budget: ByteBudget) -> None:
    """Count what `message` keeps now. Raises OverBudget where there is no room for it."""
    kept = 0
    if message.state is not State.DONE:
        reader = message.reader
        holder = reader or message.hold_back
        kept = 0 if holder is None else holder.held_bytes
        if isinstance(reader, EncodedBody):
            kept += reader.window_bytes
    if kept != message.charged:
        budget.change(kept - message.charged)
        message.charged = kept


def give_back(message: Message, budget: ByteBudget) -> None:
    """Count that `message` keeps nothing any more."""
    budget.change(-message.charged)
    message.charged = 0
