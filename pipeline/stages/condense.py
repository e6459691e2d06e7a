"""condense: the talk of an agenda item → proposed statements → those that pass verification.

Talk is cut into stretches of turns that belong together. For each, the language model proposes
(greedily, and once more by sampling where nothing passed), rules propose what is regular (decisions,
tasks, the next meeting), and compression proposes sentences made of the words said. The best ones that
pass are kept; duplicates within an item are merged, the later figure replacing the earlier.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import sqrt

from models.language import LanguageModel, Request
from models.minutes.fewshot import messages
from models.minutes.format import PROMPT_VERSION, Proposal, grammar, parse_answer, prompt
from models.minutes.vocabulary import rules
from models.minutes.worth import worth
from pipeline.meeting import FLAG_OF_DOUBT, Doubt, DoubtKind, Evidence, Flag, Kind, Meeting, Section, Statement, Utterance, Withheld
from pipeline.stages.judge import ANSWERED_WITHIN, ASKED_BEFORE
from pipeline.stages.propose import compressed, from_decided, from_model, from_settled, next_meeting, settled_days, standing
from pipeline.stages.stretch import Candidate, Stretch, matter_of, support_of, written_turns
from pipeline.stages.verify import FATAL, Problem
from pipeline.swedish.decisions import matter_words, names_matter
from pipeline.swedish.numbers import MONTHS, figures
from pipeline.swedish.personal import withheld
from pipeline.swedish.register import NEGATION, stems
from pipeline.swedish.repairs import overruled_days
from pipeline.swedish.written import spoken_sentences

VERSION = f"11-{PROMPT_VERSION}"
STRETCH_WORDS = 60
FEWEST_WORDS = 6
LENGTH_BUDGET, ITEM_BUDGET, BUDGET_OFFSET = 20.0, 4.8, 36  # words of the draft's body: per root of a word worth writing, less per item, less in all
SMALLEST_BUDGET = 140
BUDGET_WORTH = 0.5  # of a spoken sentence that counts for the length of the draft
MUST_SHARE = 0.5  # how much of its length what always stands, a decision or a task, takes of the budget
BESIDE_THE_MODEL = 0.0  # least weight of a compressed sentence where the model has proposed, too, and has all its figures
LEAST_SHARE = 0.65  # of the words of information in a draft that must stand in what it rests on: most of what has less is muddled
FALLBACK = 2  # compressed sentences of an item of which nothing that the model wrote holds
SECOND_TEMPERATURE = 0.7  # of the second try where no proposal passed
SAME_DOING = 0.6  # share of a promise's words in a task of the model's that tells it: of 30 such tasks 25 were true, of 20 with less 10
SAME_WORDS = 0.8  # of the matter of the model's information in a compressed sentence that stands in its place
SAME_TASK = 0.8  # share of a sentence's word beginnings that stand in a task which says the same
COVERS = 0.5  # share of the matter of what was settled that a proposed decision must have for saying it
SAME_FIGURES = 2  # by which alone two decisions of an item say the same
SAME = 0.6  # share of common word beginnings at which two statements say the same


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
    ends = list(accumulate(map(len, stretches), initial=0))
    return [Stretch(item, label, tuple(s), section.utterances[end:end + ANSWERED_WITHIN], section.utterances[max(0, begin - ASKED_BEFORE):begin])
            for s, (begin, end) in zip(stretches, pairwise(ends), strict=True) if sum(len(u.text.split()) for u in s) >= FEWEST_WORDS]


def _tells_task(told: Candidate, task: Candidate) -> bool:
    """Whether a sentence says no more than a task does: "Ingemar bokar lokal, senast den 30 april"."""
    mine, whole = set(stems(told.text)) - {"till", "före"}, set(stems(f"{task.owner or ''} {task.text} {task.due or ''}"))
    return bool(mine) and len(mine & whole) >= SAME_TASK * len(mine) and set(figures(told.text)) <= set(figures(f"{task.text} {task.due or ''}"))


def _same(a: Candidate, b: Candidate) -> bool:
    """Whether two statements of one item say the same thing."""
    if Kind.ACTION in (a.kind, b.kind) and a.kind is not b.kind:
        task, other = (a, b) if a.kind is Kind.ACTION else (b, a)
        return other.kind is Kind.INFORMATION and _tells_task(other, task)
    one, two = set(stems(a.text)), set(stems(b.text))
    if not one or not two:
        return a.text == b.text
    shared = len(one & two) / min(len(one), len(two))
    figures_a, figures_b = set(figures(a.text)), set(figures(b.text))
    if a.kind is b.kind is Kind.DECISION and len(figures_a) >= SAME_FIGURES and figures_a == figures_b:
        return True
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


def _flags(candidate: Candidate, doubts: Sequence[Doubt]) -> tuple[tuple[Flag, ...], int | None]:
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
    flags += [FLAG_OF_DOUBT[d.kind] for d in doubts]
    at = next((w.start - u.offset for u in candidate.evidence for w in u.uncertain if w in uncertain), None)
    return tuple(dict.fromkeys(flags)), at


def _doubts(candidate: Candidate) -> tuple[Doubt, ...]:
    """The doubts of the evidence that touch the statement: its figures, its negation, its names and terms."""
    text = f"{candidate.text} {candidate.due or ''}"
    said = set(figures(text))

    def touches(d: Doubt) -> bool:
        if d.kind is DoubtKind.NUMBER:
            return bool(said & set(figures(d.theirs)))
        if d.kind is DoubtKind.NEGATION:
            around = set(stems(f"{d.ours} {d.theirs}"))
            return bool(NEGATION.search(text)) == bool(NEGATION.search(d.theirs)) and (not around or bool(around & set(stems(text))))
        return any(w in text.casefold() for w in d.theirs.casefold().split() if len(w) > 3)

    return tuple(dict.fromkeys(d for u in candidate.evidence for d in u.doubts if touches(d)))


def _statement(candidate: Candidate, item: str | None, number: int) -> Statement:
    doubts = _doubts(candidate)
    flags, at = _flags(candidate, doubts)
    digest = hashlib.sha256(f"{item}|{candidate.text}|{candidate.evidence[0].start}".encode()).hexdigest()[:10]
    return Statement(
        id=f"s{number}-{digest}", kind=candidate.kind, text=candidate.text, owner=candidate.owner, due=candidate.due,
        evidence=tuple(Evidence.of(u) for u in candidate.evidence), made_by=candidate.made_by, flags=flags, uncertain_at=at,
        doubts=doubts, speakers=tuple(dict.fromkeys(u.speaker for u in candidate.evidence)))


def request_for(stretch: Stretch, meeting: Meeting, prompting: str) -> Request:
    """The question on a stretch."""
    support = support_of(stretch, meeting)
    text = prompt(meeting.date, stretch.label, written_turns(stretch))
    return Request(text=text, messages=messages(text) if prompting == "chat" else (),
                   grammar=grammar((who for who, _ in stretch.turns), rules(text, support.figures - support.retracted)))


_NEXT_TOLD = re.compile(r"(?i)n[eä]sta (?:möte|gång|avstämning|sammanträde)\b.*\d")  # as misheard, beside the day that was made out
_NEXT_DAY = re.compile(rf"(?i)n[eä]sta (?:möte|avstämning|sammanträde)\b.*\d{{1,2}} (?:{'|'.join(MONTHS)})")
_FILED = re.compile(r"(?i)\btill handlingar(?:na)?\b")
_PUT_OFF = re.compile(r"(?i)att (?:bordlägga|skjuta)\b")
_WITHOUT_SUBJECT = re.compile(  # "den kommer", and not "den gamla kameran står"
    r"(?i)^(?:den|de|han|hon|hen|dessa|denna|detta)\b(?! (?:flesta|senaste|som)\b)"
    r"(?! (?!ska\b)[a-zåäö]+[ae] [a-zåäö/-]+(?:n|et|na|a|or|ar|er)\b(?! \w+a\b))")


def _names_any(c: Candidate, days: Iterable[str]) -> bool:
    return any(re.search(rf"(?i)(?<![\d–]){re.escape(day)}\b", f"{c.text} {c.due or ''}") for day in days)


def _agrees(proposed: Candidate, explicit: Candidate) -> bool:
    """Whether a proposed decision can stand beside the one that was said in so many words: another matter, or the same figures."""
    shared = set(stems(proposed.text)) & set(stems(explicit.text))
    mine, said = set(figures(proposed.text)), set(figures(explicit.text))
    return not said or mine <= said or not (shared or mine & said)


def _covers(proposed: Candidate, settled: Candidate) -> bool:
    """Whether a proposed decision says what was settled."""
    matter = matter_words(settled.text)
    return len(matter & matter_words(proposed.text)) >= COVERS * len(matter)


_VAGUE = re.compile(r"(?i)\b(?:det|den|dem)\b(?! \d)")  # a task of which the model may know what it is about


def _as_exact(settled: Candidate, proposed: Candidate) -> bool:
    """Whether what was settled names its matter and has all the figures of a proposed decision: then it stands in its own words."""
    return not _VAGUE.search(settled.text) and set(figures(proposed.text)) <= set(figures(settled.text))


def _told_otherwise(proposed: Sequence[Candidate], said: Sequence[Candidate]) -> list[Candidate]:
    """The model's tasks whose owner says in so many words that he or she does something else."""
    other = []
    promises = [(s.owner, matter_of(s.text)) for s in said if s.kind is Kind.ACTION and not _VAGUE.search(s.text)]
    for c in [c for c in proposed if c.kind is Kind.ACTION]:
        own = [matter for owner, matter in promises if owner == c.owner]
        if own and not any(len(matter & matter_of(c.text)) >= SAME_DOING * len(matter) for matter in own):
            other.append(c)
    return other


