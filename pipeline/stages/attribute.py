"""attribute: words and voices → utterances, and utterances → persons where that is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.meeting import Doubt, DoubtKind, Meeting, Ms, Turn, Utterance, Word
from pipeline.swedish.cues import self_introductions
from pipeline.swedish.sounds import Term, apply, corrections
from pipeline.teams.names import name_key, parse_name, with_first_name

PAUSE: Ms = 1_200
LONGEST: Ms = 25_000
NEAR: Ms = 3_000


def utterances_of(words: Sequence[Word], turns: Sequence[Turn]) -> tuple[Utterance, ...]:
    """Words grouped by who spoke them, cut at speaker changes, pauses and ends of long sentences."""
    speakers = _speakers(words, turns)
    groups: list[tuple[str, list[Word]]] = []
    for word, speaker in zip(words, speakers, strict=True):
        if groups:
            last_speaker, group = groups[-1]
            ended = group[-1].text.endswith((".", "?", "!"))
            length = word.end - group[0].start
            if (speaker == last_speaker and word.start - group[-1].end < PAUSE
                    and not (ended and length > LONGEST / 3) and length < LONGEST):
                group.append(word)
                continue
        groups.append((speaker, [word]))
    return tuple(Utterance(start=g[0].start, end=g[-1].end, speaker=s, text=" ".join(w.text for w in g), words=tuple(g))
                 for s, g in groups)


def _speakers(words: Sequence[Word], turns: Sequence[Turn]) -> list[str]:
    """The speaker of each word: whose turn covers most of it, else the nearest in time.

    A lone word inside another's sentence follows its neighbours, since word times are rough.
    """
    found: list[str] = []
    for word in words:
        covering = [(min(word.end, t.end) - max(word.start, t.start), t) for t in turns
                    if t.start - NEAR < word.end and t.end + NEAR > word.start]
        best = max(covering, key=lambda c: (c[0], -(c[1].end - c[1].start)), default=None)
        found.append(best[1].speaker if best else (found[-1] if found else "Talare 1"))
    for i in range(1, len(found) - 1):
        if found[i - 1] == found[i + 1] != found[i] and not words[i - 1].text.endswith((".", "?", "!")):
            found[i] = found[i - 1]
    return found


def with_terms(utterances: Iterable[Utterance], terms: Sequence[Term], names: Sequence[Term] = ()) -> tuple[Utterance, ...]:
    """The utterances with misheard terms of the glossary put right; each correction stays as a doubt to be looked at.

    ``names`` are put right only where we heard the words ourselves: Teams knows its own participants' names.
    """
    out = []
    for u in utterances:
        said = [w.text for w in u.words] or u.text.split()
        made = corrections(said, (*terms, *names) if u.words else terms)
        if not made:
            out.append(u)
            continue
        words = list(u.words)
        for c in reversed(made):
            if words:
                part = words[c.first:c.last]
                words[c.first:c.last] = [Word(start=part[0].start, end=part[-1].end, text=apply(said[c.first:c.last], [
                    replace(c, first=0, last=c.last - c.first)])[0], probability=min(w.probability for w in part))]
        doubts = tuple(Doubt(kind=DoubtKind.CORRECTED, ours=c.heard, theirs=c.written) for c in made)
        out.append(u.model_copy(update={"text": " ".join(apply(said, made)), "words": tuple(words), "doubts": u.doubts + doubts}))
    return tuple(out)


def persons_of(meeting: Meeting, utterances: Iterable[Utterance], named: Mapping[str, str] | None = None
               ) -> tuple[Utterance, ...]:
    """The utterances with the person who speaks, where it is known.

    A person's own Teams account is that person. Somebody in a room is known when alone there, when
    introducing himself, or when addressed by name just before. A voice without a name is known when
    the user named it, when it introduces itself, or when it was addressed by name again and again.
    """
    listed = list(utterances)
    known = {name_key(p.person.name): p.person.name for p in meeting.attendance}
    voices = dict(named or {})
    for voice, name_said in _introduced(listed, list(known.values())).items():
        voices.setdefault(voice, name_said)
    out: list[Utterance] = []
    in_room: dict[str, str] = {}
    voice_in_room = _voices_in_rooms(meeting, listed)
    for utterance in listed:
        name = parse_name(utterance.speaker)
        endpoint = meeting.endpoint(name.name)
        person: str | None
        if utterance.speaker in voices:
            person = voices[utterance.speaker]
        elif endpoint is None:
            person = known.get(name_key(name.name))
            for room in meeting.endpoints:
                if addressed := _addressed(utterance.text, room.occupants):
                    in_room[room.name] = addressed
        elif len(endpoint.occupants) == 1:
            person = endpoint.occupants[0]
        else:
            said = [with_first_name(n, endpoint.occupants) for n in self_introductions(utterance.text, endpoint.occupants)]
            if said and (introduced := said[0]):
                in_room[endpoint.name] = introduced
            person = voice_in_room.get((endpoint.name, utterance.voice or "")) or in_room.get(endpoint.name)
        out.append(utterance.model_copy(update={"person": person}))
    return tuple(out)


def _voices_in_rooms(meeting: Meeting, utterances: Iterable[Utterance]) -> dict[tuple[str, str], str]:
    """Whose voice each is among those who share a room, where the voice gives its own name."""
    found: dict[tuple[str, str], str] = {}
    for u in utterances:
        endpoint = meeting.endpoint(parse_name(u.speaker).name)
        if u.voice and endpoint and len(endpoint.occupants) > 1:
            for said in self_introductions(u.text, endpoint.occupants):
                if person := with_first_name(said, endpoint.occupants):
                    found.setdefault((endpoint.name, u.voice), person)
    return found


def _addressed(text: str, names: Sequence[str]) -> str | None:
    """Which of the names is addressed last in a text, by first name."""
    found = [(m.start(), n) for n in names for m in re.finditer(rf"\b{re.escape(n.split()[0])}\b", text)]
    return max(found)[1] if found else None


def _introduced(utterances: Sequence[Utterance], names: Sequence[str]) -> dict[str, str]:
    """Anonymous voices that give their own name, or are answered for by it at least twice."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for before, utterance in zip([None, *utterances[:-1]], utterances, strict=True):
        if not re.fullmatch(r"(?:Talare|Speaker) \d+", utterance.speaker):
            continue
        for said in self_introductions(utterance.text, names):
            if person := with_first_name(said, names):
                votes[utterance.speaker][person] += 3
        if before is not None and before.speaker != utterance.speaker:
            tail = re.split(r"(?<=[.!?])\s+", before.text)[-1]
            if addressed := _addressed(tail, names):
                votes[utterance.speaker][addressed] += 1
    found: dict[str, str] = {}
    for voice, counts in sorted(votes.items(), key=lambda v: -max(v[1].values())):
        (person, count), *others = counts.most_common(2)
        if count >= 2 and count >= 2 * (others[0][1] if others else 0) and person not in found.values():
            found[voice] = person
    return found
