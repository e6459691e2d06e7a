"""What may be stated about a stretch of talk: proposals of the language model, of rules, and of compression.

Every proposal is judged against the talk it comes from (verify); what becomes of it is for condense to choose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.minutes.decided import decided
from models.minutes.format import Proposal
from models.minutes.worth import worth
from pipeline.meeting import Kind, Meeting, Section, Utterance
from pipeline.stages.judge import judge
from pipeline.stages.settle import settled
from pipeline.stages.stretch import Candidate, Stretch, matter_of, rests_on, support_of, without_number
from pipeline.stages.support import Support
from pipeline.stages.verify import FATAL, Problem
from pipeline.swedish.clauses import FINITE
from pipeline.swedish.cues import NEXT_MEETING_TITLE, accepts, refuses, sounds_postponed, takes_on, turns_down
from pipeline.swedish.dates import appointment, with_months, written_day
from pipeline.swedish.decisions import (
    agreed,
    decision,
    declined,
    matter_words,
    names_matter,
    put_forward,
    resolution,
    settled_by_chair,
    settled_day,
    with_object,
)
from pipeline.swedish.numbers import MONTHS, WEEKDAYS, digits, figures
from pipeline.swedish.register import NEGATION, reserves, sentence
from pipeline.swedish.repairs import as_corrected
from pipeline.swedish.sentences import sentences
from pipeline.swedish.tasks import assigned, charged, due_of, is_deadline, left_over, promise, request, still_to_do, who_does, wished
from pipeline.swedish.written import (
    LONGEST_WORDS,
    OPENERS,
    compress,
    goes_on_with,
    how_many,
    in_answer,
    is_dictated,
    of_a_matter,
    refers_back,
    spoken_sentences,
    tells_of_a_person,
    told_to_all,
    topic_of,
    under_topic,
    with_fragment,
    with_topic,
)
from pipeline.teams.names import calls, with_first_name

_CHATTER = re.compile(
    r"(?i)\b(?:hör ni mig|hörs jag|du är mutad|är mutad|ser ni (?:min )?skärm|dela(?:r)? skärm|bryter (?:lite|upp)|kopplar (?:ner|upp)|"
    r"tappade er|hallå|kameran (?:är )?av|hela världen|spelas? in|inspelning\w*|"
    r"klockan är (?:redan|bara|ju|snart|mycket|\d)|\d+ punkter|mikrofon\w*|kaffe|bulle\w*|semla|semlor|fika\w*)\b")


_LEADING = re.compile(
    r"(?i)\b(?:nästa punkt|punkt \d+|(?:kommer|går) (?:man|vi|verksamheten) (?:till|in på)|"
    r"verksamheten (?:kommer till|har nästa möte|skriver|säger (?:\w+dag|den|kl|vecka))|anteckningarna\b|"
    r"(?:pratar|tar|nämner) (?:man |vi )?inte (?:om |upp )?\w+ här|ettan|tvåan|trean|fyran|femman|sexan|sjuan|åttan|nian|tian|"
    r"går (?:man|vi|\w+) (?:vidare|till|över)|tar (?:man|vi) |övriga frågor|öppna\w* mötet|avslut\w* mötet|"
    r"välkomna|dagordning\w*|det blir \w+dagen|framme vid|laget runt)\b")


LEAST_WORTH = 0.2
DECIDED = 0.4  # how probable it must be that a sentence says what was decided
DICTATED = 0.9  # how much what is said to be written down is worth
ASKED = 0.5  # the same of what answers a question about a matter ("nyckeltalen?" – "de är inte klara")
WORTH_OF_A_TAIL = 0.3  # of the last clause of a sentence that is left out
SAID_SO = 1.5  # what a decision in the words of the talk weighs more than one of the model's that says the same
WORTH_WEIGHT = 1.7
REPEATED, DANGLING = 0.48, -0.35
REPEATED_WITHIN = 2  # utterances after a sentence
_BEGINS_WITH_PRONOUN = re.compile(r"(?i)(?:det|den|de|där|då|han|hon)\b")


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


_KINDS = {"info": Kind.INFORMATION, "beslut": Kind.DECISION, "åtgärd": Kind.ACTION}


def _deadline(due: str | None, support: Support) -> str | None:
    """A proposed deadline when it is one and its figures were said: the meeting's own date is known to the model, too."""
    if not due or not is_deadline(due) or not set(figures(due)) <= support.said:
        return None
    return due.rstrip(".")