def _told_in_talks_words(proposed: Sequence[Candidate], said: Sequence[Candidate]) -> list[Candidate]:
    """The model's information that a compressed sentence tells as well, whose words were said in that order."""
    known = [(matter_of(s.text), set(figures(s.text))) for s in said
             if s.kind is Kind.INFORMATION and s.weight >= BESIDE_THE_MODEL and not _WITHOUT_SUBJECT.match(s.text)]
    told = []
    for c in [c for c in proposed if c.kind is Kind.INFORMATION]:
        mine, numbers = matter_of(c.text), set(figures(c.text))
        if any(len(mine & matter) >= SAME_WORDS * len(mine) and numbers <= theirs for matter, theirs in known):
            told.append(c)
    return told


def _candidates(stretch: Stretch, proposals: Sequence[Proposal], meeting: Meeting, has_model: bool, trace: Trace,
                least_share: float = 0.0) -> list[Candidate]:
    """What passes of a stretch: the model's proposals, and compression where the model has nothing that passes."""
    support = support_of(stretch, meeting)
    proposed = from_model(proposals, stretch, support, meeting, least_share)
    passed = [c for c in proposed if c.passes]
    for c in proposed:
        if not c.passes:
            trace.note("underkänd", c)
    said = compressed(stretch, support, meeting)
    made = [c for c in said if c.passes]
    if explicit := [c for c in said if c.kind is Kind.DECISION and FATAL.intersection(c.problems) <= {Problem.FORM}]:
        for c in [c for c in passed if c.kind is Kind.DECISION and not any(_agrees(c, e) for e in explicit)]:
            passed.remove(c)
            trace.note("motsägs av det uttalade beslutet", c)
    for c in from_settled(stretch, support, meeting):
        if not c.passes or c.kind is not Kind.DECISION:
            trace.note("underkänd", c)
            continue
        alike = [d for d in passed + made if d.kind is Kind.DECISION and {u.digest for u in c.evidence} & {u.digest for u in d.evidence}]
        if any(d in made or (_covers(d, c) and not _as_exact(c, d)) for d in alike):
            continue
        for d in alike:
            passed.remove(d)
            trace.note("motsägs av det uttalade beslutet", d)
        made.append(c)
    if has_model:
        for c in _told_in_talks_words(passed, made):
            passed.remove(c)
            trace.note("sägs med talets egna ord", c)
        for c in _told_otherwise(passed, made):
            passed.remove(c)
            trace.note("sägs på annat sätt", c)
        occupied = {c.owner for c in passed if c.kind is Kind.ACTION}  # the model names the matter where the words of a promise say "det"
        told = {f for c in passed for f in figures(c.text)}

        def adds(c: Candidate) -> bool:
            """Whether a compressed candidate tells what the model's do not, or may tell it better."""
            if c.kind is not Kind.INFORMATION:
                return c.kind is not Kind.ACTION or c.owner not in occupied
            if _WITHOUT_SUBJECT.match(c.text):
                return False
            return c.weight >= BESIDE_THE_MODEL or bool(set(figures(c.text)) - told)

        made = [c for c in made if adds(c)]
    if not any(c.kind is Kind.DECISION for c in passed + made):
        for c in from_decided(stretch, support, meeting):
            if c.passes:
                made.append(c)
            else:
                trace.note("underkänd", c)
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
    answers = _ask(model, [(s, meeting) for _, s in jobs], progress, LEAST_SHARE)
    results: list[Condensed] = []
    budget = _budget((u for s in open_sections for u in s.utterances), len(meeting.agenda))
    pools: list[tuple[list[Candidate], Trace]] = []
    following = next_meeting(meeting, open_sections)
    day = set(figures(following[1].text)) if following else set()
    for number, section in enumerate(open_sections):
        trace = Trace()
        stretches = [s for n, s in jobs if n == number]
        usual = standing(section, meeting) if stretches else []
        candidates = [*usual, *settled_days(section, meeting)] if stretches else []
        for (owner, stretch), proposals in zip(jobs, answers, strict=True):
            if owner != number:
                continue
            candidates += _candidates(stretch, proposals, meeting, model is not None, trace, LEAST_SHARE)
        if not candidates and model is not None:  # nothing of the model's held: the item says what a draft without it would
            without = [c for stretch in stretches for c in _candidates(stretch, (), meeting, False, trace)]
            candidates = sorted(without, key=lambda c: -c.weight)[:FALLBACK]
        if not candidates:  # an item that was reached says something, if there are figures in it
            anything = [c for s in stretches for c in compressed(s, support_of(s, meeting), meeting, 0.0) if c.passes and figures(c.text)]
            candidates = sorted(anything, key=lambda c: -c.weight)[:FALLBACK]
        if any(_FILED.search(c.text) for c in usual):  # that the minutes before are filed is told once, in the usual words
            candidates = [*usual, *(c for c in candidates[len(usual):] if not _FILED.search(c.text))]
        if any(_PUT_OFF.match(c.text) and names_matter(c.text) for c in candidates if c.kind is Kind.DECISION):
            candidates = [c for c in candidates if c.kind is not Kind.POSTPONED]  # the decision says what is put off
        if given_up := overruled_days([u.text for u in section.utterances]):
            for c in [c for c in candidates if _names_any(c, given_up)]:
                candidates.remove(c)
                trace.note("dagen ändrades senare", c)
        if following and following[0] == number:
            candidates = [following[1], *(c for c in candidates if not _NEXT_TOLD.search(c.text) and not (
                c.kind is Kind.INFORMATION and set() < set(figures(c.text)) <= day))]
        elif following:  # the day of the next meeting was made out from all that was said of it
            candidates = [c for c in candidates if not _NEXT_DAY.search(c.text) or set(figures(c.text)) <= day]
        pools.append((_merge(candidates, trace), trace))
    allowed = _within(budget, [pool for pool, _ in pools])
    for section, (pool, trace) in zip(open_sections, pools, strict=True):
        chosen = sorted((c for c in pool if id(c) in allowed), key=_place)
        for c in pool:
            trace.note("med" if id(c) in allowed else "bortvald", c)
        results.append(Condensed(
            section.item, tuple(_statement(c, section.item, n) for n, c in enumerate(chosen, 1)),
            tuple(Withheld(start=u.start, end=u.end, reason=out_of_draft[(u.start, u.digest)])
                  for u in sections[len(results)].utterances if (u.start, u.digest) in out_of_draft),
            tuple(trace.lines)))
    return tuple(results)


