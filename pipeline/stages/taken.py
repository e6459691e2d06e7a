"""Tasks in talk: what an utterance asks for, promises or gives, once somebody has taken it on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.meeting import Utterance
from pipeline.stages.told import CHATTER
from pipeline.swedish.cues import refuses, takes_on
from pipeline.swedish.numbers import digits
from pipeline.swedish.tasks import assigned, charged, day_asked, due_of, left_over, planned, promise, request, still_to_do, who_does, wished
from pipeline.teams.names import calls, with_first_name

SOUGHT_WITHIN = 3  # utterances after "vem bokar lokal?" in which somebody takes it on, or after a promise in which its day is said
GIVEN_WITHIN = 4  # utterances before "Omar gör schemat" in which Omar has taken it on


@dataclass(frozen=True)
class Taken:
    """A task in written words, whose it is, by when, and the utterances that say so."""

    task: str
    owner: str
    due: str | None
    said: tuple[Utterance, ...]


def _unaddressed(task: str, owner: str) -> str:
    """A task without the name of whom it was asked of ("gör det testet, Veronica, så att …")."""
    return re.sub(rf",? \b{re.escape(owner.split()[0])}\b,?", "", task)


def task_in(talk: Sequence[Utterance], at: int, names: Sequence[str]) -> Taken | None:
    """The task that an utterance asks for or promises, once somebody has taken it on."""
    utterance, speaker = talk[at], talk[at].person or talk[at].speaker
    own = digits(utterance.text)
    if taken := _taken_on(talk[at:]):
        task, taker = taken
        owner = taker.person or taker.speaker
        due = due_of(digits(taker.text)) or due_of(own)
        dated = None if due else _day_given(talk, talk.index(taker), owner)
        said = tuple(dict.fromkeys((utterance, taker, *(dated[1:] if dated else ()))))
        return Taken(_unaddressed(task, owner), owner, dated[0] if dated else due, said)
    if given := _given(talk, at, names):
        return Taken(*given, due_of(own), (utterance,))
    if (plan := planned(utterance.text)) and (dated := _day_given(talk, at, speaker)):
        return Taken(plan, speaker, dated[0], (utterance, dated[1]))
    if left := left_over(utterance.text):
        after = next(((due, u) for u in talk[at + 1:at + 1 + SOUGHT_WITHIN] if (due := due_of(digits(u.text)))), None)
        return Taken(left, speaker, after[0] if after else None, (utterance, after[1]) if after else (utterance,))
    before = talk[at - 1] if at else None
    own_words = utterance.text
    if before and before.person and before.speaker != utterance.speaker:  # "då anmäler jag dig"
        own_words = re.sub(r"(?i)(?<=\bjag )(?:dig|dej)\b", before.person, own_words)
    promised = promise(own_words, before.text if before else "")
    if not promised or CHATTER.search(promised):
        return None
    if (due := due_of(own)) is None and (dated := _day_given(talk, at, speaker)):
        return Taken(promised, speaker, dated[0], (utterance, dated[1]))
    return Taken(promised, speaker, due, (utterance,))


def _day_given(talk: Sequence[Utterance], at: int, owner: str) -> tuple[str, Utterance] | None:
    """The day that the owner gives for what the utterance tells, when somebody asks for it just afterwards, and the utterance that says so."""
    for question, answer in pairwise(talk[at + 1:at + 2 + SOUGHT_WITHIN]):
        if (answer.person or answer.speaker) == owner and (due := day_asked(question.text, answer.text)):
            return due, answer
    return None


def _taken_on(talk: Sequence[Utterance]) -> tuple[str, Utterance] | None:
    """The task that the first utterance asks for, and who takes it on: whoever is asked or told by name, who answers "vem …?", or who
    offers to when the one who was asked declines."""
    first, answer = talk[0], next(iter(talk[1:]), None)
    if answer is None or answer.speaker == first.speaker:
        return None
    if takes_on(answer.text):
        given = answer.person.split()[0] if answer.person else None
        if task := request(first.text) or (assigned(first.text, given) if given else None):
            return task, answer
    if wish := wished(first.text, answer.text) or still_to_do(first.text, answer.text):
        return wish, answer
    if sought := who_does(first.text) or (request(first.text) if refuses(answer.text) else None):
        for before, u in pairwise(talk[:SOUGHT_WITHIN + 1]):
            asked = bool(u.person) and calls(before.text, str(u.person))
            if u.speaker != first.speaker and takes_on(u.text) and (asked or re.search(r"(?i)\bjag\b", u.text)):
                return sought, u
    return None


def _given(talk: Sequence[Utterance], at: int, names: Sequence[str]) -> tuple[str, str] | None:
    """(task, owner) that who leads gives somebody formally ("Kenneth får i uppdrag att …"), or repeats for the record, of what somebody took
    on just before: "Omar gör schemat"."""
    if formal := charged(talk[at].text):
        owner = with_first_name(formal[0], names)
        return (formal[1], owner) if owner else None
    for u in reversed(talk[max(0, at - GIVEN_WITHIN):at]):
        if u.person and u.speaker != talk[at].speaker and takes_on(u.text) and (task := assigned(talk[at].text, u.person.split()[0])):
            return task, u.person
    return None
