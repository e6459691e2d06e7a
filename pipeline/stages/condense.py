"""condense: the talk of an agenda item → proposed statements → those that pass verification.

Talk is cut into stretches of turns that belong together. For each, the language model proposes
(greedily, and once more by sampling where nothing passed), rules propose what is regular (decisions,
tasks, the next meeting), and compression proposes sentences made of the words said. The best ones that
pass are kept; duplicates within an item are merged, the later figure replacing the earlier.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from models.language import LanguageModel, Request
from models.minutes.fewshot import messages
from models.minutes.format import PROMPT_VERSION, Proposal, grammar, parse_answer, prompt
from pipeline.meeting import (
    AgendaItem,
    Evidence,
    Flag,
    Kind,
    Meeting,
    Section,
    Statement,
    Utterance,
    Withheld,
)
from pipeline.stages.verify import FATAL, Problem, Support, problems
from pipeline.swedish.cues import accepts, sounds_postponed
from pipeline.swedish.dates import appointment, with_months, written_day
from pipeline.swedish.numbers import digits, figures
from pipeline.swedish.personal import withheld
from pipeline.swedish.register import HEDGE, NEGATION, sentence, stems
from pipeline.swedish.repairs import retracted_figures, without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.written import compress, due_of, promise, request, spoken_sentences

VERSION = f"3-{PROMPT_VERSION}"
STRETCH_WORDS = 110
FEWEST_WORDS = 6
LENGTH_BUDGET = 0.115  # words of the draft's body per word of talk
SMALLEST_BUDGET = 60
SECOND_TEMPERATURE = 0.7  # of the second try where no proposal passed
SAME = 0.6  # share of common word beginnings at which two statements say the same

_CHATTER = re.compile(
    r"(?i)\b(?:hör ni mig|hörs jag|du är mutad|är mutad|ser ni (?:min )?skärm|dela(?:r)? skärm|bryter (?:lite|upp)|kopplar (?:ner|upp)|"
    r"tappade er|hallå|kameran (?:är )?av|spelas? in|inspelning\w*|mikrofon\w*|kaffe|bulle\w*|semla|semlor|fika\w*)\b")


_LEADING = re.compile(
    r"(?i)\b(?:nästa punkt|punkt \d+|går (?:man|vi|\w+) (?:vidare|till|över)|tar (?:man|vi) |övriga frågor|öppna\w* mötet|avslut\w* mötet|"
    r"välkomna|dagordning\w*|det blir \w+dagen|framme vid|laget runt)\b")


@dataclass
class Candidate:
    """A proposal with what it rests on and what speaks against it."""

    kind: Kind
    text: str
    owner: str | None
    due: str | None
    made_by: Literal["language_model", "compression"]
    evidence: tuple[Utterance, ...]
    problems: tuple[Problem, ...] = ()
    weight: float = 0.0

    @property
    def passes(self) -> bool:
        return not FATAL.intersection(self.problems)


@dataclass(frozen=True)
class Stretch:
    """Turns that are read together, and the item that they belong to."""

    item: AgendaItem | None
    label: str
    utterances: tuple[Utterance, ...]

    @property
    def turns(self) -> list[tuple[str, str]]:
        """(speaker, talk), following utterances of one speaker joined."""
        joined: list[tuple[str, str]] = []
        for u in self.utterances:
            speaker = u.person or u.speaker
            if joined and joined[-1][0] == speaker:
                joined[-1] = (speaker, f"{joined[-1][1]} {u.text}")
            else:
                joined.append((speaker, u.text))
        return joined


@dataclass
class Trace:
    """What was proposed for an item and why it was not kept, for ``--explain``."""

    lines: list[str] = field(default_factory=list)

    def note(self, verdict: str, candidate: Candidate) -> None:
        why = ", ".join(candidate.problems) or "–"
        self.lines.append(f"{verdict}: [{candidate.kind}] {candidate.text} ({candidate.made_by}; {why})")


@dataclass(frozen=True)
class Condensed:
    """The statements of one section, what was withheld, and the trace of the choice."""

    item: str | None
    statements: tuple[Statement, ...]
    withheld: tuple[Withheld, ...] = ()
    trace: tuple[str, ...] = ()


def cut(section: Section, meeting: Meeting) -> list[Stretch]:
    """The stretches of a section: about STRETCH_WORDS words, cut where a question opens something new."""
    item = meeting.agenda.get(section.item) if section.item else None
    label = " – ".join(i.title for i in meeting.agenda.path(section.item)) if section.item else (meeting.title or "Mötet")
    stretches: list[list[Utterance]] = []
    words = 0
    for utterance in section.utterances:
        size = len(utterance.text.split())
        gap = utterance.start - stretches[-1][-1].end if stretches else 0
        opens = utterance.text.rstrip().endswith("?") and (not meeting.chair or utterance.person == meeting.chair)
        if not stretches or words + size > STRETCH_WORDS * 1.4 or (words > STRETCH_WORDS * 0.6 and opens) or (
                words > STRETCH_WORDS) or gap > 60_000:
            stretches.append([])
            words = 0
        stretches[-1].append(utterance)
        words += size
    return [Stretch(item, label, tuple(s)) for s in stretches if sum(len(u.text.split()) for u in s) >= FEWEST_WORDS]


def _support(stretch: Stretch, meeting: Meeting) -> Support:
    turns = [t for _, t in stretch.turns]
    mended = [without_retractions(digits(t)) for t in turns]
    day = meeting.date
    context = f"{stretch.label} {day.isoformat() if day else ''} {day.year if day else ''}"
    return Support.of(mended, context, retracted_figures(turns), meeting.names)


def _nearest(text: str, utterances: Sequence[Utterance], most: int = 3) -> tuple[Utterance, ...]:
    """The utterances that a text rests on: those that share most of its figures and words, in time order."""
    wanted, numbers = set(stems(text)), set(figures(text))
    scored = []
    for position, u in enumerate(utterances):
        shared = len(wanted & set(stems(u.text))) + 2.0 * len(numbers & set(figures(u.text)))
        scored.append((shared, position))
    scored.sort(key=lambda s: (-s[0], s[1]))
    chosen: list[int] = []
    covered: set[str] = set()
    for shared, position in scored[:8]:
        if not shared and chosen:
            break
        here = (wanted & set(stems(utterances[position].text))) | (numbers & set(figures(utterances[position].text)))
        if chosen and not here - covered:
            continue
        chosen.append(position)
        covered |= here
        if len(chosen) == most:
            break
    return tuple(utterances[i] for i in sorted(chosen or [0]))


def _resolve_owner(who: str | None, stretch: Stretch, meeting: Meeting) -> str | None:
    """The full name or speaker key of an owner, or the unit as written; None when nobody is known."""
    if not who:
        return None
    speakers = list(dict.fromkeys(s for s, _ in stretch.turns))
    folded = who.casefold().strip(" .")
    for name in (*speakers, *meeting.names):
        if name.casefold() == folded:
            return name
    firsts = [n for n in dict.fromkeys((*speakers, *meeting.names)) if n.split() and n.split()[0].casefold() == folded.split()[0]]
    if len(firsts) == 1:
        return firsts[0]
    talk = " ".join(t for _, t in stretch.turns).casefold()
    return who if folded.split()[0][:5] in talk else None


_KINDS = {"info": Kind.INFORMATION, "beslut": Kind.DECISION, "åtgärd": Kind.ACTION}


def _judge(candidate: Candidate, stretch: Stretch, support: Support, meeting: Meeting) -> Candidate:
    """The candidate with its evidence and what speaks against it; a decision nobody took becomes information."""
    evidence = _nearest(f"{candidate.text} {candidate.due or ''}", stretch.utterances)
    nearest = " ".join(u.text for u in evidence)
    talk = [u.text for u in stretch.utterances]
    text = f"{candidate.text} {candidate.due or ''}".strip()
    found = problems(candidate.kind, text, support, nearest, talk)
    if candidate.kind is Kind.DECISION and Problem.DECISION in found:
        candidate = replace(candidate, kind=Kind.INFORMATION)
        found = problems(candidate.kind, text, support, nearest, talk)
    if candidate.kind is Kind.ACTION and candidate.owner is None and candidate.made_by == "language_model":
        found.append(Problem.PROMISE)
    weight = 1.0 if candidate.made_by == "language_model" else 0.4
    weight += {Kind.DECISION: 4.0, Kind.POSTPONED: 4.0, Kind.ACTION: 3.0}.get(candidate.kind, 0.0)
    weight += 0.5 * min(3, len(figures(text))) - 0.8 * (Problem.NEGATION in found)
    weight += 0.3 if HEDGE.search(candidate.text) or NEGATION.search(candidate.text) else 0.0
    return replace(candidate, text=with_months(candidate.text, meeting.date), evidence=evidence,
                   problems=tuple(dict.fromkeys(found)), weight=weight)


def _from_model(proposals: Sequence[Proposal], stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """The proposals, judged; of one that does not pass, its sentences are judged each by itself."""
    judged: list[Candidate] = []
    for p in proposals:
        if not p.text.strip():
            continue
        whole = Candidate(_KINDS[p.kind], sentence(p.text), _resolve_owner(p.who, stretch, meeting),
                          p.due.rstrip(".") if p.due else None, "language_model", ())
        verdict = _judge(whole, stretch, support, meeting)
        parts = sentences(whole.text)
        if verdict.passes or len(parts) == 1:
            judged.append(verdict)
        else:
            judged += [_judge(replace(whole, text=sentence(part)), stretch, support, meeting) for part in parts]
    return judged


def _subject(stretch: Stretch, utterance: Utterance, meeting: Meeting) -> str:
    """What "vi" stands for: the site of a sub-item, else the unit."""
    if stretch.item and stretch.item.parent and len(stretch.item.title.split()) <= 3:
        title = stretch.item.title  # a place is said as it is written; a matter gets its ending ("inklusionen")
        if any(re.search(rf"\b{re.escape(title)}\b", u.text) for u in stretch.utterances):
            return title
    person = next((p.person for p in meeting.attendance if p.person.name == utterance.person), None)
    return person.organisation if person and person.organisation else "Verksamheten"


def _compressed(stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """Candidates made of the words said: sentences with a figure or a weighty word, decisions, tasks."""
    found: list[Candidate] = []

    def propose(kind: Kind, text: str, utterance: Utterance, owner: str | None = None, due: str | None = None,
                weight: float = 0.0) -> None:
        judged = _judge(Candidate(kind, text, owner, due, "compression", ()), stretch, support, meeting)
        found.append(replace(judged, evidence=(utterance,), weight=judged.weight + weight))

    utterances = stretch.utterances
    for position, utterance in enumerate(utterances):
        following = utterances[position + 1] if position + 1 < len(utterances) else None
        talk = digits(utterance.text)
        asked = request(utterance.text)
        if asked and following and following.speaker != utterance.speaker and accepts(following.text):
            due = due_of(talk) or due_of(digits(following.text))
            propose(Kind.ACTION, asked, utterance, following.person or following.speaker, due)
        elif promised := promise(utterance.text):
            propose(Kind.ACTION, promised, utterance, utterance.person or utterance.speaker, due_of(talk))
        for said in spoken_sentences(utterance.text):
            text = compress(said, _subject(stretch, utterance, meeting))
            if not text or _CHATTER.search(said) or _LEADING.search(text):
                continue
            decided = _DECIDED_THAT.search(text)
            if decided:
                propose(Kind.DECISION, sentence(decided["what"]), utterance)
                continue
            weight = 0.6 * min(2, len(figures(text))) + (0.5 if _WEIGHTY.search(text) else 0.0)
            if weight > 0.4:
                propose(Kind.INFORMATION, text, utterance, weight=weight - 1.0)
    return found


_DECIDED_THAT = re.compile(r"(?i)\b(?:beslutar|bestämmer|enas om|är överens om|fastställer|säger)(?: \w+){0,2} att (?P<what>.{8,})")
_WEIGHTY = re.compile(
    r"(?i)\b(?:planera\w*|preliminär\w*|start\w*|klar\w*|färdig\w*|försen\w*|öka\w*|minska\w*|inspektion\w*|upphandling\w*|"
    r"rekryter\w*|vaka\w*|budget\w*|kostnad\w*|avvik\w*|risk\w*|godkän\w*|tillstånd\w*|leverans\w*|leverera\w*|införs|uppdater\w*|"
    r"kalibrer\w*|utred\w*|inväntar|saknas|berör\w*|driftstart\w*|utbildning\w*|remiss\w*|avvakta\w*)\b")


def _regular(section: Section, meeting: Meeting) -> list[Candidate]:
    """What standing items yield whatever the group: agenda and minutes approved, postponement."""
    item = meeting.agenda.get(section.item) if section.item else None
    title = item.title.casefold() if item else ""
    utterances = section.utterances
    found: list[Candidate] = []

    def add(kind: Kind, text: str, evidence: Sequence[Utterance]) -> None:
        found.append(Candidate(kind, text, None, None, "compression", tuple(evidence), weight=6.0))

    if re.search(r"öppna|dagordning", title):
        for u in utterances:
            if re.search(r"(?i)\bdagordning\w*", u.text) and re.search(r"(?i)\b(?:godkän\w*|fastställ\w*|okej|ok)\b", u.text):
                add(Kind.INFORMATION, "Dagordningen godkänns.", [u])
                break
    if re.search(r"föregående|förra", title):
        for u in utterances:
            if re.search(r"(?i)till handlingarna|\bgodkänn\w*", u.text) and not re.search(r"(?i)\binte godkän", u.text):
                noun = "Protokollet" if "protokoll" in title else "Anteckningarna"
                add(Kind.INFORMATION, f"{noun} från föregående möte godkänns och läggs till handlingarna.", [u])
                break
    for before, u in pairwise(utterances):
        if re.search(r"(?i)\bjuster(?:a|are|ar)\b", before.text) and accepts(u.text) and u.person in meeting.names and (
                str(u.person).split()[0] in before.text):
            add(Kind.DECISION, f"{u.person} utses att justera protokollet.", [before, u])
            break
    words = sum(len(u.text.split()) for u in utterances)
    postponing = [u for u in utterances if sounds_postponed(u.text)]
    if postponing and words < 160 and item and not re.search(r"nästa|öppna|övrig|avslut", title):
        add(Kind.POSTPONED, "Punkten skjuts upp till nästa möte.", [postponing[-1]])
    return found


_NEXT_ITEM = re.compile(r"(?i)nästa (?:möte|sammanträde|gång)|mötestid|kommande möten")
_NEXT_SAID = re.compile(r"(?i)(?<!till )(?<!före )(?<!innan )(?<!inför )(?<!från )(?<!på )\b(?:"
                        r"nästa (?:möte|gång|avstämning|träff|sammanträde)|(?:ses|hörs|träffas) (?:vi|igen)|nya? (?:mötes)?tid(?:er)?\b)")
_NEXT_REACH = 14  # utterances after the cue in which day and time are settled


def _next_meeting(meeting: Meeting, sections: Sequence[Section]) -> tuple[int, Candidate] | None:
    """When the next meeting is, and the section that it belongs to: its own item, else where it was said."""
    own = next((n for n, s in enumerate(sections) if s.item and _NEXT_ITEM.search(meeting.agenda.get(s.item).title)), None)
    if meeting.date is None:
        return None
    everything = sorted(((u.start, n, u) for n, s in enumerate(sections) for u in s.utterances), key=lambda x: x[:2])
    starts = [i for i, (_, n, u) in enumerate(everything) if n == own or _NEXT_SAID.search(u.text)]
    mine = [i for i in starts if everything[i][1] == own]
    for first in ([mine[0]] if mine else []) + starts[::-1]:
        talk = [u.text for _, _, u in everything[first:first + _NEXT_REACH]]
        settled = appointment(talk, meeting.date, meeting.start)
        if settled is None or settled[0].day is None or settled[0].day <= meeting.date:
            continue
        when, where = settled
        _, section, said = everything[first + where]
        clock = f" kl. {when.clock}" if when.clock else ""
        place = " på Teams" if re.search(r"(?i)\bteams\b", " ".join(talk)) else ""
        assert when.day is not None
        text = f"Nästa möte hålls {written_day(when.day)}{clock}{place}."
        return section if own is None else own, Candidate(Kind.INFORMATION, text, None, None, "compression", (said,), weight=6.0)
    return None


def _same(a: Candidate, b: Candidate) -> bool:
    """Whether two statements of one item say the same thing."""
    if Kind.ACTION in (a.kind, b.kind) and a.kind is not b.kind:
        return False
    one, two = set(stems(a.text)), set(stems(b.text))
    if not one or not two:
        return a.text == b.text
    shared = len(one & two) / min(len(one), len(two))
    figures_a, figures_b = set(figures(a.text)), set(figures(b.text))
    if figures_a and figures_b and not (figures_a <= figures_b or figures_b <= figures_a):
        return shared > 0.85
    return shared >= SAME or bool({u.digest for u in a.evidence} & {u.digest for u in b.evidence}
                                  and a.kind is b.kind and shared > 0.4)


def _merge(candidates: Sequence[Candidate], trace: Trace) -> list[Candidate]:
    """One of each: a decision or task before information, then the weightier, then the later."""
    kept: list[Candidate] = []
    ranked = sorted(candidates, key=lambda c: (-c.weight, -(c.evidence[-1].start if c.evidence else 0)))
    for candidate in ranked:
        twin = next((k for k in kept if _same(k, candidate)), None)
        if twin is None:
            kept.append(candidate)
        else:
            trace.note("dubblett", candidate)
    return kept


def _flags(candidate: Candidate) -> tuple[tuple[Flag, ...], int | None]:
    """What a reviewer should look at: few and right, at most what cannot be settled by machine."""
    flags: list[Flag] = []
    uncertain = [w for u in candidate.evidence for w in u.uncertain
                 if (w.text.casefold().strip(".,?!")[:5] in candidate.text.casefold() and len(w.text) > 3)
                 or any(ch.isdigit() for ch in w.text)]
    if uncertain:
        flags.append(Flag.UNCERTAIN)
    if Problem.NEGATION in candidate.problems:
        flags.append(Flag.NEGATION)
    if candidate.kind is Kind.ACTION and not candidate.owner:
        flags.append(Flag.OWNER)
    return tuple(flags), (uncertain[0].start if uncertain else None)


def _statement(candidate: Candidate, item: str | None, number: int) -> Statement:
    flags, at = _flags(candidate)
    digest = hashlib.sha256(f"{item}|{candidate.text}|{candidate.evidence[0].start}".encode()).hexdigest()[:10]
    return Statement(
        id=f"s{number}-{digest}", kind=candidate.kind, text=candidate.text, owner=candidate.owner, due=candidate.due,
        evidence=tuple(Evidence.of(u) for u in candidate.evidence), made_by=candidate.made_by, flags=flags, uncertain_at=at)


def requests_for(stretches: Sequence[Stretch], meeting: Meeting, prompting: str) -> list[Request]:
    """One question a stretch."""
    found = []
    for s in stretches:
        text = prompt(meeting.date, s.label, [(who, without_retractions(digits(t))) for who, t in s.turns])
        found.append(Request(text=text, messages=messages(text) if prompting == "chat" else (),
                             grammar=grammar(who for who, _ in s.turns)))
    return found


def _candidates(stretch: Stretch, proposals: Sequence[Proposal], meeting: Meeting, has_model: bool, trace: Trace
                ) -> list[Candidate]:
    """What passes of a stretch: the model's proposals, and compression where the model has nothing that passes."""
    support = _support(stretch, meeting)
    proposed = _from_model(proposals, stretch, support, meeting)
    passed = [c for c in proposed if c.passes]
    for c in proposed:
        if not c.passes:
            trace.note("underkänd", c)
    made = [c for c in _compressed(stretch, support, meeting) if c.passes]
    if has_model:
        told = {f for c in passed for f in figures(c.text)}
        lost = any(not c.passes for c in proposed)
        made = [c for c in made if c.kind is not Kind.INFORMATION or (
            c.weight >= 0.5 and (set(figures(c.text)) - told or (lost and not told)))]
    return passed + made


