"""What speaks against a candidate: verification, and what only the order of the talk tells.

A decision must be taken where its matter is talked about, a task be its owner's, a proposal not have fallen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from models.minutes.worth import worth
from pipeline.meeting import Kind, Meeting, Utterance
from pipeline.stages.alignment import order_kept, widest_gap
from pipeline.stages.stretch import Candidate, Stretch, matter_of, rests_on
from pipeline.stages.support import Support, root_of
from pipeline.stages.verify import FATAL, Problem, problems
from pipeline.swedish.cues import contradicts, is_hearsay, proposes, refuses, says_no, sounds_settled, takes_on, turns_down, without_no
from pipeline.swedish.dates import no_such_day, with_months
from pipeline.swedish.decisions import matter_words, names_matter, settles_it
from pipeline.swedish.numbers import figures
from pipeline.swedish.register import neutral_stems, reserves, stems
from pipeline.swedish.sentences import sentences
from pipeline.swedish.written import spoken_sentences
from pipeline.teams.names import calls

# Utterances beside what a decision rests on among which the words stand with which it is taken.
DECIDED_BEFORE, DECIDED_AFTER = 2, 4
_OF_THE_MEETING = re.compile(
    r"(?i)^(?:(?:öppnar|avslutar|inleder|startar|leder) (?:mötet|sammanträdet|inspelningen|punkten)|"
    r"hälsar|intygar|tackar|påminner om|noterar|instämmer|konstaterar|reserverar sig|yrkar|röstar|avstår)\b")
_NO_MATTER = frozenset(["halva", "hälften", "andra", "några", "många", "saken", "detta", "dessa", "själv", "själva", "också", "roliga",
                        "tråkiga", "jobbiga", "ansvarig", "ansvariga", "första", "sista", "först", "resten"])
LEAST_MATTER = 5  # letters of a word that can say what a task is about
_NOTED_DOWN = re.compile(  # what whoever keeps the minutes says of them
    r"(?i)\b(?:det |den |dem )?(?:skriver|noterar|antecknar) jag(?: upp| ner)?\b|\bjag (?:skriver|noterar|antecknar) (?:upp|ner|det|in)\b")
_ATTRIBUTED = re.compile(r"(?i)\b(?:uppge\w*|enligt|obekräft\w*|rykte\w*|hörsägen)\b")


def _names_a_matter(task: str) -> bool:
    """Whether a task says what it is about: "Hör halva" and "Skriver till själv" do not (nor do 5 of 849 hand-written ones)."""
    words = [w for w in re.findall(r"[\w/-]+", task)[1:] if w.casefold() not in _NO_MATTER]
    return any(len(w) >= LEAST_MATTER or w[0].isdigit() or w.isupper() for w in words) or " till nästa " in task


def _settled_beside(evidence: Sequence[Utterance], utterances: Sequence[Utterance]) -> bool:
    """Whether a decision is taken where its matter is talked about, and not elsewhere in the stretch."""
    places = [n for n, u in enumerate(utterances) if u in evidence]
    return sounds_settled([u.text for u in utterances[max(0, places[0] - DECIDED_BEFORE):places[-1] + DECIDED_AFTER + 1]])


_REASSURES = re.compile(r"(?i)\b(?:är|går|blir) (?:lugnt|bra|okej|ingen fara)\.?$")  # what nobody decides
_RESOLVES = re.compile(  # what only a meeting does to a matter
    r"(?i)^(?!.*\b(?:tidigare|redan|nämnden|styrelsen|regionen) )(?:\S+ ){0,12}?"
    r"(?:(?:skjuts|skjutits) upp|bordläggs|godkänns|fastställs|antas|utses|avslås|bifalls|(?:ligger|står) fast|"
    r"ställer sig bakom|enas om|fattar beslut om)\b")


def share_said(text: str, utterances: Sequence[Utterance]) -> float:
    """The share of a text's word beginnings and figures that stand in what was said, 0 to 1."""
    mine = matter_of(text)
    said = set().union(*(matter_of(u.text) for u in utterances))
    return len(mine & said) / max(1, len(mine))


NAMED_NEAR = 2  # turns beside one that names a place in which something of what is told of it must stand
SCATTERED = 0.5  # of the matter of a sentence: what no two turns that follow each other have more of was put together from several
FEW = 3


_NAMED = re.compile(r"(?<=[^\W\d_,] )[A-ZÅÄÖÉ][a-zåäöé]{3,}")


