"""Proposals that the talk settles without repeating them: "jag föreslår ett pilotprojekt i höst" – "då gör vi det"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.minutes.worth import worth
from pipeline.meeting import Utterance
from pipeline.swedish.cues import agrees, says_no, turns_down
from pipeline.swedish.decisions import asks_agreement, matter_words, put_forward, resolution, settles_it
from pipeline.swedish.written import spoken_sentences

SETTLED_WITHIN = 8  # utterances after a proposal
SAME_MATTER = 2  # words that what is stated after "då säger vi så" has of what was put forward
LEAST_STATED = 0.5
LEAST_WORTH = 0.3  # of a sentence that is no proposal by its words, when agreement is asked to it


@dataclass(frozen=True)
class Settled:
    """What was decided, in written words, the sentence that put it forward, and the places of the utterances that put it forward and settled it."""

    text: str
    said: str
    at: int
    by: int


def settled(talk: Sequence[Utterance]) -> list[Settled]:
    """The proposals that are settled in the talk, in order: the last one put forward before each "då gör vi det", or what everybody is
    asked to agree to and somebody does."""
    found: dict[int, Settled] = {}
    open_now: tuple[int, str, str] | None = None  # place, sentence, written
    for n, utterance in enumerate(talk):
        spoken = spoken_sentences(utterance.text)
        if open_now and (turns_down(utterance.text) or (says_no(utterance.text) and talk[open_now[0]].speaker != utterance.speaker)):
            open_now = None
        asked = False
        for i, said in enumerate(spoken):
            earlier = next((s for s in reversed(spoken[:i]) if not s.endswith("?") and worth(s) >= LEAST_WORTH and resolution(s)), None)
            if settles_it(said):
                stated = next((s for s in spoken[i + 1:i + 2] if not s.endswith("?") and worth(s) >= LEAST_STATED and resolution(s)), None)
                if stated and (open_now is None or len(matter_words(stated) & matter_words(open_now[1])) >= SAME_MATTER):
                    found.setdefault(n, Settled(str(resolution(stated)), stated, n, n))
                    open_now = None
                    continue
                if earlier and not (open_now and open_now[0] == n):
                    open_now = (n, earlier, str(resolution(earlier)))
                if open_now and n - open_now[0] <= SETTLED_WITHIN:
                    found.setdefault(open_now[0], Settled(open_now[2], open_now[1], open_now[0], n))
                open_now = None
            elif asks_agreement(said):
                if earlier and not put_forward(earlier):
                    open_now = (n, earlier, str(resolution(earlier)))
                asked = open_now is not None
            elif written := put_forward(said):
                open_now = (n, said, written)
        answer = next((u for u in talk[n + 1:n + 2] if u.speaker != utterance.speaker), None)
        if asked and open_now and answer and agrees(answer.text):
            found.setdefault(open_now[0], Settled(open_now[2], open_now[1], open_now[0], n + 1))
            open_now = None
    return list(found.values())
