"""compare: a recording as we hear it and its Teams transcript check each other.

Both have their own clock: recording and transcription are started with separate buttons. The offset
is estimated from what both heard; words are then aligned in time and text, and where numbers,
negations, names or terms differ, the utterance carries a doubt for the reviewer. Voices and cues name
each other by how much they overlap in time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from pipeline.meeting import Doubt, DoubtKind, Ms, Transcript, Turn, Utterance, Word
from pipeline.swedish.numbers import digits, figures
from pipeline.swedish.register import NEGATION
from pipeline.swedish.sounds import likeness
from pipeline.teams.transcript_vtt import UNKNOWN_SPEAKER

ANCHOR_WORDS = 3
FEWEST_ANCHORS = 3
BIN: Ms = 1_000
LARGEST_OFFSET: Ms = 2 * 3600 * 1000
REACH: Ms = 4_000
SURE_SHARE = 0.6  # of a voice's time that must lie under one name
SAME_MEETING = 0.2  # of the written words that must be heard, too, for a transcript to be of this recording
LEAST_COMMON = 0.35  # of an utterance's words that both must share before differences mean anything


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _timed_tokens(utterances: Sequence[Utterance]) -> list[tuple[str, Ms]]:
    """Every word with its time, spread evenly over an utterance that has no word times."""
    found: list[tuple[str, Ms]] = []
    for u in utterances:
        if u.words:
            found += [(t, w.start) for w in u.words for t in _tokens(w.text)]
        else:
            tokens = _tokens(u.text)
            step = (u.end - u.start) / max(1, len(tokens))
            found += [(t, int(u.start + n * step)) for n, t in enumerate(tokens)]
    return found


def clock_offset(heard: Sequence[Utterance], written: Sequence[Utterance]) -> Ms | None:
    """What to add to a transcript's times to get times in the recording (ms); None when both share too little.

    Runs of three words that occur once in each are anchors; the offset on which most agree within a
    second wins, refined to their median. Repeated phrases and misheard words only spread noise.
    """
    def anchors(tokens: list[tuple[str, Ms]]) -> dict[tuple[str, ...], Ms]:
        grams = [(tuple(t for t, _ in tokens[i:i + ANCHOR_WORDS]), tokens[i][1]) for i in range(len(tokens) - ANCHOR_WORDS + 1)]
        counts = Counter(g for g, _ in grams)
        return {g: at for g, at in grams if counts[g] == 1}

    ours, theirs = anchors(_timed_tokens(heard)), anchors(_timed_tokens(written))
    offsets = sorted(ours[g] - theirs[g] for g in ours.keys() & theirs.keys() if abs(ours[g] - theirs[g]) < LARGEST_OFFSET)
    if len(offsets) < FEWEST_ANCHORS:
        return None
    best: list[Ms] = []
    first = 0
    for last, value in enumerate(offsets):
        while value - offsets[first] > 2 * BIN:
            first += 1
        if last + 1 - first > len(best):
            best = offsets[first:last + 1]
    return best[len(best) // 2] if len(best) >= FEWEST_ANCHORS else None


def shifted(utterances: Sequence[Utterance], offset: Ms) -> tuple[Utterance, ...]:
    """The utterances with their times moved."""
    return tuple(u.model_copy(update={"start": u.start + offset, "end": u.end + offset}) for u in utterances)


def _overlap(turn: Turn, cue: Utterance) -> Ms:
    return max(0, min(turn.end, cue.end) - max(turn.start, cue.start))


def names_of_voices(turns: Sequence[Turn], cues: Sequence[Utterance]) -> dict[str, tuple[str, float]]:
    """For each voice the Teams name that it speaks under most, with the share of its time (0..1)."""
    time_under: dict[str, Counter[str]] = defaultdict(Counter)
    for turn in turns:
        for cue in cues:
            if shared := _overlap(turn, cue):
                time_under[turn.speaker][cue.speaker] += shared
    found = {}
    for voice, names in time_under.items():
        (name, most), total = names.most_common(1)[0], sum(names.values())
        found[voice] = (name, most / total)
    return found


def with_voices(cues: Sequence[Utterance], turns: Sequence[Turn]) -> tuple[Utterance, ...]:
    """The cues with the voice that is heard in most of each."""
    out = []
    for cue in cues:
        shares: Counter[str] = Counter()
        for t in turns:
            if shared := _overlap(t, cue):
                shares[t.speaker] += shared
        out.append(cue.model_copy(update={"voice": shares.most_common(1)[0][0] if shares else None}))
    return tuple(out)


@dataclass(frozen=True)
class _Difference:
    ours: list[str]
    theirs: list[str]


def _differences(ours: list[str], theirs: list[str]) -> tuple[float, list[_Difference]]:
    """(share of the written words that both have, where they differ)."""
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return common / max(1, len(theirs)), [
        _Difference(ours[a:b], theirs[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]


def with_doubts(cues: Sequence[Utterance], heard: Sequence[Word], terms: Sequence[str]) -> tuple[Utterance, ...]:
    """The cues with what we hear differently in them: figures, negations, names and terms.

    An utterance in which both have little in common is not compared: one of the two did not hear it.
    """
    folded = [t.casefold() for t in terms if len(t) > 3]
    words = sorted(heard, key=lambda w: w.start)
    out: list[Utterance] = []
    begin = 0
    for cue in cues:
        while begin < len(words) and words[begin].end < cue.start - REACH:
            begin += 1
        near = []
        for w in islice(words, begin, None):
            if w.start > cue.end + REACH:
                break
            near.append(w)
        out.append(_doubted(cue, near, folded))
    return tuple(out)


def _doubted(cue: Utterance, near: Sequence[Word], terms: Sequence[str]) -> Utterance:
    theirs = _tokens(digits(cue.text))
    ours_all = _tokens(digits(" ".join(w.text for w in near)))
    if len(theirs) < 4 or len(ours_all) < 4:
        return cue
    matcher = SequenceMatcher(None, ours_all, theirs, autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    if not blocks:
        return cue
    ours = ours_all[max(0, blocks[0].a - blocks[0].b):blocks[-1].a + len(theirs) - blocks[-1].b]
    common, differences = _differences(ours, theirs)
    if common < LEAST_COMMON:
        return cue
    doubts: list[Doubt] = []
    for d in differences:
        a, b = " ".join(d.ours), " ".join(d.theirs)
        figures_a, figures_b = set(figures(a)), set(figures(b))
        if (figures_a or figures_b) and a and b and figures_a != figures_b:
            doubts.append(Doubt(kind=DoubtKind.NUMBER, ours=a, theirs=b))
        elif bool(NEGATION.search(a)) != bool(NEGATION.search(b)):
            doubts.append(Doubt(kind=DoubtKind.NEGATION, ours=a, theirs=b))
        elif a and b and any(t in a or t in b for t in terms) and likeness(a, b) < 0.9:
            doubts.append(Doubt(kind=DoubtKind.NAME, ours=a, theirs=b))
    return cue.model_copy(update={"doubts": tuple(doubts)})


def checked_transcript(written: Transcript, heard: Transcript, words: Sequence[Word], turns: Sequence[Turn],
                       terms: Sequence[str]) -> Transcript:
    """Teams' text on the recording's clock, with voices and with doubts where we hear something else.

    Where hardly anything is common (a transcript made in the wrong language, or of another meeting), our
    own hearing is used, with the names of Teams' cues for the voices that speak under them.
    """
    ours, theirs = (Counter(_tokens(" ".join(u.text for u in t.utterances))) for t in (heard, written))
    common = (ours & theirs).total() / max(1, theirs.total())
    offset = clock_offset(heard.utterances, written.utterances)
    if common < SAME_MEETING:
        names = names_of_voices(turns, shifted(written.utterances, offset or 0)) if offset is not None else {}
        sure = {v: n for v, (n, share) in names.items() if share >= SURE_SHARE and n != UNKNOWN_SPEAKER}
        utterances = tuple(u.model_copy(update={"speaker": sure.get(u.speaker, u.speaker), "voice": u.speaker})
                           for u in heard.utterances)
        return heard.model_copy(update={"utterances": utterances, "warnings": (*heard.warnings, (
            "Teams-transkriptet stämmer inte med det som hörs i inspelningen (fel språk eller fel möte?); "
            "utkastet bygger på inspelningen."))})
    warnings = list(heard.warnings)
    if offset is None:
        warnings.append("Transkriptets tider kunde inte läggas i takt med inspelningen; tidsangivelserna är transkriptets.")
        offset = 0
    cues = with_doubts(with_voices(shifted(written.utterances, offset), turns), words, terms)
    if all(u.speaker == UNKNOWN_SPEAKER for u in cues):
        cues = tuple(u.model_copy(update={"speaker": u.voice or u.speaker}) for u in cues)
    return heard.model_copy(update={
        "utterances": cues, "source": f"{written.source}, kontrollerat mot {heard.source}", "warnings": tuple(warnings)})