def condense(meeting: Meeting, sections: Sequence[Section], model: LanguageModel | None,
             progress: Callable[[float], None] = lambda _: None) -> tuple[Condensed, ...]:
    """The statements of every section, in order. Talk of no item yields none where there is an agenda."""
    everything = sorted((u for s in sections for u in s.utterances), key=lambda u: u.start)
    out_of_draft = {(everything[i].start, everything[i].digest): reason
                    for i, reason in withheld(everything, meeting.names).items()}
    open_sections = []
    for section in sections:
        kept = tuple(u for u in section.utterances if (u.start, u.digest) not in out_of_draft)
        open_sections.append(section.model_copy(update={"utterances": kept}))
    jobs: list[tuple[int, Stretch]] = []
    for number, section in enumerate(open_sections):
        if section.item is not None or not len(meeting.agenda):
            jobs += [(number, s) for s in cut(section, meeting)]
    answers = _ask(model, [s for _, s in jobs], meeting, progress)
    results: list[Condensed] = []
    budget = max(SMALLEST_BUDGET, int(LENGTH_BUDGET * sum(len(u.text.split()) for u in everything)))
    pools: list[tuple[list[Candidate], Trace]] = []
    following = _next_meeting(meeting, open_sections)
    for number, section in enumerate(open_sections):
        trace = Trace()
        stretches = [s for n, s in jobs if n == number]
        candidates = _regular(section, meeting) if stretches else []
        if following and following[0] == number:
            candidates.append(following[1])
        for (owner, stretch), proposals in zip(jobs, answers, strict=True):
            if owner != number:
                continue
            candidates += _candidates(stretch, proposals, meeting, model is not None, trace)
        pools.append((_merge(candidates, trace), trace))
    allowed = _within(budget, [pool for pool, _ in pools])
    for section, (pool, trace) in zip(open_sections, pools, strict=True):
        chosen = sorted((c for c in pool if id(c) in allowed), key=lambda c: c.evidence[0].start)
        for c in pool:
            trace.note("med" if id(c) in allowed else "bortvald", c)
        results.append(Condensed(
            section.item, tuple(_statement(c, section.item, n) for n, c in enumerate(chosen, 1)),
            tuple(Withheld(start=u.start, end=u.end, reason=out_of_draft[(u.start, u.digest)])
                  for u in sections[len(results)].utterances if (u.start, u.digest) in out_of_draft),
            tuple(trace.lines)))
    return tuple(results)