def _scattered(text: str, utterances: Sequence[Utterance]) -> bool:
    """Whether a sentence is put together from talk that lies apart ("grävmaskinen väntar", "avvecklingen tuffar på"), or names
    a place that was said elsewhere than what it tells."""
    talk = [matter_of(u.text) for u in utterances]
    for written in sentences(text) if len(talk) > 2 else ():
        mine = matter_of(written)
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


WIDEST_GAP = 12  # words between what information of the model's says side by side
# The share of its words that a spoken sentence has in the same order. Of 120 sentences of information that were read, 35 % were true,
# of those that pass 66 %.
LEAST_ORDER = {Kind.INFORMATION: 0.45, Kind.DECISION: 0.2, Kind.ACTION: 0.2}

# Of 119 tasks and decisions of the model's that were read, 52 % were true; of the 38 of which it was less sure than this and that follow the
# talk less closely than this, 24 %; of the rest, 65 %. By its sureness alone true and false are told apart best (AUC 0.77; by order 0.69).
LEAST_SURE = -0.16
CLOSE_ENOUGH = 0.5


def _unsure(candidate: Candidate, spoken: Sequence[str]) -> bool:
    """Whether a task or decision is one that the model itself hardly believes and that the talk does not say in nearly the same words."""
    if candidate.kind is Kind.INFORMATION or candidate.sure is None or candidate.sure >= LEAST_SURE:
        return False
    return order_kept(candidate.text, spoken) < CLOSE_ENOUGH


def _follows(candidate: Candidate, talk: Sequence[str], spoken: Sequence[str]) -> bool:
    """Whether what the model wrote follows the talk: information closely and in each of its sentences, decisions and tasks a little."""
    least = LEAST_ORDER[candidate.kind]
    if candidate.kind is not Kind.INFORMATION:
        return order_kept(candidate.text, spoken) >= least
    return all(widest_gap(written, talk) <= WIDEST_GAP and order_kept(written, spoken) >= least for written in sentences(candidate.text))


_ASKS_FOR_MORE = re.compile(r"(?i)\b(?:vad|hur|när|var|varför|vem|vems|vilken|vilket|vilka|vart)\b")
_AFFIRMS = re.compile(
    r"(?i)^\W*(?:(?:okej|ah|ja+|men|nej|nä)\W+)*(?:ja+|jo|japp|jajamän|jajamen|yes|mm+|precis|exakt|just (?:det|så)|absolut|självklart|visst|"
    r"stämmer|klart|okej|ok|bra|gärna|"
    r"det (?:stämmer|gör|är|har|kan|ska|kommer|blir|låter|tror|går|var|hade|finns|ser)|den (?:är|har|kan|ska|kommer|blir)|så är det|jag tror det)\b")
_DENIES_IT = re.compile(r"(?i)^\W*(?:nej|nä+|inte|nja|tyvärr)\b")
ASKED_SHARE = 0.5  # of a statement's words that one question must have for it to be what was asked


def _only_asked(text: str, utterances: Sequence[Utterance]) -> bool:
    """Whether what a statement tells was only asked ("är det nån som kan kolla om det skickar till den nya noden?") and not affirmed."""
    mine = matter_of(text)
    asked, told, replied = 0.0, 0.0, False
    for n, u in enumerate(utterances):
        spoken = spoken_sentences(u.text)
        for i, said in enumerate(spoken):
            share = len(mine & matter_of(said)) / max(1, len(mine))
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
    mine, talk = matter_of(text), [*stretch.utterances, *stretch.following]
    shares = [(len(mine & matter_of(said)), said, n) for n, u in enumerate(stretch.utterances) for said in sentences(u.text)]
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
            part and len(part & matter_of(u.text)) >= TAKEN_UP * len(part) for part in (mine, set(figures(text))))

    end = min(len(talk), place + 1 + ANSWERED_WITHIN)
    refused = next((n for n in range(place + 1, end) if refuses_it(n)), end)
    taken = any(settles_it(s) for u in talk[place + 1:refused] if u.speaker != talk[place].speaker for s in sentences(u.text))
    return refused < end and not taken and not any(takes_up(u) for u in talk[refused + 1:end])


