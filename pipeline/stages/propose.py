"""What may be stated about a stretch of talk: proposals of the language model, of rules, and of compression.

Every proposal is judged against the talk it comes from (verify); what becomes of it is for condense to choose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.minutes.decided import decided
from models.minutes.format import Proposal
from pipeline.meeting import Kind, Meeting, Section, Utterance
from pipeline.stages.judge import judge
from pipeline.stages.settle import RAISED_WITHIN, settled
from pipeline.stages.stretch import Candidate, Stretch, matter_of, rests_on, support_of, without_number
from pipeline.stages.support import Support
from pipeline.stages.taken import SOUGHT_WITHIN, task_in
from pipeline.stages.told import LEADING, LEAST_WORTH, SAID_SO, asked_before, salience, told_in
from pipeline.stages.verify import FATAL, Problem
from pipeline.swedish.clauses import FINITE
from pipeline.swedish.cues import NEXT_MEETING_TITLE, accepts, sounds_postponed, turns_down
from pipeline.swedish.dates import appointment, with_months, written_day
from pipeline.swedish.decisions import (
    agreed,
    declined,
    matter_words,
    names_matter,
    put_forward,
    resolution,
    settled_by_chair,
    settled_day,
    with_object,
)
from pipeline.swedish.matter import topic_of
from pipeline.swedish.numbers import MONTHS, digits, figures
from pipeline.swedish.register import NEGATION, sentence
from pipeline.swedish.repairs import as_corrected
from pipeline.swedish.sentences import sentences
from pipeline.swedish.tasks import due_of, is_deadline
from pipeline.swedish.written import compress, spoken_sentences
from pipeline.teams.names import calls, with_first_name

DECIDED = 0.4  # how probable it must be that a sentence says what was decided
REPEATED_WITHIN = 2  # utterances after a sentence in which others may repeat it


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
    if any(month in due.casefold() and month[:3] not in support.text for month in MONTHS):
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


CORRECTED_WITHIN = 2  # utterances after a figure in which somebody else corrects it


def _said_by(text: str, talk: Sequence[Utterance], position: int) -> tuple[Utterance, ...]:
    """The utterance that a compressed sentence comes from, with the question before it and the correction after it that lent it words or figures."""
    lent = matter_of(text) - matter_of(digits(talk[position].text))
    near = range(max(0, position - 1), min(len(talk), position + 1 + CORRECTED_WITHIN))
    return tuple(talk[n] for n in near if n == position or lent & (
        matter_of(digits(talk[n].text)) if n < position else set(figures(digits(talk[n].text)))))


def compressed(stretch: Stretch, support: Support, meeting: Meeting, least: float = LEAST_WORTH) -> list[Candidate]:
    """Candidates made of the words said: sentences that are worth at least ``least`` (0–1), decisions, tasks."""
    found: list[Candidate] = []
    talk = (*stretch.preceding, *stretch.utterances, *stretch.following)
    mended = as_corrected([u.text for u in talk])
    wide = replace(stretch, utterances=(*stretch.utterances, *stretch.following[:SOUGHT_WITHIN]))

    def propose(kind: Kind, text: str, position: int, weight: float, *, settled: bool = False) -> None:
        judged = judge(Candidate(kind, text, None, None, "compression", ()), stretch, support, meeting, settled=settled)
        evidence = _said_by(text, talk, position) if kind is Kind.INFORMATION else (talk[position],)
        found.append(replace(judged, evidence=evidence, weight=judged.weight + weight))

    for position, utterance in enumerate(stretch.utterances, len(stretch.preceding)):
        if taken := task_in(talk, position, meeting.names):
            over = any(u in stretch.following for u in taken.said)  # who takes it on answers in what is read next
            heard, supported = (wide, support_of(wide, meeting)) if over else (stretch, support)
            judged = judge(Candidate(Kind.ACTION, taken.task, taken.owner, taken.due, "compression", ()), heard, supported, meeting)
            found.append(replace(judged, evidence=taken.said))
        spoken = spoken_sentences(without_number(_of_oneself(digits(mended.get(position, utterance.text)), utterance.person), stretch.item))
        leads = meeting.chair is None or utterance.person == meeting.chair
        answer = next((u for u in talk[position + 1:position + 2] if u.speaker != utterance.speaker), None)
        settled = agreed(spoken[-1], answer.text) if spoken and answer else None
        if settled:
            propose(Kind.DECISION, settled, position, SAID_SO)
        earlier = [u.text for u in talk[max(0, position - RAISED_WITHIN):position]]
        for said in spoken if leads else ():
            if refused := declined(said, earlier):
                propose(Kind.DECISION, refused, position, SAID_SO, settled=True)
        before = asked_before(spoken_sentences(talk[position - 1].text), meeting.names) if position else ""
        others = [u for u in talk[position + 1:position + 1 + REPEATED_WITHIN] if u.speaker != utterance.speaker]
        replies = [matter for u in others if (matter := matter_of(u.text))]
        for kind, text, weight in told_in(spoken[:-1] if settled else spoken, before, _subject(stretch, utterance, meeting), meeting.names, leads,
                                         least=least):
            if kind is Kind.INFORMATION:
                weight += salience(text, replies)
            if kind is Kind.DECISION:
                text = with_object(text, [*earlier, utterance.text])
            said_so = kind is Kind.DECISION and utterance.person == meeting.chair and not (answer and turns_down(answer.text))
            propose(kind, text, position, weight, settled=said_so)
    return found


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


_NOT_YET = re.compile(r"(?i)\b(?:tanken|förslag\w*|antingen|alternativ\w*|till handlingarna|dagordning\w*|vill|skulle|kanske|"
                      r"(?:är|går) (?:det )?(?:lugnt|bra|okej))\b")


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
    if not text or not names_matter(text) or LEADING.search(text) or not (text.startswith("Att ") or FINITE.search(text)):
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


_RESERVES = re.compile(
    r"\b(?:(?P<own>[Jj]ag (?:vill |får |måste )?(?:också |även |då )?(?:reserverar? mig|anmäl(?:a|er) (?:en )?reservation)|"
    r"[Vv]ill jag reservera mig)|(?P<other>[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)?) reserverar sig)(?! inte)(?P<against> mot beslutet)?")
_VOTES = re.compile(r"(?<![\d,])(\d{1,2})(?: röster)? mot (\d{1,2})(?!\d|,\d|%)")
_VOTING = re.compile(r"(?i)\b(?:vi röstar|rösta[rs]?|omröst\w*|voter\w*|handuppräckning|räcker upp handen|vilka (?:är|röstar) för)\b")


_SENT_BACK = re.compile(r"(?i)\b(?:vi återremitterar|då återremitteras|återremitteras (?:den|det|ärendet|frågan))\b(?! inte\b)[^?]*(?:[.!]|$)")


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
            if re.search(r"(?i)till handlingarna|\bgodkän\w*", u.text) and not re.search(r"(?i)\binte godkän", u.text):
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
            text = f"{who} reserverar sig{' mot beslutet' if reserved['against'] else ''}."
            if who and not any(c.text.startswith(f"{who} reserverar sig") for c in found):
                add(Kind.INFORMATION, text, [u])
        if (votes := _VOTES.search(counted := digits(u.text))) and any(_VOTING.search(v.text) for v in utterances):
            abstains = re.search(r"(?i)\b(?P<some>\d|en) (?:som )?avst(?:år|od)\b", counted)
            abstained = f", {abstains['some']} avstår" if abstains else ""
            add(Kind.INFORMATION, f"Omröstningen slutar {votes[1]} mot {votes[2]}{abstained}.", [u])
    returned = [u for u in utterances if u.person == meeting.chair and _SENT_BACK.search(u.text)]
    if returned:
        until = next((m["until"] for u in reversed(returned) if (m := re.search(r"(?i)\b(?P<until>till nästa \w+)\b", u.text))), "")
        add(Kind.DECISION, f"Ärendet återremitteras {until.casefold()}".rstrip() + ".", returned[-1:])
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
