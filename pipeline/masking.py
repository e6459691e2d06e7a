"""A draft with its people masked, for a request to hand it out (utlämnande, OSL 2009:400; TF 2 kap.).

What may be handed out is the authority's decision. This masks what can be known by machine: the people
of the meeting by every form of their name, mail addresses, telephone and personal numbers, and words that the
caller names. A human must read the result.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.meeting import Draft
from pipeline.swedish.personal import PERSONAL_NUMBER, PHONE

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MASK, NAME = "[maskat]", "[namn]"


def _names(people: Sequence[str]) -> dict[str, str]:
    """Every form of a name → its mask: "[person 1]", or "[namn]" where two people share it."""
    forms: dict[str, str] = {}
    shared = Counter(part for name in people for part in set(name.split()))
    for number, name in enumerate(people, 1):
        mask = f"[person {number}]"
        for part in name.split():
            forms[part] = mask if shared[part] == 1 else NAME
        forms[name] = mask
    return forms


def masker(people: Sequence[str], words: Sequence[str] = ()) -> Callable[[str], str]:
    """A function that masks a text. Names match as written, with a genitive s; ``words`` in any case, with any ending."""
    forms = _names(people)
    by_length = sorted((re.escape(f) for f in forms if len(f) > 1), key=len, reverse=True)
    named = re.compile(rf"(?<!\w)({'|'.join(by_length)})(s?)(?!\w)") if by_length else None
    given = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words))})\w*") if words else None

    def mask(text: str) -> str:
        for pattern in (MAIL, PERSONAL_NUMBER, PHONE, *((given,) if given else ())):
            text = pattern.sub(MASK, text)
        return named.sub(lambda m: forms[m[1]] + m[2], text) if named else text

    return mask


def masked(draft: Draft, words: Sequence[str] = ()) -> Draft:
    """The draft with people, addresses and numbers masked. The same person has the same mask throughout."""
    people = list(dict.fromkeys([*draft.meeting.names, *(s for st in draft.statements() for s in st.speakers if " " in s)]))
    mask = masker(people, words)

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return mask(value)
        if isinstance(value, list):
            return [walk(v) for v in value]
        if isinstance(value, dict):
            return {k: walk(v) for k, v in value.items()}
        return value

    return Draft.model_validate(walk(draft.model_dump(mode="json")))