def _is_hearsay(text: str, talk: str) -> bool:
    """Whether the sentence of ``talk`` that a statement is nearest to tells what others are said to have said, or goes on with what does.

    What follows a denial is no hearsay ("det är bara rykten, det stämmer inte. Löneöversynen är i april").
    """
    said, mine = spoken_sentences(talk), matter_of(text)
    shares = [len(mine & matter_of(s)) for s in said]
    nearest = shares.index(max(shares)) if shares else 0
    before = said[max(0, nearest - 1):nearest]
    return is_hearsay(" ".join(said[nearest:nearest + 1])) or any(is_hearsay(s) and not contradicts(s) for s in before)


def _closeness(text: str, source: Utterance) -> float:
    """How near a statement of the language model is to something said that is worth writing, from 0 to 1.7.

    On the dev pairs both parts go with the share of its words that a person wrote, and together they put it on the scale of
    compressed sentences.
    """
    mine = matter_of(text)
    nearest = max(spoken_sentences(source.text), key=lambda s: len(mine & matter_of(s)), default="")
    return share_said(text, [source]) + 0.7 * worth(nearest)


ASKED_BEFORE = 4  # utterances before what an owner says in which the task may have been asked for
OWNERS_SHARE = 0.34  # of a task's words in what its owner says, is answered to, or is told by name


def _owners(task: Candidate, utterances: Sequence[Utterance]) -> bool:
    """Whether a task has an owner and is of what that one talks about: says, answers, or is asked by name."""
    if not task.owner:
        return False
    near: set[str] = set()
    for n, u in enumerate(utterances):
        if task.owner in (u.person, u.speaker):
            for beside in utterances[max(0, n - ASKED_BEFORE):n + 1]:
                near |= matter_of(beside.text)
        elif calls(u.text, task.owner):
            near |= matter_of(u.text)
    mine = matter_of(task.text)
    mine = mine - neutral_stems() or mine
    return len(mine & near) >= OWNERS_SHARE * len(mine)


def _evident_owner(task: Candidate, utterances: Sequence[Utterance]) -> str | None:
    """Who says "jag" with the verb of a task, or is asked for it by name and takes it on; None where nobody does, or several."""
    root = re.sub(r"(?:[ae]r|r)$", "", task.text.split()[0].casefold())
    if len(root) < 3:
        return None
    doing = rf"{re.escape(root)}(?:[ae]r|r|a)?"
    promised = re.compile(rf"(?i)\bjag\b(?: \w+){{0,3}}? {doing}\b|\b{doing} jag\b")
    asked = re.compile(rf"(?i)\b{doing}\b")
    owners: set[str] = set()
    for u, answer in zip(utterances, [*utterances[1:], None], strict=True):
        if u.person and promised.search(u.text) and not refuses(u.text):
            owners.add(u.person)
        elif answer and answer.person and answer.speaker != u.speaker and takes_on(answer.text) and calls(u.text, answer.person) and (
                asked.search(u.text)):
            owners.add(answer.person)
    return owners.pop() if len(owners) == 1 else None


_WAS_TO = re.compile(r"(?i)\bdu skulle (?:ju |väl |också )?(?!kunna|vilja|behöva|kanske|ha\b)[a-zåäö]+\b")


def _old_task(task: str, evidence: Sequence[Utterance]) -> bool:
    """Whether a task is what somebody was to do since the last time ("Ibrahim, du skulle kolla om …"), and is asked about."""
    mine = matter_of(task)
    nearest = max((s for u in evidence for s in sentences(u.text)), key=lambda s: len(mine & matter_of(s)), default="")
    return _WAS_TO.search(nearest) is not None


MOST_UNSAID = 1  # longer words of information that are in no form those of the talk
_PREDICATE = re.compile(  # but for what minutes say whatever was said, and what has a rule of its own
    r"(?i)\b(?:är|var|har|hade|blir|blev) (?:(?:inte|nu|också|redan|helt|delvis) )?"
    r"(?P<said>(?!inkom|åtgärd|tillsatt|avsluta|vakan)[a-zåäö]{4,}(?:ad|at|ade|at|it|dd|tt|d|t|da|en|na|iga|igt|ig|ade))\b")


def _claims_unsaid(text: str, support: Support) -> bool:
    """Whether what is said to be so, or to have been done, stands in no form in the talk ("en sköterska är utsedd" of "jag skulle vilja ha med
    en"), or several words do not."""
    unsaid = sum(not support.has(w) for w in re.findall(r"[^\W\d_]{6,}", text))
    return unsaid > MOST_UNSAID or any(
        not support.has(m["said"]) and root_of(m["said"].casefold()) not in support.roots for m in _PREDICATE.finditer(text))