def _together(whole: Candidate, parts: Sequence[Candidate], stretch: Stretch, support: Support, meeting: Meeting, least_share: float) -> Candidate:
    """The sentences as one statement, with the doubt of any of them."""
    verdict = judge(replace(whole, text=" ".join(sentence(part.text) for part in parts)), stretch, support, meeting, least_share)
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
                          _deadline(p.due, support), "language_model", (), sure=p.sure)
        said = sentences(whole.text)
        if len(said) == 1:
            judged.append(judge(whole, stretch, support, meeting, least_share))
            continue
        parts = [judge(replace(whole, text=sentence(part)), stretch, support, meeting, least_share) for part in said]
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


_OF_PLACES = re.compile(r"(?i)lägesrapport|laget runt|\brund(?:a|an)\b|läget på|från enheterna|enhetsvis")


def _subject(stretch: Stretch, utterance: Utterance, meeting: Meeting) -> str:
    """What "vi" stands for: the site of a sub-item, else the unit."""
    if stretch.item and stretch.item.parent and len(stretch.item.title.split()) <= 3:
        title = stretch.item.title  # a place is said as it is written; a matter gets its ending ("inklusionen")
        of_places = _OF_PLACES.search(meeting.agenda.get(stretch.item.parent).title)
        if of_places or any(re.search(rf"\b{re.escape(title)}\b", u.text) for u in stretch.utterances):
            return title
    if utterance.person and utterance.person == meeting.chair:  # who leads speaks of the group
        return "verksamheten"
    person = next((p.person for p in meeting.attendance if p.person.name == utterance.person), None)
    return person.organisation if person and person.organisation else "verksamheten"


def _unaddressed(task: str, owner: str) -> str:
    """A task without the name of whom it was asked of ("gör det testet, Veronica, så att …")."""
    return re.sub(rf",? \b{re.escape(owner.split()[0])}\b,?", "", task)


