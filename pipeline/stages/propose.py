"""What may be stated about a stretch of talk: proposals of the language model, of rules, and of compression.

Every proposal is judged against the talk it comes from (verify); what becomes of it is for condense to choose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from models.minutes.format import Proposal
from models.minutes.worth import worth
from pipeline.meeting import AgendaItem, Kind, Meeting, Section, Utterance
from pipeline.stages.verify import FATAL, Problem, Support, problems
from pipeline.swedish.cues import (
    accepts,
    contradicts,
    is_hearsay,
    proposes,
    refuses,
    says_no,
    sounds_postponed,
    sounds_settled,
    takes_on,
    turns_down,
    without_no,
)
from pipeline.swedish.dates import appointment, no_such_day, with_months, written_day
from pipeline.swedish.numbers import digits, figures
from pipeline.swedish.register import neutral_stems, reserves, sentence, stems
from pipeline.swedish.repairs import retracted_figures, without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.tasks import agreed, assigned, decision, due_of, is_deadline, names_matter, promise, request, settled_by_chair, who_does
from pipeline.swedish.written import compress, spoken_sentences, topic_of, under_topic, with_fragment, with_topic
from pipeline.teams.names import with_first_name

_CHATTER = re.compile(
    r"(?i)\b(?:hör ni mig|hörs jag|du är mutad|är mutad|ser ni (?:min )?skärm|dela(?:r)? skärm|bryter (?:lite|upp)|kopplar (?:ner|upp)|"
    r"tappade er|hallå|kameran (?:är )?av|spelas? in|inspelning\w*|mikrofon\w*|kaffe|bulle\w*|semla|semlor|fika\w*)\b")


_LEADING = re.compile(
    r"(?i)\b(?:nästa punkt|punkt \d+|går (?:man|vi|\w+) (?:vidare|till|över)|tar (?:man|vi) |övriga frågor|öppna\w* mötet|avslut\w* mötet|"
    r"välkomna|dagordning\w*|det blir \w+dagen|framme vid|laget runt)\b")


# Utterances beside what a decision rests on among which the words stand with which it is taken.
DECIDED_BEFORE, DECIDED_AFTER = 2, 4
_OF_THE_MEETING = re.compile(r"(?i)^(?:öppnar|avslutar|inleder|startar|leder) (?:mötet|sammanträdet|inspelningen|punkten)\b")
_NO_MATTER = frozenset(["halva", "hälften", "andra", "några", "många", "saken", "detta", "dessa", "själv", "själva", "också", "roliga",
                        "tråkiga", "jobbiga", "första", "sista", "först", "resten"])
LEAST_MATTER = 5  # letters of a word that can say what a task is about
LEAST_WORTH = 0.3
WORTH_WEIGHT = 1.7


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
    """Turns that are read together, the item that they belong to, and what is said on it just afterwards."""

    item: AgendaItem | None
    label: str
    utterances: tuple[Utterance, ...]
    following: tuple[Utterance, ...] = ()

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


LEAST_BARE = 13  # an item's number from which it is hardly anything else when said bare ("då är det 34, bemanningen")


def _without_number(talk: str, item: AgendaItem | None) -> str:
    """Talk (figures as digits) without the number of its item, said to move on: it is no figure of the matter's."""
    found = re.search(r"\d+$", item.number or "") if item else None
    if not found:
        return talk
    talk = re.sub(rf"(?i)\b(?:paragraf|punkt|§)\s*{found[0]}\b[,.]?", "", talk)
    if int(found[0]) >= LEAST_BARE:
        led = r"(?P<led>^|[.!?] |\b(?:är det|e det?|tar vi|har vi|in på|(?:vidare|över) till) )"
        talk = re.sub(rf"(?i){led}{found[0]}(?=[,.] | (?:är|då|e)\b)[,.]? ?", r"\g<led>", talk)
    return talk.strip()


def written_turns(stretch: Stretch) -> list[tuple[str, str]]:
    """(speaker, talk) with figures as digits, without what was taken back and without the item's number."""
    return [(who, without_retractions(_without_number(digits(t), stretch.item))) for who, t in stretch.turns]


def support_of(stretch: Stretch, meeting: Meeting) -> Support:
    turns = [t for _, t in stretch.turns]
    mended = [t for _, t in written_turns(stretch)]
    day = meeting.date
    context = f"{stretch.label} {day.year if day else ''}"
    return Support.of(mended, context, retracted_figures(turns), meeting.names)