def judge(candidate: Candidate, stretch: Stretch, support: Support, meeting: Meeting, least_share: float = 0.0, *,
          settled: bool = False) -> Candidate:
    """The candidate with its evidence and what speaks against it; a decision nobody took becomes information.

    ``settled`` says that it is known to have been taken.
    """
    evident = _evident_owner(candidate, stretch.utterances) if candidate.kind is Kind.ACTION and candidate.made_by == "language_model" else None
    if evident:
        candidate = replace(candidate, owner=evident)
    evidence = rests_on(f"{candidate.text} {candidate.due or ''}", stretch.utterances)
    nearest = " ".join(u.text for u in evidence)
    talk = [u.text for u in stretch.utterances]
    text = f"{candidate.text} {candidate.due or ''}".strip()
    found = problems(candidate.kind, text, support, nearest, talk)
    if settled:
        found = [p for p in found if p is not Problem.DECISION]
    elif candidate.kind is Kind.DECISION and (
            Problem.DECISION in found or _REASSURES.search(candidate.text) or not _settled_beside(evidence, stretch.utterances)):
        candidate = replace(candidate, kind=Kind.INFORMATION)
        found = problems(candidate.kind, text, support, nearest, talk)
    elif (candidate.kind is Kind.INFORMATION and _RESOLVES.search(text) and not FATAL.intersection(found)
          and _settled_beside(evidence, stretch.utterances)):
        candidate = replace(candidate, kind=Kind.DECISION)
    own = [u.text for u in stretch.utterances if candidate.owner and candidate.owner in (u.person, u.speaker)]
    if candidate.kind is Kind.ACTION and candidate.made_by == "language_model" and not evident and _old_task(text, evidence):
        found.append(Problem.PROMISE)
    if Problem.PROMISE in found and (candidate.made_by == "compression" or any(takes_on(t) for t in own)):  # compression reads promises only
        found.remove(Problem.PROMISE)
    elif candidate.kind is Kind.ACTION and any(refuses(t) for t in own) and not any(takes_on(t) for t in own):
        found.append(Problem.PROMISE)
    if candidate.kind is Kind.ACTION and candidate.made_by == "language_model" and not _owners(candidate, stretch.utterances):
        found.append(Problem.PROMISE)
    [source] = rests_on(text, stretch.utterances, 1)
    if _is_hearsay(text, source.text) and not _ATTRIBUTED.search(text):
        found.append(Problem.HEARSAY)
    if candidate.kind is Kind.ACTION and candidate.due is None and _NOTED_DOWN.search(source.text):
        found.append(Problem.FORM)
    if candidate.kind is Kind.ACTION and (_OF_THE_MEETING.match(candidate.text) or (candidate.due is None and not _names_a_matter(candidate.text))):
        found.append(Problem.FORM)
    if candidate.kind is Kind.DECISION and candidate.made_by == "compression" and not names_matter(candidate.text):
        found.append(Problem.FORM)
    if candidate.kind is Kind.DECISION and candidate.made_by == "language_model" and not any(
            matter_words(candidate.text) & matter_words(t) for t in talk):
        found.append(Problem.WORDS)  # of the heading alone: "Screening genomförs från den 1 oktober"
    if candidate.made_by == "compression":  # its words were said, if in another form ("ringa", "ringer"), and the unit that "vi" stands for is known
        found = [p for p in found if p not in (Problem.WORDS, Problem.NAME)]
    if candidate.kind is Kind.INFORMATION and share_said(text, evidence) < least_share:
        found.append(Problem.WORDS)
    if candidate.made_by == "language_model":
        if candidate.kind is Kind.INFORMATION and least_share and _claims_unsaid(text, support):
            found.append(Problem.CLAIM)
        if candidate.kind is not Kind.ACTION and least_share and _scattered(text, stretch.utterances):
            found.append(Problem.MIXED)
        spoken = [s for t in talk for s in spoken_sentences(t)] if least_share else []
        if least_share and not evident and not _follows(candidate, talk, spoken):
            found.append(Problem.ORDER)
        if least_share and _unsure(candidate, spoken):
            found.append(Problem.UNSURE)
        if candidate.kind is Kind.INFORMATION and _only_asked(text, stretch.utterances):
            found.append(Problem.ASKED)
    if candidate.kind is not Kind.ACTION and not settled and _fell(text, stretch):
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