def _place(c: Candidate) -> tuple[int, int]:
    """Where in the talk a statement belongs: its first utterance, and the sentence there that shares most with it."""
    said = spoken_sentences(c.evidence[0].text)
    mine = matter_of(c.text)
    shared = [len(mine & matter_of(s)) for s in said]
    return c.evidence[0].start, shared.index(max(shared)) if shared else 0


def _size(c: Candidate) -> int:
    return len(c.text.split()) + len((c.due or "").split()) + (3 if c.owner else 0)


def _budget(utterances: Iterable[Utterance], items: int) -> int:
    """Words of the draft's body: as secretaries write, by the talk that is worth writing (fitted to our meetings' minutes): less than twice as
    much of twice as much talk, and less of many items, of which each says less."""
    spoken = (said for u in utterances for said in spoken_sentences(u.text))
    worthy = sum(len(said.split()) for said in spoken if worth(said) >= BUDGET_WORTH)
    return max(SMALLEST_BUDGET, round(LENGTH_BUDGET * sqrt(worthy) - ITEM_BUDGET * items - BUDGET_OFFSET))


def _within(budget: int, pools: Sequence[Sequence[Candidate]]) -> set[int]:
    """The statements that fit the budget of words: decisions and tasks always, something of every item, then by gain.

    The gain of a statement is its weight with the figures and words that its item does not have yet.
    """
    chosen: set[int] = set()
    words = 0.0
    told: list[tuple[set[str], set[str]]] = [(set(), set()) for _ in pools]

    def choose(number: int, c: Candidate, share: float = 1.0) -> None:
        nonlocal words
        chosen.add(id(c))
        words += share * _size(c)
        told[number][0].update(figures(c.text))
        told[number][1].update(stems(c.text))

    def gain(number: int, c: Candidate) -> float:
        new_figures = set(figures(c.text)) - told[number][0]
        new_words = set(stems(c.text)) - told[number][1]
        return float((c.weight + 0.8 * min(3, len(new_figures)) + 0.08 * len(new_words)) / _size(c) ** 0.5)

    for number, pool in enumerate(pools):
        for c in pool:
            if c.kind is not Kind.INFORMATION or c.weight >= 5:
                choose(number, c, MUST_SHARE)
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