def _matter(text: str) -> set[str]:
    """The word beginnings and figures of a text."""
    return set(stems(text)) | set(figures(text))


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
        here = (wanted | numbers) & _matter(utterances[position].text)
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
    if not folded:
        return None
    for name in (*speakers, *meeting.names):
        if name.casefold() == folded:
            return name
    if known := with_first_name(folded, (*speakers, *meeting.names)):
        return known
    talk = " ".join(t for _, t in stretch.turns).casefold()
    return who if folded.split()[0][:5] in talk else None


_ATTRIBUTED = re.compile(r"(?i)\b(?:uppge\w*|enligt|obekräft\w*|rykte\w*|hörsägen)\b")
_KINDS = {"info": Kind.INFORMATION, "beslut": Kind.DECISION, "åtgärd": Kind.ACTION}


def _names_a_matter(task: str) -> bool:
    """Whether a task says what it is about: "Hör halva" and "Skriver till själv" do not (nor do 5 of 849 hand-written ones)."""
    words = [w for w in re.findall(r"[\w/-]+", task)[1:] if w.casefold() not in _NO_MATTER]
    return any(len(w) >= LEAST_MATTER or w[0].isdigit() or w.isupper() for w in words) or " till nästa " in task


def _settled_beside(evidence: Sequence[Utterance], utterances: Sequence[Utterance]) -> bool:
    """Whether a decision is taken where its matter is talked about, and not elsewhere in the stretch."""
    places = [n for n, u in enumerate(utterances) if u in evidence]
    return sounds_settled([u.text for u in utterances[max(0, places[0] - DECIDED_BEFORE):places[-1] + DECIDED_AFTER + 1]])


_RESOLVES = re.compile(  # what only a meeting does to a matter
    r"(?i)^(?!.*\b(?:tidigare|redan|nämnden|styrelsen|regionen) )(?:\S+ ){0,12}?"
    r"(?:(?:skjuts|skjutits) upp|bordläggs|godkänns|fastställs|antas|utses|avslås|bifalls|(?:ligger|står) fast|"
    r"ställer sig bakom|enas om|fattar beslut om)\b")


def share_said(text: str, utterances: Sequence[Utterance]) -> float:
    """The share of a text's word beginnings and figures that stand in what was said, 0 to 1."""
    mine = _matter(text)
    said = set().union(*(_matter(u.text) for u in utterances))
    return len(mine & said) / max(1, len(mine))


NAMED_NEAR = 2  # turns beside one that names a place in which something of what is told of it must stand
SCATTERED = 0.5  # of the matter of a sentence: what no two turns that follow each other have more of was put together from several
FEW = 3


_NAMED = re.compile(r"(?<=[^\W\d_,] )[A-ZÅÄÖÉ][a-zåäöé]{3,}")


def _scattered(text: str, utterances: Sequence[Utterance]) -> bool:
    """Whether a sentence is put together from talk that lies apart ("grävmaskinen väntar", "avvecklingen tuffar på"), or names
    a place that was said elsewhere than what it tells."""
    talk = [_matter(u.text) for u in utterances]
    for written in sentences(text) if len(talk) > 2 else ():
        mine = _matter(written)
        for name in stems(" ".join(_NAMED.findall(written))):
            where = [n for n, said in enumerate(talk) if name in said]
            others = mine - {name} - neutral_stems()
            if where and others and not any(others & set().union(*talk[max(0, n - NAMED_NEAR):n + NAMED_NEAR + 1]) for n in where):
                return True
        mine = mine - neutral_stems() or mine
        most = max(len(mine & (a | b)) for a, b in zip(talk, [*talk[1:], set[str]()], strict=True))
        if most < SCATTERED * len(mine) or (most == SCATTERED * len(mine) and len(mine) <= FEW):
            return True
    return False


_ASKS_FOR_MORE = re.compile(r"(?i)\b(?:vad|hur|när|var|varför|vem|vems|vilken|vilket|vilka|vart)\b")
_AFFIRMS = re.compile(
    r"(?i)^\W*(?:(?:okej|ah|ja+|men|nej|nä)\W+)*(?:ja+|jo|japp|jajamän|jajamen|yes|mm+|precis|exakt|just (?:det|så)|absolut|självklart|visst|"
    r"stämmer|klart|okej|ok|bra|gärna|"
    r"det (?:stämmer|gör|är|har|kan|ska|kommer|blir|låter|tror|går|var|hade|finns|ser)|den (?:är|har|kan|ska|kommer|blir)|så är det|jag tror det)\b")