def _size(c: Candidate) -> int:
    return len(c.text.split()) + len((c.due or "").split()) + (3 if c.owner else 0)


def _within(budget: int, pools: Sequence[Sequence[Candidate]]) -> set[int]:
    """The statements that fit the budget of words: decisions and tasks always, something of every item, then by gain.

    The gain of a statement is its weight with the figures and words that its item does not have yet.
    """
    chosen: set[int] = set()
    words = 0
    told: list[tuple[set[str], set[str]]] = [(set(), set()) for _ in pools]

    def choose(number: int, c: Candidate) -> None:
        nonlocal words
        chosen.add(id(c))
        words += _size(c)
        told[number][0].update(figures(c.text))
        told[number][1].update(stems(c.text))

    def gain(number: int, c: Candidate) -> float:
        new_figures = set(figures(c.text)) - told[number][0]
        new_words = set(stems(c.text)) - told[number][1]
        return float((c.weight + 0.8 * min(3, len(new_figures)) + 0.08 * len(new_words)) / _size(c) ** 0.5)

    for number, pool in enumerate(pools):
        for c in pool:
            if c.kind is not Kind.INFORMATION or c.weight >= 5:
                choose(number, c)
    for number, pool in enumerate(pools):
        if pool and not any(id(c) in chosen for c in pool):
            choose(number, max(pool, key=lambda c, n=number: gain(n, c)))  # type: ignore[misc]
    left = [(number, c) for number, pool in enumerate(pools) for c in pool if id(c) not in chosen]
    while left:
        number, c = best = max(left, key=lambda x: gain(*x))
        left.remove(best)
        if words + _size(c) <= budget:
            choose(number, c)
    return chosen