def compressed(stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """Candidates made of the words said: sentences with a figure or a weighty word, decisions, tasks."""
    found: list[Candidate] = []
    talk = (*stretch.preceding, *stretch.utterances, *stretch.following)
    mended = as_corrected([u.text for u in talk])
    wide = replace(stretch, utterances=(*stretch.utterances, *stretch.following[:SOUGHT_WITHIN]))

    def propose(kind: Kind, text: str, utterance: Utterance, weight: float, *, settled: bool = False) -> None:
        judged = judge(Candidate(kind, text, None, None, "compression", ()), stretch, support, meeting, settled=settled)
        found.append(replace(judged, evidence=(utterance,), weight=judged.weight + weight))

    for position, utterance in enumerate(stretch.utterances, len(stretch.preceding)):
        if taken := _taken(talk, position, meeting.names):
            over = any(u in stretch.following for u in taken.said)  # who takes it on answers in what is read next
            heard, supported = (wide, support_of(wide, meeting)) if over else (stretch, support)
            judged = judge(Candidate(Kind.ACTION, taken.task, taken.owner, taken.due, "compression", ()), heard, supported, meeting)
            found.append(replace(judged, evidence=taken.said))
        spoken = spoken_sentences(without_number(_of_oneself(digits(mended.get(position, utterance.text)), utterance.person), stretch.item))
        leads = meeting.chair is None or utterance.person == meeting.chair
        answer = next((u for u in talk[position + 1:position + 2] if u.speaker != utterance.speaker), None)
        settled = agreed(spoken[-1], answer.text) if spoken and answer else None
        if settled:
            propose(Kind.DECISION, settled, utterance, SAID_SO)
        earlier = [u.text for u in talk[max(0, position - RAISED_WITHIN):position]]
        for said in spoken if leads else ():
            if refused := declined(said, earlier):
                propose(Kind.DECISION, refused, utterance, SAID_SO, settled=True)
        before = _asked_before(spoken_sentences(talk[position - 1].text), meeting.names) if position else ""
        others = [u for u in talk[position + 1:position + 1 + REPEATED_WITHIN] if u.speaker != utterance.speaker]
        replies = [matter for u in others if (matter := matter_of(u.text))]
        for kind, text, weight in _told(spoken[:-1] if settled else spoken, before, _subject(stretch, utterance, meeting), meeting.names, leads):
            if kind is Kind.INFORMATION:
                weight += _salience(text, replies)
            if kind is Kind.DECISION:
                text = with_object(text, [*(u.text for u in talk[max(0, position - RAISED_WITHIN):position]), utterance.text])
            said_so = kind is Kind.DECISION and utterance.person == meeting.chair and not (answer and turns_down(answer.text))
            propose(kind, text, utterance, weight, settled=said_so)
    return found


def _asked_before(spoken: Sequence[str], names: Sequence[str]) -> str:
    """The sentence of what was said before that may raise a matter: the last, or the one before a question that raises none ("Utbildningsdagen.
    Peder, vad har ni tänkt?")."""
    last, earlier = (*spoken[::-1], "", "")[:2]
    return earlier if last.endswith("?") and not topic_of(last, names) and topic_of(earlier, names) else last


def _salience(text: str, replies: Sequence[set[str]]) -> float:
    """What the talk around it tells of how much a sentence matters: others repeat it (``replies``: the matter of what they say), or it begins
    with a pronoun and can hardly stand alone. Weights as a logistic regression on the meetings' facts gives them, on the scale of WORTH_WEIGHT."""
    mine = matter_of(text)
    repeated = max((len(mine & matter) / len(matter) for matter in replies), default=0.0)
    return REPEATED * repeated + DANGLING * bool(_BEGINS_WITH_PRONOUN.match(text))


def from_settled(stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """What was put forward in the stretch and settled there or just afterwards, in the words in which it was put forward."""
    if stretch.item and NEXT_MEETING_TITLE.search(stretch.item.title):
        return []
    talk = (*stretch.utterances, *stretch.following)
    found = []
    for one in settled(talk):
        if one.at < len(stretch.utterances):
            judged = judge(Candidate(Kind.DECISION, one.text, None, None, "compression", ()), stretch, support, meeting, settled=True)
            found.append(replace(judged, evidence=tuple(dict.fromkeys((talk[one.at], talk[one.by]))), weight=judged.weight + SAID_SO))
    return found


_NOT_YET = re.compile(r"(?i)\b(?:tanken|förslag\w*|antingen|alternativ\w*|till handlingarna|dagordning\w*|vill|skulle|kanske)\b")


def from_decided(stretch: Stretch, support: Support, meeting: Meeting) -> list[Candidate]:
    """What who leads most probably says was decided in a stretch, where that is probable enough."""
    if stretch.item and NEXT_MEETING_TITLE.search(stretch.item.title):
        return []
    turns = [without_number(digits(u.text), stretch.item) for u in stretch.utterances]
    said, probable = max(decided(turns), key=lambda d: d[1], default=("", 0.0))
    if probable < DECIDED or said.endswith("?") or put_forward(said) or sounds_postponed(said) or (
            _NOT_YET.search(said) or _NEXT_SAID.search(said)):
        return []
    [source] = rests_on(said, stretch.utterances, 1)
    if meeting.chair not in (None, source.person):
        return []
    text = settled_by_chair(said, meeting.names) or resolution(said) or compress(said, _subject(stretch, source, meeting))
    if not text or not names_matter(text) or _LEADING.search(text) or not (text.startswith("Att ") or FINITE.search(text)):
        return []
    judged = judge(Candidate(Kind.DECISION, text, None, None, "compression", ()), stretch, support, meeting, settled=True)
    return [replace(judged, evidence=(source,))]


_STANDING = re.compile(r"(?i)nästa|öppn|övrig|avslut|inledning|välkom|laget runt|lägesr|läget|rundan|föregående|förra")
LONGEST_MATTER = 5  # words of a matter that a day stands beside
TOPIC_WITHIN = 14  # utterances before a day is settled in which its matter was raised


def settled_days(section: Section, meeting: Meeting) -> list[Candidate]:
    """Days that the chair settles without saying of what ("då blir det torsdag den tionde"), with the matter that was raised last."""
    item = meeting.agenda.get(section.item) if section.item else None
    title = item.title if item and not _STANDING.search(item.title) else None
    found: list[Candidate] = []
    raised: tuple[int, str] | None = None
    for n, u in enumerate(section.utterances):
        for said in spoken_sentences(u.text):
            topic = topic_of(said, meeting.names)
            if topic and len(topic.split()) <= LONGEST_MATTER and matter_words(topic) and not NEGATION.search(topic) and not settled_day(said):
                raised = (n, re.sub(r"(?i)^punkt(?:en)? \S+?,? ", "", topic))
            when = settled_day(said) if meeting.chair is None or u.person == meeting.chair else None
            if not when or (item and NEXT_MEETING_TITLE.search(item.title)) or _NEXT_SAID.search(u.text):
                continue
            recent = raised if raised and n - raised[0] <= TOPIC_WITHIN else None
            matter = recent[1] if recent else title
            if matter:
                evidence = tuple(dict.fromkeys((section.utterances[recent[0]] if recent else u, u)))
                text = with_months(sentence(f"{matter}: {when}"), meeting.date, " ".join(e.text for e in evidence))
                found.append(Candidate(Kind.DECISION, text, None, None, "compression", evidence, weight=4.5))
    return found


def _of_oneself(talk: str, person: str | None) -> str:
    """Talk in which who speaks stands by name where "mig" would be lost: "lämnar namn till mig"."""
    return re.sub(r"(?i)\b(av|till|hos|från|via) (?:mig|mej)\b(?! själv)", rf"\1 {person}", talk) if person else talk


RAISED_WITHIN = 6  # utterances before "då köper vi inte" in which what is not bought was named
SOUGHT_WITHIN = 3  # utterances after "vem bokar lokal?" in which somebody takes it on, or after a promise in which its day is said
GIVEN_WITHIN = 4  # utterances before "Omar gör schemat" in which Omar has taken it on


@dataclass(frozen=True)
class _Taken:
    """A task in written words, whose it is, by when, and the utterances that say so."""

    task: str
    owner: str
    due: str | None
    said: tuple[Utterance, ...]


def _taken(talk: Sequence[Utterance], at: int, names: Sequence[str]) -> _Taken | None:
    """The task that an utterance asks for or promises, once somebody has taken it on."""
    utterance, speaker = talk[at], talk[at].person or talk[at].speaker
    own = digits(utterance.text)
    if taken := _taken_on(talk[at:]):
        task, taker = taken
        owner = taker.person or taker.speaker
        return _Taken(_unaddressed(task, owner), owner, due_of(digits(taker.text)) or due_of(own), tuple(dict.fromkeys((utterance, taker))))
    if given := _given(talk, at, names):
        return _Taken(*given, due_of(own), (utterance,))
    if left := left_over(utterance.text):
        after = next(((due, u) for u in talk[at + 1:at + 1 + SOUGHT_WITHIN] if (due := due_of(digits(u.text)))), None)
        return _Taken(left, speaker, after[0] if after else None, (utterance, after[1]) if after else (utterance,))
    before = talk[at - 1] if at else None
    own_words = utterance.text
    if before and before.person and before.speaker != utterance.speaker:  # "då anmäler jag dig"
        own_words = re.sub(r"(?i)(?<=\bjag )(?:dig|dej)\b", before.person, own_words)
    promised = promise(own_words, before.text if before else "")
    return _Taken(promised, speaker, due_of(own), (utterance,)) if promised and not _CHATTER.search(promised) else None


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


def _tells_nothing(text: str, subject: str) -> bool:
    """Whether a compressed sentence is nothing for the minutes: what could be chosen, who comes and goes, or the next item ("vi går till …")."""
    nothing = rf"(?i)(?:antingen|{re.escape(subject)} går (?:vidare|över|till))\b|(?:det|den) \w+(?: \w+)? ?(?:inte|bra)?\.$"
    return re.match(nothing, text) is not None or tells_of_a_person(text)


_ASKS_FIGURE = re.compile(
    r"(?i)\b(?:hur (?:många|mycket|länge|lång|långt|stor|stort|ofta|hög|högt)|vad (?:kostar|kostade|blir det|landar|ligger)|när)\b[^?]*\?$")
_CLAUSES = re.compile(r", (?=(?:och|så|för|eftersom|vilket|det|de|den|där|då) )")
_CARRIES = re.compile(
    rf"(?i)\d|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))}|vecka\w*|sakna\w*|brist\w*|fel|risk\w*|kvar|försen\w*|måste|ska|bara)\b|(?<=\w )(?-i:[A-ZÅÄÖÉ])")
SHORTEST_LEFT = 4


def _without_tail(written: str) -> str:
    """A written sentence without the clauses at its end that carry nothing ("det är 76 %, och det var ju väntat" → "det är 76 %")."""
    *kept, last = _CLAUSES.split(written.rstrip("."))
    while kept and worth(last) < WORTH_OF_A_TAIL and FINITE.search(last) and not reserves(last) and not _CARRIES.search(last):
        *kept, last = kept
    shorter = sentence(", ".join([*kept, last]))
    return shorter if len(shorter.split()) >= SHORTEST_LEFT and FINITE.search(shorter) else written


def _told(spoken: Sequence[str], before: str, subject: str, names: Sequence[str], leads: bool) -> list[tuple[Kind, str, float]]:
    """(kind, text, weight) of what the spoken sentences of an utterance tell; ``before`` is the one said before them.

    ``leads``: whether the speaker may settle what the meeting does, as the chair or where no chair is known.

    A pronoun gets the matter raised just before; figures without a verb go with the sentence they follow.
    """
    told: list[tuple[Kind, str, float]] = []
    open_ended = False  # whether the last sentence told can take what follows it
    last = -2  # the place of the sentence told last
    question = before
    for n, said in enumerate(spoken):
        topic = topic_of(before, names)
        if topic and goes_on_with(topic, said):
            before = f"{topic} {said[:1].lower()}{said[1:]}"
            continue
        asked = before.endswith("?")
        before = said if OPENERS.sub("", said.rstrip(" .!?")) else before
        if settles := decision(said) or (settled_by_chair(said, names) if leads else None):
            told.append((Kind.DECISION, settles, SAID_SO))
            open_ended = False
            continue
        whole = with_topic(said, topic) if topic else said
        text = (how_many(topic, said) if topic else None) or compress(whole, subject)
        if not text and open_ended and (longer := with_fragment(told[-1][1], said)):
            told[-1] = (Kind.INFORMATION, longer, told[-1][2])
            continue
        if not text:
            answer = in_answer(question, said) if not n else None
            text = (compress(answer, subject) if answer else None) or (under_topic(topic, said) if topic else None)
            text = text or told_to_all(said) or of_a_matter(said)
        if text and _tells_nothing(text, subject):
            text = None
        text = _without_tail(text) if text else None
        value = max(worth(said), worth(whole), DICTATED * is_dictated(said), ASKED * (asked and whole != said),
                    ASKED * (n == 0 and _ASKS_FIGURE.search(question) is not None and re.search(r"\d", said) is not None))
        open_ended = bool(text) and value >= LEAST_WORTH and not _CHATTER.search(said) and not _LEADING.search(text or "")
        if text and open_ended:
            weight = WORTH_WEIGHT * value - 1.0
            earlier = (told[-1][1] if last == n - 1 else compress(spoken[n - 1], subject)) if n and refers_back(text) else None
            # What a pronoun stands for goes with it.
            if earlier and not _LEADING.search(earlier) and len(f"{earlier} {text}".split()) <= LONGEST_WORDS:
                if last == n - 1:
                    weight = max(weight, told.pop()[2])
                text = f"{earlier} {text}"
            told.append((Kind.INFORMATION, text, weight))
            last = n
    return told


_RESERVES = re.compile(
    r"\b(?P<own>[Jj]ag (?:vill |får |måste )?(?:också |även |då )?(?:reserverar? mig|anmäl(?:a|er) (?:en )?reservation)|"
    r"[Vv]ill jag reservera mig)(?! inte)(?P<against> mot beslutet)?|"
    r"\b(?P<other>[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)?) reserverar sig(?! inte)(?P<besides> mot beslutet)?")
_VOTES = re.compile(r"(?<![\d,])(\d{1,2})(?: röster)? mot (\d{1,2})(?!\d|,\d|%)")
_VOTING = re.compile(r"(?i)\b(?:vi röstar|rösta[rs]?|omröst\w*|voter\w*|handuppräckning|räcker upp handen|vilka (?:är|röstar) för)\b")


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
    for u in utterances if re.search(r"föregående|förra", title) else ():
        if u.person and re.search(r"(?i)\b(?:jag (?:rättar|ändrar|justerar)|(?:rättar|ändrar) jag) (?:till )?(?:det|den|dem|dom)\b", u.text):
            noun = "protokollet" if "protokoll" in title else "anteckningarna"
            found.append(Candidate(Kind.ACTION, f"Rättar {noun}.", u.person, due_of(digits(u.text)), "compression", (u,), weight=6.0))
            break
    for before, u in pairwise(utterances):
        if re.search(r"(?i)\bjuster(?:a|are|ar)\b", before.text) and accepts(u.text) and u.person in meeting.names and (
                calls(before.text, str(u.person))):
            add(Kind.DECISION, f"{u.person} utses att justera protokollet.", [before, u])
            break
    for u in utterances:
        chosen = re.search(
            r"\b(?:(?:väljer|utser|tar) vi|(?:är|blir) det) (?P<name>[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)?)(?= (?:till|att|som))", u.text)
        full = with_first_name(chosen["name"], meeting.names) if chosen else None
        if full and re.search(r"(?i)\bjuster", u.text) and not any("utses" in c.text for c in found):
            add(Kind.DECISION, f"{full} utses att justera protokollet.", [u])
    for u in utterances:
        if reserved := _RESERVES.search(u.text):
            who = u.person if reserved["own"] else with_first_name(reserved["other"], meeting.names)
            text = f"{who} reserverar sig{' mot beslutet' if reserved['against'] or reserved['besides'] else ''}."
            if who and not any(c.text.startswith(f"{who} reserverar sig") for c in found):
                add(Kind.INFORMATION, text, [u])
        if (votes := _VOTES.search(counted := digits(u.text))) and any(_VOTING.search(v.text) for v in utterances):
            abstains = re.search(r"(?i)\b(?P<some>\d|en) (?:som )?avst(?:år|od)\b", counted)
            abstained = f", {abstains['some']} avstår" if abstains else ""
            add(Kind.INFORMATION, f"Omröstningen slutar {votes[1]} mot {votes[2]}{abstained}.", [u])
    words = sum(len(u.text.split()) for u in utterances)
    postponing = [u for u in utterances if sounds_postponed(u.text)]
    tabled = [u for u in postponing if re.search(r"(?i)\bbordlägg", u.text)]
    if postponing and (words < 160 or tabled) and item and not re.search(r"nästa|öppna|övrig|avslut", title):
        verb = "bordläggs" if tabled else "skjuts upp"  # in the group's own word
        said = (tabled or postponing)[-1]
        when = re.search(rf"(?i)\btill (?P<when>\w{{3,}}mötet|{'|'.join(MONTHS)})\b", said.text)
        add(Kind.POSTPONED, f"Punkten {verb} till {when['when'].casefold() if when else 'nästa möte'}.", [said])
    return found


_NEXT_SAID = re.compile(r"(?i)(?<!till )(?<!före )(?<!innan )(?<!inför )(?<!från )(?<!på )\b(?:"
                        r"nästa (?:möte|gång|avstämning|träff|sammanträde|apt|\w+möte|\w+träff)\b|"
                        r"(?:ses|hörs|träffas) (?:vi|igen)|nya? (?:mötes)?tid(?:er)?\b)")
_NEXT_REACH = 14  # utterances after the cue in which day and time are settled


def next_meeting(meeting: Meeting, sections: Sequence[Section]) -> tuple[int, Candidate] | None:
    """When the next meeting is, and the section that it belongs to: its own item, else where it was said."""
    own = next((n for n, s in enumerate(sections) if s.item and NEXT_MEETING_TITLE.search(meeting.agenda.get(s.item).title)), None)
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
        if sections[section].item is None:  # said while saying goodbye: with what was spoken of last
            section = max((n for n, s in enumerate(sections) if s.item is not None), default=section)
        return section if own is None else own, Candidate(Kind.INFORMATION, text, None, None, "compression", (said,), weight=6.0)
    return None