_DENIES_IT = re.compile(r"(?i)^\W*(?:nej|nä+|inte|nja|tyvärr)\b")
ASKED_SHARE = 0.5  # of a statement's words that one question must have for it to be what was asked


def _only_asked(text: str, utterances: Sequence[Utterance]) -> bool:
    """Whether what a statement tells was only asked ("är det nån som kan kolla om det skickar till den nya noden?") and not affirmed."""
    mine = _matter(text)
    asked, told, replied = 0.0, 0.0, False
    for n, u in enumerate(utterances):
        spoken = spoken_sentences(u.text)
        for i, said in enumerate(spoken):
            share = len(mine & _matter(said)) / max(1, len(mine))
            if not said.rstrip().endswith("?") or _ASKS_FOR_MORE.search(said):
                told = max(told, share)
            elif share > asked:
                answer = " ".join(spoken[i + 1:]) or next((o.text for o in utterances[n + 1:n + 2]), "")
                asked, replied = share, bool((_DENIES_IT if reserves(text) else _AFFIRMS).search(answer) or set(figures(said)) & set(figures(answer)))
    return asked >= ASKED_SHARE and told < asked and not replied


ANSWERED_WITHIN = 8  # utterances after a proposal in which it is taken or turned down
TAKEN_UP = 0.35  # of a proposal's words or figures in what settles it


def _fell(text: str, stretch: Stretch) -> bool:
    """Whether what a statement tells was only proposed, and turned down by others or given up ("femton minuter?" – "nä, det vill jag inte"),
    or claimed and denied at once ("det är hyrläkarna" – "det vet vi inte")."""
    if reserves(text):
        return False
    mine, talk = _matter(text), [*stretch.utterances, *stretch.following]
    shares = [(len(mine & _matter(said)), said, n) for n, u in enumerate(stretch.utterances) for said in sentences(u.text)]
    most, said, place = max(shares, key=lambda s: s[0], default=(0, "", 0))
    answer = next((u for u in talk[place + 1:place + 2] if u.speaker != talk[place].speaker), None)
    if most and answer and contradicts(answer.text) and said in sentences(talk[place].text)[-1:]:
        return True
    if not most or not proposes(said):
        return False

    def refuses_it(n: int) -> bool:
        """Whether the answer at ``n`` turns the proposal down; a no to somebody's question in between is none to it."""
        elsewhere = talk[n].speaker == talk[place].speaker or (n > place + 1 and talk[n - 1].text.rstrip().endswith("?"))
        return turns_down(talk[n].text) or (says_no(talk[n].text) and not elsewhere)

    def takes_up(u: Utterance) -> bool:
        return sounds_settled([u.text]) and not reserves(without_no(u.text)) and any(
            part and len(part & _matter(u.text)) >= TAKEN_UP * len(part) for part in (mine, set(figures(text))))

    end = min(len(talk), place + 1 + ANSWERED_WITHIN)
    refused = next((n for n in range(place + 1, end) if refuses_it(n)), end)
    return refused < end and not any(takes_up(u) for u in talk[refused + 1:end])


def _closeness(text: str, source: Utterance) -> float:
    """How near a statement of the language model is to something said that is worth writing, from 0 to 1.7.

    On the dev pairs both parts go with the share of its words that a person wrote, and together they put it on the scale of
    compressed sentences.
    """
    mine = _matter(text)
    nearest = max(spoken_sentences(source.text), key=lambda s: len(mine & _matter(s)), default="")
    return share_said(text, [source]) + 0.7 * worth(nearest)


ASKED_BEFORE = 4  # utterances before what an owner says in which the task may have been asked for
OWNERS_SHARE = 0.34  # of a task's words in what its owner says, is answered to, or is told by name


def _owners(task: Candidate, utterances: Sequence[Utterance]) -> bool:
    """Whether a task is of what its owner talks about: says, answers, or is asked by name."""
    if not task.owner:
        return False
    first = task.owner.split()[0]
    near: set[str] = set()
    for n, u in enumerate(utterances):
        if task.owner in (u.person, u.speaker):
            for beside in utterances[max(0, n - ASKED_BEFORE):n + 1]:
                near |= _matter(beside.text)
        elif re.search(rf"\b{re.escape(first)}\b", u.text):
            near |= _matter(u.text)
    mine = _matter(task.text)
    mine = mine - neutral_stems() or mine
    return len(mine & near) >= OWNERS_SHARE * len(mine)