def _ask(model: LanguageModel | None, cases: Sequence[tuple[Stretch, Meeting]], progress: Callable[[float], None],
         least_share: float = 0.0) -> list[list[Proposal]]:
    """The model's proposals for each stretch: greedy ones, and where none of them passes sampled ones, too."""
    if model is None:
        return [[] for _ in cases]
    requests = [request_for(s, m, model.prompting) for s, m in cases]
    answers: list[list[Proposal]] = []
    group = 8
    for start in range(0, len(requests), group):
        answers += [parse_answer(a.text, a.sureness) for a in model.answer(requests[start:start + group])]
        progress(min(0.9, 0.9 * (start + group) / len(requests)))
    again = [i for i, ((s, m), proposals) in enumerate(zip(cases, answers, strict=True)) if proposals and not any(
        c.passes for c in from_model(proposals, s, support_of(s, m), m, least_share))]
    sampled = model.answer([requests[i] for i in again], temperature=SECOND_TEMPERATURE, seed=2)
    for i, answer in zip(again, sampled, strict=True):
        answers[i] += parse_answer(answer.text, answer.sureness)
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
    answers = _ask(model, [(s, m) for s, (m, _) in zip(stretches, cases, strict=True)], lambda _: None)
    return [_merge(_candidates(s, proposals, m, model is not None, Trace()), Trace())
            for s, proposals, (m, _) in zip(stretches, answers, cases, strict=True)]
