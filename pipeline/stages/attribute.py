"""attribute: words and voices → utterances, and utterances → persons where that is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.meeting import Doubt, DoubtKind, Meeting, Ms, Turn, Utterance, Word
from pipeline.swedish.cues import is_transition, self_introductions
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
    the user named it, and when enough of what is said speaks for a name (``_signs``).
    """
    listed = list(utterances)
    known = {name_key(p.person.name): p.person.name for p in meeting.attendance}
    voices = dict(named or {})
    for voice, name_said in _named_voices(meeting, listed).items():
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


_VOICE = re.compile(r"(?:Talare|Speaker) \d+")
_OWN_NAME, _CALLED, _NAMED_LAST, _NAMED, _ANSWERED, _LEADS = 3.0, 1.5, 1.0, 0.4, 0.7, 5.0  # what each sign of a voice's name weighs
TITLE_STEM, LONGEST_TITLE = 6, 3  # letters by which a title's word is known; words of a sentence that may be nothing but a title
LEAST_SIGNS = 1.5  # being called by name once, and answering
CLEARLY = 1.5  # how much more must speak for a name than for any other, and for no other voice


def _signs(meeting: Meeting, utterances: Sequence[Utterance], names: Sequence[str]) -> dict[tuple[str, str], float]:
    """How much speaks for each (voice, name).

    For: giving the name; speaking after being called by it, most when the call ends with it; being answered by it. The chair's
    is the voice that leads: that moves the meeting on, gives the floor, reads titles out. Against: saying the name, for nobody calls himself.
    """
    signs: dict[tuple[str, str], float] = defaultdict(float)
    firsts = {n: re.compile(rf"\b{re.escape(n.split()[0])}\b") for n in names}
    leads: Counter[str] = Counter()
    titles = {w[:TITLE_STEM] for item in meeting.agenda for w in re.findall(r"[^\W\d_]+", item.title.casefold()) if len(w) >= TITLE_STEM}
    for position, u in enumerate(utterances):
        following = next((x.speaker for x in utterances[position + 1:position + 3] if x.speaker != u.speaker), None)
        before = utterances[position - 1].speaker if position else None
        own = {person for said in self_introductions(u.text, names) if (person := with_first_name(said, names))}
        for person in own:
            signs[u.speaker, person] += _OWN_NAME
        parts = re.split(r"(?<=[.!?])\s+", u.text.strip())
        for number, part in enumerate(parts):
            for name in (n for n in names if n not in own and firsts[n].search(part)):
                signs[u.speaker, name] -= 1.0
                if following and number < len(parts) - 1:
                    signs[following, name] += _NAMED
                elif following:
                    signs[following, name] += _CALLED if re.search(rf"{firsts[name].pattern}\W*$", part) else _NAMED_LAST
                if number == 0 and before not in (None, u.speaker) and re.match(rf"(?:\w{{2,6}},? )?{firsts[name].pattern}", part):
                    signs[str(before), name] += _ANSWERED
        asks = u.text.rstrip().endswith("?") and any(f.search(u.text) for f in firsts.values())
        gives_floor = any(re.search(rf"[.!,] {f.pattern}[.!]?$", u.text) for f in firsts.values())  # "Läkemedel. Cornelia."
        opening = re.findall(r"[^\W\d_]+", parts[0].casefold())  # "Införandeplanen."
        reads_title = len(opening) <= LONGEST_TITLE and any(w[:TITLE_STEM] in titles for w in opening)
        leads[u.speaker] += is_transition(u.text) + (asks or gives_floor) + reads_title
    (first, most), *others = leads.most_common(2) or [("", 0)]
    if meeting.chair in names and most >= 3 and most >= CLEARLY * (others[0][1] if others else 0):
        signs[first, str(meeting.chair)] += _LEADS
    return signs


def _named_voices(meeting: Meeting, utterances: Sequence[Utterance]) -> dict[str, str]:
    """The voices without a name for whose name enough speaks, and nothing near as much for another: the clearest first."""
    voices = {u.speaker for u in utterances if _VOICE.fullmatch(u.speaker)}
    if not voices:
        return {}
    names = [p.person.name for p in meeting.attendance if p.present] or [p.person.name for p in meeting.attendance]
    signs = {pair: weight for pair, weight in _signs(meeting, utterances, names).items() if pair[0] in voices}
    found: dict[str, str] = {}
    for (voice, name), weight in sorted(signs.items(), key=lambda s: (-s[1], s[0])):
        rivals = [w for (v, n), w in signs.items() if (v == voice) != (n == name)]
        if weight >= LEAST_SIGNS and weight >= CLEARLY * max(rivals, default=0.0):
            found[voice] = name
    return found