def _judge(candidate: Candidate, stretch: Stretch, support: Support, meeting: Meeting, least_share: float = 0.0) -> Candidate:
    """The candidate with its evidence and what speaks against it; a decision nobody took becomes information."""
    evidence = _nearest(f"{candidate.text} {candidate.due or ''}", stretch.utterances)
    nearest = " ".join(u.text for u in evidence)
    talk = [u.text for u in stretch.utterances]
    text = f"{candidate.text} {candidate.due or ''}".strip()
    found = problems(candidate.kind, text, support, nearest, talk)
    if candidate.kind is Kind.DECISION and (Problem.DECISION in found or not _settled_beside(evidence, stretch.utterances)):
        candidate = replace(candidate, kind=Kind.INFORMATION)
        found = problems(candidate.kind, text, support, nearest, talk)
    elif (candidate.kind is Kind.INFORMATION and _RESOLVES.search(text) and not FATAL.intersection(found)
          and _settled_beside(evidence, stretch.utterances)):
        candidate = replace(candidate, kind=Kind.DECISION)
    own = [u.text for u in stretch.utterances if candidate.owner and candidate.owner in (u.person, u.speaker)]
    if Problem.PROMISE in found and any(takes_on(t) for t in own):
        found.remove(Problem.PROMISE)
    elif candidate.kind is Kind.ACTION and any(refuses(t) for t in own) and not any(takes_on(t) for t in own):
        found.append(Problem.PROMISE)
    if candidate.kind is Kind.ACTION and candidate.made_by == "language_model" and not _owners(candidate, stretch.utterances):
        found.append(Problem.PROMISE)
    [source] = _nearest(text, stretch.utterances, 1)
    if is_hearsay(source.text) and not _ATTRIBUTED.search(text):
        found.append(Problem.HEARSAY)
    if candidate.kind is Kind.ACTION and candidate.made_by == "language_model" and candidate.owner is None:
        found.append(Problem.PROMISE)
    if candidate.kind is Kind.ACTION and (_OF_THE_MEETING.match(candidate.text) or (candidate.due is None and not _names_a_matter(candidate.text))):
        found.append(Problem.FORM)
    if candidate.kind is Kind.DECISION and candidate.made_by == "compression" and not names_matter(candidate.text):
        found.append(Problem.FORM)
    if candidate.made_by == "compression" and Problem.WORDS in found:  # its words were said, if in another form ("ringa", "ringer")
        found.remove(Problem.WORDS)
    if candidate.kind is Kind.INFORMATION and share_said(text, evidence) < least_share:
        found.append(Problem.WORDS)
    if candidate.made_by == "language_model":
        if candidate.kind is not Kind.ACTION and least_share and _scattered(text, stretch.utterances):
            found.append(Problem.MIXED)
        if candidate.kind is Kind.INFORMATION and _only_asked(text, stretch.utterances):
            found.append(Problem.ASKED)
    if candidate.kind is not Kind.ACTION and _fell(text, stretch):
        found.append(Problem.FELL)
    wrong_day = no_such_day(text, meeting.date) if meeting.date else None
    if wrong_day and wrong_day.casefold() not in support.text:  # who says it so is quoted
        found.append(Problem.DAY)
    weight = _closeness(text, source) if candidate.made_by == "language_model" else 0.4
    weight += {Kind.DECISION: 4.0, Kind.POSTPONED: 4.0, Kind.ACTION: 3.0}.get(candidate.kind, 0.0)
    weight += 0.5 * min(3, len(figures(text))) - 0.8 * (Problem.NEGATION in found)
    weight += 0.3 if reserves(candidate.text) else 0.0
    return replace(candidate, text=with_months(candidate.text, meeting.date, nearest), evidence=evidence,
                   problems=tuple(dict.fromkeys(found)), weight=weight)


def _deadline(due: str | None, support: Support) -> str | None:
    """A proposed deadline when it is one and its figures were said: the meeting's own date is known to the model, too."""
    if not due or not is_deadline(due) or not set(figures(due)) <= support.said:
        return None
    return due.rstrip(".")