def _ask(model: LanguageModel | None, stretches: Sequence[Stretch], meeting: Meeting,
         progress: Callable[[float], None]) -> list[list[Proposal]]:
    if model is None:
        return [[] for _ in stretches]
    requests = requests_for(stretches, meeting, model.prompting)
    answers: list[list[Proposal]] = []
    group = 8
    for start in range(0, len(requests), group):
        answers += [parse_answer(a) for a in model.answer(requests[start:start + group])]
        progress(min(0.9, 0.9 * (start + group) / len(requests)))
    again = [i for i, (s, proposals) in enumerate(zip(stretches, answers, strict=True)) if proposals and not any(
        c.passes for c in _from_model(proposals, s, _support(s, meeting), meeting))]
    sampled = model.answer([requests[i] for i in again], temperature=SECOND_TEMPERATURE, seed=2)
    for i, text in zip(again, sampled, strict=True):
        answers[i] += parse_answer(text)
    progress(1.0)
    return answers


def condense_one(cases: Sequence[tuple[Meeting, Section]], model: LanguageModel | None) -> list[list[Candidate]]:
    """The chosen candidates of many single stretches, each kept whole; asks the model for all of them at once."""
    stretches = []
    for meeting, section in cases:
        hidden = withheld(section.utterances, meeting.names)
        kept = tuple(u for i, u in enumerate(section.utterances) if i not in hidden)
        item = meeting.agenda.get(section.item) if section.item else None
        stretches.append(Stretch(item, item.title if item else meeting.title, kept or section.utterances[:1]))
    answers: list[list[Proposal]] = [[] for _ in stretches]
    if model is not None:
        requests = [requests_for([s], m, model.prompting)[0] for s, (m, _) in zip(stretches, cases, strict=True)]
        answers = [parse_answer(a) for a in model.answer(requests)]
    return [_merge(_candidates(s, proposals, m, model is not None, Trace()), Trace())
            for s, proposals, (m, _) in zip(stretches, answers, cases, strict=True)]
