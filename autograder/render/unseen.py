"""Characters that nobody sees, spelt out: so that text shows what it is, in a terminal as on a page."""

import re

_JOINS = "[\u0600-\u109f\u1780-\u18af]"
_SYMBOLS = "[\u2000-\u32ff\U0001f000-\U0001faff]"
_UNSEEN = re.compile(
    f"(?<={_JOINS})[\u200c\u200d](?={_JOINS})|(?<=[\ufe0f\u2000-\u32ff\U0001f000-\U0001faff])\u200d(?={_SYMBOLS})"
    f"|(?<={_SYMBOLS})[\ufe0e\ufe0f]|(?<=[#*0-9])\ufe0f(?=\u20e3)|(?<=[©®])\ufe0f"
    "|([\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff])"
)
"""What shows nothing, but in the places where scripts and emoji need it (UAX #31): controls, formats, fillers, tags."""


def visible(source: str) -> str:
    """Text in which characters that nobody sees, but that reorder or hide what is beside them, are spelt out."""
    return spelt(source).replace("\x1b", "⟨U+001B⟩")


def spelt(source: str) -> str:
    """Text as ``visible`` gives it, but with its escapes."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[1]):04X}⟩" if match[1] else match[0], source)