def _together(whole: Candidate, parts: Sequence[Candidate], stretch: Stretch, support: Support, meeting: Meeting, least_share: float) -> Candidate:
    """The sentences as one statement, with the doubt of any of them."""
    verdict = _judge(replace(whole, text=" ".join(sentence(part.text) for part in parts)), stretch, support, meeting, least_share)
    if any(Problem.NEGATION in part.problems for part in parts) and Problem.NEGATION not in verdict.problems:
        verdict = replace(verdict, problems=(*verdict.problems, Problem.NEGATION))
    return verdict


_ALONE = {Problem.DECISION, Problem.PROMISE, Problem.FORM}  # what only the whole can answer for


def from_model(proposals: Sequence[Proposal], stretch: Stretch, support: Support, meeting: Meeting, least_share: float = 0.0) -> list[Candidate]:
    """The proposals, judged: whole when the whole and each of its sentences hold; else the sentences that hold, as one if they are one's.

    ``least_share`` is the share of its words that information must have from what it rests on.
    """
    judged: list[Candidate] = []
    for p in proposals:
        if not p.text.strip():
            continue
        whole = Candidate(_KINDS[p.kind], sentence(p.text), _resolve_owner(p.who, stretch, meeting),
                          _deadline(p.due, support), "language_model", ())
        said = sentences(whole.text)
        if len(said) == 1:
            judged.append(_judge(whole, stretch, support, meeting, least_share))
            continue
        parts = [_judge(replace(whole, text=sentence(part)), stretch, support, meeting, least_share) for part in said]
        verdict = _together(whole, parts, stretch, support, meeting, least_share)
        if verdict.passes and all(not (FATAL - _ALONE).intersection(part.problems) for part in parts):
            judged.append(verdict)
            continue
        held = [part for part in parts if part.passes]
        rest = _together(whole, held, stretch, support, meeting, least_share) if 1 < len(held) < len(parts) else None
        if rest and rest.passes and all(part.kind is rest.kind for part in held):
            judged += [rest, *(part for part in parts if not part.passes)]
        else:
            judged += parts
    return judged


def _subject(stretch: Stretch, utterance: Utterance, meeting: Meeting) -> str:
    """What "vi" stands for: the site of a sub-item, else the unit."""
    if stretch.item and stretch.item.parent and len(stretch.item.title.split()) <= 3:
        title = stretch.item.title  # a place is said as it is written; a matter gets its ending ("inklusionen")
        if any(re.search(rf"\b{re.escape(title)}\b", u.text) for u in stretch.utterances):
            return title
    person = next((p.person for p in meeting.attendance if p.person.name == utterance.person), None)
    return person.organisation if person and person.organisation else "verksamheten"


def _unaddressed(task: str, owner: str) -> str:
    """A task without the name of whom it was asked of ("gör det testet, Veronica, så att …")."""
    return re.sub(rf",? \b{re.escape(owner.split()[0])}\b,?", "", task)


