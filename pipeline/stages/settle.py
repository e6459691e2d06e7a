"""Proposals that the talk settles without repeating them: "jag föreslår ett pilotprojekt i höst" – "då gör vi det"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.minutes.worth import worth
from pipeline.meeting import Utterance
from pipeline.swedish.clauses import FINITE
from pipeline.swedish.cues import agrees, says_no, turns_down
from pipeline.swedish.decisions import LONGEST_DECISION, asks_agreement, matter_words, put_forward, resolution, settles_it, with_object
from pipeline.swedish.numbers import MONTHS
from pipeline.swedish.register import FIRST_PERSON
from pipeline.swedish.tasks import bare, is_deadline, mended
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


_WE_DO = re.compile(r"(?i)^(?:(?:ja|jo|nej|men|så|okej|bra)[,. ]+)*vi [a-zåäö]{3,}r (?!inte vet\b|till\b|vidare\b)")
_ANSWERED = re.compile(r"(?i)^(?:ja|nej|bra|okej|inte det|det är det inte)\W*$")
RAISED_WITHIN = 6  # utterances before a proposal, or before "då köper vi inte", in which what it stands for, or what is not bought, was named
AGREED_WITHIN = 4  # utterances that only agree, between what they agree to and "då är det beslutat"


_NAMED = re.compile(r"(?<=\w )[A-ZÅÄÖÉ][a-zåäöé]{2,}")


def _matter(said: str) -> set[str]:
    """The words that say what a sentence is about, and the places and units it names."""
    return matter_words(said) | set(_NAMED.findall(said))


def _resolved(sentences: Iterable[str], least: float) -> tuple[str, str] | None:
    """The first sentence that says what a meeting may decide, and that in written words."""
    for said in sentences:
        if not said.endswith("?") and (worth(said) >= least or _WE_DO.match(said)) and (written := resolution(said)):
            return said, written
    return None


def _agreed_to(talk: Sequence[Utterance], n: int) -> tuple[int, str, str] | None:
    """What was said last before ``n`` by who settles it, where the others only agreed in between."""
    for back in range(n - 1, max(-1, n - 2 - AGREED_WITHIN), -1):
        if talk[back].speaker == talk[n].speaker:
            said = _resolved(reversed(spoken_sentences(talk[back].text)), LEAST_WORTH)
            return (back, *said) if said and back < n - 1 else None
        if not agrees(talk[back].text):
            return None
    return None


_MORE = re.compile(rf"(?i)\b(?:från och med|före|senast|till|från|på|per|vecka) |\d|\b(?:{'|'.join(MONTHS)})\b")


_WHEN = re.compile(
    r"(?i)\b(?:(?:gör|säger|bestämmer|beslutar|kör|inför|provar|testar|startar|genomför) vi (?:så|det|den|dem)|"
    r"är det (?:\w+ )?(?:beslutat|bestämt|bifallet|antaget|klubbat)),? "
    r"(?P<when>(?:från|till|i|under|på|med start) [^?]{3,40})$")


_HOLDS_FROM = re.compile(r"(?i)^(?:(?:bra|okej|ja|fint)[,.]? )*då gäller det (?P<when>(?:från|till) [^?,]{3,40})")


def _added(after: Sequence[str], written: str) -> str | None:
    """What was settled with what who settles it says of it at once, without a verb ("då bestämmer vi det. En övning om året, den första före
    sista september"), or None."""
    said = bare(mended(after[0]).strip(" .")) if after and not after[0].endswith("?") else ""
    longer = f"{written.rstrip('.')}: {said[:1].lower()}{said[1:]}."
    if not said or FINITE.search(said) or not _MORE.search(said) or FIRST_PERSON.search(said) or len(longer.split()) > LONGEST_DECISION:
        return None
    return longer


_ASKS_PROPOSAL = re.compile(
    r"(?i)\b(?:vad (?:är|blir|lyder)|hur (?:är|lyder|ser)) (?:ditt |ert |då )?(?:förslag\w*|yrkande\w*|[\w ]{0,12}förslag\w* ut)[^.?!]*\?\s*$")


def _is_the_proposal(said: str) -> str | None:
    """A proposal told when asked for it: "att historiken gallras efter 90 dagar" → "Historiken gallras efter 90 dagar."."""
    return resolution(re.sub(r"(?i)^att |(?<=, och )att ", "", said)) if re.match(r"(?i)att ", said) else None


def settled(talk: Sequence[Utterance]) -> list[Settled]:
    """The proposals that are settled in the talk, in order: the last one put forward before each "då gör vi det", or what everybody is
    asked to agree to and somebody does."""
    found: dict[int, Settled] = {}
    open_now: tuple[int, str, str] | None = None  # place, sentence, written

    def settle(by: int) -> None:
        nonlocal open_now
        if open_now and by - open_now[0] <= SETTLED_WITHIN:
            at, said, written = open_now
            found.setdefault(at, Settled(with_object(written, [u.text for u in talk[max(0, at - RAISED_WITHIN):at + 1]]), said, at, by))
        open_now = None

    for n, utterance in enumerate(talk):
        spoken = spoken_sentences(utterance.text)
        holds = next((m for said in spoken if (m := _HOLDS_FROM.match(said.rstrip(" .!")))), None)
        last = max(found, default=None)
        if holds and last is not None and talk[last].speaker == utterance.speaker and n - last <= SETTLED_WITHIN and not open_now:
            found[last] = replace(found[last], text=f"{found[last].text.rstrip('.')}, {holds['when']}.", by=n)
        if open_now and (turns_down(utterance.text) or (says_no(utterance.text) and talk[open_now[0]].speaker != utterance.speaker)):
            open_now = None
        asked = False
        for i, said in enumerate(spoken):
            if settles_it(said):
                earlier = _resolved(reversed(spoken[:i]), LEAST_WORTH)
                stated = _resolved(spoken[i + 1:i + 2], LEAST_STATED)
                if stated and (open_now is None or len(matter_words(stated[0]) & matter_words(open_now[1])) >= SAME_MATTER):
                    open_now = (n, *stated)
                elif earlier and not (open_now and open_now[0] == n):
                    open_now = (n, *earlier)
                elif open_now and (added := _added(spoken[i + 1:i + 2], open_now[2])):
                    open_now = (*open_now[:2], added)
                if open_now and (when := _WHEN.search(said.rstrip(" .!"))) and is_deadline(when["when"]) and when["when"] not in open_now[2]:
                    open_now = (*open_now[:2], f"{open_now[2].rstrip('.')}, {when['when']}.")
                open_now = open_now or _agreed_to(talk, n)
                settle(n)
            elif asks_agreement(said) and not put_forward(said):
                earlier = _resolved(reversed(spoken[:i]), LEAST_WORTH)
                stated = _resolved(spoken[i + 1:i + 2], LEAST_STATED)
                if stated and open_now and _matter(stated[0]) & _matter(open_now[1]):  # who asks says what it comes to
                    open_now = (n, *stated)
                elif earlier and not put_forward(earlier[0]):
                    open_now = (n, *earlier)
                if any(_ANSWERED.match(s) for s in spoken[i + 1:i + 2]):  # who leads takes silence for consent
                    settle(n)
                asked = open_now is not None
            elif written := put_forward(said) or (_is_the_proposal(said) if n and _ASKS_PROPOSAL.search(talk[n - 1].text) else None):
                open_now = (n, said, written)
                asked = asks_agreement(said)
        answer = next((u for u in talk[n + 1:n + 2] if u.speaker != utterance.speaker), None)
        if asked and open_now and answer and agrees(answer.text):
            settle(n + 1)
    return list(found.values())