def compressed(stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """Candidates made of the words said: sentences with a figure or a weighty word, decisions, tasks."""
    found: list[Candidate] = []

    def propose(kind: Kind, text: str, utterance: Utterance, owner: str | None = None, due: str | None = None,
                weight: float = 0.0) -> None:
        judged = _judge(Candidate(kind, text, owner, due, "compression", ()), stretch, support, meeting)
        found.append(replace(judged, evidence=(utterance,), weight=judged.weight + weight))

    utterances, before = stretch.utterances, ""
    for position, utterance in enumerate(utterances):
        talk = digits(utterance.text)
        if taken := _taken_on(utterances[position:]):
            task, taker = taken
            due = due_of(digits(taker.text)) or due_of(talk)
            owner = taker.person or taker.speaker
            propose(Kind.ACTION, _unaddressed(task, owner), utterance, owner, due)
        elif promised := promise(utterance.text):
            propose(Kind.ACTION, promised, utterance, utterance.person or utterance.speaker, due_of(talk))
        spoken = spoken_sentences(_without_number(talk, stretch.item))
        leads = meeting.chair is None or utterance.person == meeting.chair
        answer = next((u for u in utterances[position + 1:position + 2] if u.speaker != utterance.speaker), None)
        settled = agreed(spoken[-1], answer.text) if spoken and answer else None
        if settled:
            propose(Kind.DECISION, settled, utterance)
        for kind, text, weight in _told(spoken[:-1] if settled else spoken, before, _subject(stretch, utterance, meeting), meeting.names, leads):
            propose(kind, text, utterance, weight=weight)
        before = spoken[-1] if spoken else ""
    return found


SOUGHT_WITHIN = 3  # utterances after "vem bokar lokal?" in which somebody takes it on


def _taken_on(talk: Sequence[Utterance]) -> tuple[str, Utterance] | None:
    """The task that the first utterance asks for, and who takes it on: whoever is asked or told by name, or who answers "vem …?"."""
    first, answer = talk[0], next(iter(talk[1:]), None)
    if answer and answer.speaker != first.speaker and takes_on(answer.text):
        given = answer.person.split()[0] if answer.person else None
        if task := request(first.text) or (assigned(first.text, given) if given else None):
            return task, answer
    if sought := who_does(first.text):
        for before, u in pairwise(talk[:SOUGHT_WITHIN + 1]):
            asked = bool(u.person) and str(u.person).split()[0] in before.text
            if takes_on(u.text) and (asked or re.search(r"(?i)\bjag\b", u.text)):
                return sought, u
    return None


def _told(spoken: Sequence[str], before: str, subject: str, names: Sequence[str], leads: bool) -> list[tuple[Kind, str, float]]:
    """(kind, text, weight) of what the spoken sentences of an utterance tell; ``before`` is the one said before them.

    ``leads``: whether the speaker may settle what the meeting does, as the chair or where no chair is known.

    A pronoun gets the matter raised just before; figures without a verb go with the sentence they follow.
    """
    told: list[tuple[Kind, str, float]] = []
    open_ended = False  # whether the last sentence told can take what follows it
    for said in spoken:
        topic, before = topic_of(before, names), said
        if decided := decision(said) or (settled_by_chair(said, names) if leads else None):
            told.append((Kind.DECISION, decided, 0.0))
            open_ended = False
            continue
        text = compress(with_topic(said, topic) if topic else said, subject)
        if not text and open_ended and (longer := with_fragment(told[-1][1], said)):
            told[-1] = (Kind.INFORMATION, longer, told[-1][2])
            continue
        if not text and topic:
            text = under_topic(topic, said)
        if text and re.match(rf"(?i){re.escape(subject)} går (?:vidare|över|till)\b", text):  # "vi går till tillgänglighet": no matter, the next item
            text = None
        value = worth(said)
        open_ended = bool(text) and value >= LEAST_WORTH and not _CHATTER.search(said) and not _LEADING.search(text or "")
        if text and open_ended:
            told.append((Kind.INFORMATION, text, WORTH_WEIGHT * value - 1.0))
    return told


def standing(section: Section, meeting: Meeting) -> list[Candidate]:
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
    for u in utterances:
        chosen = re.search(r"\b(?:väljer|utser|tar) vi (?P<name>[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)?)(?= (?:till|att|som))", u.text)
        full = with_first_name(chosen["name"], meeting.names) if chosen else None
        if full and re.search(r"(?i)\bjuster", u.text) and not any("utses" in c.text for c in found):
            add(Kind.DECISION, f"{full} utses att justera protokollet.", [u])
    words = sum(len(u.text.split()) for u in utterances)
    postponing = [u for u in utterances if sounds_postponed(u.text)]
    tabled = [u for u in postponing if re.search(r"(?i)\bbordlägg", u.text)]
    if postponing and (words < 160 or tabled) and item and not re.search(r"nästa|öppna|övrig|avslut", title):
        verb = "bordläggs" if tabled else "skjuts upp"  # in the group's own word
        add(Kind.POSTPONED, f"Punkten {verb} till nästa möte.", [(tabled or postponing)[-1]])
    return found


_NEXT_ITEM = re.compile(r"(?i)nästa (?:möte|sammanträde|gång)|mötestid|kommande möten")
_NEXT_SAID = re.compile(r"(?i)(?<!till )(?<!före )(?<!innan )(?<!inför )(?<!från )(?<!på )\b(?:"
                        r"nästa (?:möte|gång|avstämning|träff|sammanträde)|(?:ses|hörs|träffas) (?:vi|igen)|nya? (?:mötes)?tid(?:er)?\b)")
_NEXT_REACH = 14  # utterances after the cue in which day and time are settled


def next_meeting(meeting: Meeting, sections: Sequence[Section]) -> tuple[int, Candidate] | None:
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
