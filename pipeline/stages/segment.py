"""segment: utterances → agenda items, by one global optimum over cues, meaning, speakers and order.

A hidden sequence of items is decoded (Viterbi): what an utterance says speaks for items whose words it
shares; moving to another item costs least where the chair moves on and names it; the written order is
a prior that can be broken. Talk before the opening and after the closing belongs to no item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import simplemma

from models.minutes.worth import worth
from pipeline.meeting import AgendaItem, Meeting, Section, Utterance
from pipeline.swedish.cues import NEXT_MEETING_TITLE, is_transition
from pipeline.swedish.numbers import digits
from pipeline.swedish.sentences import sentences
from pipeline.swedish.sounds import as_heard, sound
from pipeline.teams.names import calls, name_key, parse_name

# What groups say when they reach the standing items, whatever their title.
_FORMAL = tuple((re.compile(title), re.compile(as_heard(said))) for title, said in (
    (r"öppna|inledning|välkom", r"(?i)\b(?:välkom\w+|öppnar|kör (?:vi )?igång|sätter (?:vi )?igång|börjar vi|dagordning\w*|agendan)\b"),
    (r"dagordning|föredragningslista", r"(?i)\b(?:dagordning\w*|agendan|lägga till n[åo]got)\b"),
    (r"justerare|justering", r"(?i)\b(?:juster\w+)\b"),
    (r"föregående|förra|tidigare (?:möte|protokoll|anteckning)", r"(?i)\b(?:förra (?:mötets?|gången|protokollet|anteckningarna)|föregående|senaste (?:protokollet|mötet)|till handlingarna)\b"),
    (r"övrig", r"(?i)\b(?:övriga? frågor|(?<!i )övrigt|inget övrigt|n[åo](?:t|got) (?:mer|annat) (?:innan|som|att)|något övrigt|har vi glömt)\b"),
    (NEXT_MEETING_TITLE.pattern, r"(?i)\b(?:nästa (?:möte|gång|sammanträde|apt|träff|avstämning|beredning|\w+råd)\b|mötestid\w*|ses (?:vi|igen)|ny(?:a)? tid(?:er)?|kallelse)\b"),
    (r"avslut", r"(?i)\b(?:avslutar|avslutat|förklarar|tack för (?:i ?dag|mig|det)|då var vi klara|trevlig (?:helg|dag)|hej ?då)\b"),
    (r"laget runt|rundan|varvet|lägesr|läget (?:på|i|hos|från)\b", r"(?i)\b(?:laget runt|varvet runt|ta(?:r)? (?:vi )?ett varv|lägesrapport\w*|en runda)\b"),
))
_NTH = {"ettan": 1, "tvåan": 2, "trean": 3, "fyran": 4, "femman": 5, "sexan": 6, "sjuan": 7, "åttan": 8,
        "nian": 9, "tian": 10, "elvan": 11, "tolvan": 12}
_NUMBER_CUE = re.compile(as_heard(r"(?i)\b(?:punkt(?:en)?|paragraf(?:en)?|§|ärende)\s*(?:nummer\s*)?(\d{1,3})\b"))
_BARE_NUMBER = re.compile(as_heard(r"(?i)\b(?:då (?:är det|tar vi|har vi|är vi på)|nästa är|vidare till|över till) (\d{1,3})(?=[,.?! ])"))
_STOP = frozenset(
    ["och", "i", "på", "av", "för", "med", "till", "om", "den", "det", "de", "en", "ett", "som", "från", "per", "inför", "under", "vid", "samt", "är", "vi", "ni", "jag", "du", "han", "hon", "ha", "har", "hade", "vara", "inte", "så", "men", "då", "nu", "ja", "nej", "här", "där", "ju", "väl", "kan", "ska", "skulle", "man", "bara", "alltså", "också", "eller", "att", "sig", "mot", "efter", "punkt", "möte", "mötets", "nästa", "ny", "nya", "mål", "2024", "2025", "2026", "2027"])
_LEADING_IN = ("punkt", "gå", "ta", "vidare", "sen", "nästa", "komma")  # what leads in a title that is read out
_FORMS_OF_ITEMS = ("beslut", "diskussion", "fråga")  # said of every item, they name none that has another word

_DEFERRED = re.compile(
    r"(?i)\b(?:tar vi (?:på|under|sen|senare)|(?:det|den|dit|som) kommer vi till|vi tar (?:det|den) (?:där|då|sen)\b|återkom(?:mer|ma)?|får vi ta|ta(?:r|s)? (?:det|den|upp det|upp)? ?(?:på|under)|"
    r"n[åo](?:t|got|gra|gon|n)\b[^.?!]{0,30} (?:till|på|under) övri\w*|ligger som|ska på|direkt efter|alltså före|redan nu|lägga till|(?:till|före|innan|inför|efter|från|på|sen) nästa (?:möte|gång|sammanträde|träff|avstämning|apt)|vill ta)\b")


@dataclass(frozen=True)
class Weights:
    """What the evidence weighs, fitted to the development meetings (bench/segmentation.py)."""

    share: float = 0.9  # an utterance shares words with an item
    move: float = 5.1  # cost of moving to another item
    cue: float = 1.45  # rebate where somebody moves the meeting on
    chair: float = 0.7  # further rebate when it is the chair
    named: float = 6.0  # rebate for an item that is named there
    unled: float = 0.3  # share of that rebate when neither cue nor chair
    skip: float = 0.4  # cost an item jumped over
    following: float = 0.8  # rebate for the next item in order
    back: float = 5.5  # cost of going back
    returned: float = 4.0  # rebate of going back where who leads says so
    slip: float = 2.0  # further cost of going back where nobody leads there
    begin: float = 2.0  # cost an item jumped over before the meeting has begun
    outside: float = 1.3  # cost of entering a sub-item from outside its parent
    site: float = 1.1  # a speaker from the site that an item is about
    silent: float = -0.08  # talk without an item
    lost: float = 0.5  # cost where what is said without an item is worth writing


NEIGHBOURS = 2
SHORTEST_PREFIX = 3  # letters of what stands before a title's word in a compound ("förening" is none of "rening")
LONG_COMPOUND = 9  # letters of a word that a recogniser may have written as two
LEAST_CLOSING = 4  # words before somebody moves on that are more than "Bra, tack."
RATHER_NAMED = 0.7  # at which an utterance that gives the floor says of what
CLEARLY_NAMED = 0.9  # how clearly a sentence must name an item to open it
LEAST_OWN = 7  # letters of a title's word that may open its item by itself
COMMON_WORTH = 0.3  # of talk that may well be chatter
HANDOVER = 0.3  # how much of a cue it is when the chair hands over to somebody by name


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    lemma = str(simplemma.lemmatize(word, lang="sv")).casefold()
    # Long compounds are unknown to the word list: take their endings off by rule.
    return re.sub(r"(?:arna|erna|orna|ande|ar|er|or|en|et|na)$", "", lemma) if lemma == word and len(word) > 8 else lemma


def lemmas(text: str) -> list[str]:
    """Content words of a text in their dictionary form."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return [_lemma(w) for w in words if w not in _STOP and len(w) > 1]


def _is_second_part(short: str, long: str) -> bool:
    """Whether a word ends with another as a compound does ("patientenkät", "enkät"; "förening" is none of "rening")."""
    prefix = long[:len(long) - len(short)]
    if not long.endswith(short) or len(prefix) < SHORTEST_PREFIX:
        return False
    return len(short) >= 6 or (len(short) == 5 and simplemma.is_known(prefix.removesuffix("s"), lang="sv"))


_DERIVED = re.compile(r"(?:ningar|ningen|ning|ingar|ingen|ing|ande|ende|ar|er|at|as|a|e)$")


def _akin(a: str, b: str) -> bool:
    """Whether a title's word and one said share a stem, also as parts of compounds or derived ("inklusion", "inklusionstakt"; "risk",
    "risklista"; "ändring", "ändra")."""
    if a == b:
        return True
    heard = sorted((sound(a), sound(b)), key=len)
    if (heard[0] == heard[1] and len(heard[0]) >= 4) or (len(heard[0]) >= 6 and heard[1].startswith(heard[0])):
        return True
    root = _DERIVED.sub("", a)
    if len(root) >= 4 and root == _DERIVED.sub("", b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < 4:
        return False
    if len(short) == 4:
        compound = short == a and len(long) >= 9 and simplemma.is_known(long[4:].removeprefix("s"), lang="sv")
        return long.startswith(short) and (len(long) <= 7 or compound)
    if long.startswith(short) or _is_second_part(short, long):
        return True
    return len(short) >= 7 and long[:7] == short[:7]


@lru_cache(maxsize=1_000)
def _beginnings(utterance: str) -> tuple[tuple[str, ...], ...]:
    """The content words with which the sentences of an utterance begin, without those that lead a title in."""
    return tuple(tuple(w for w in lemmas(re.split(r"[,:–]", s)[0]) if w not in _LEADING_IN) for s in sentences(utterance))


class _Profile:
    """What speaks for an item: words of its title and the phrases of standing items."""

    def __init__(self, item: AgendaItem) -> None:
        self.item = item
        title = item.title.casefold()
        titled = list(dict.fromkeys(lemmas(item.title)))
        matters = [w for w in titled if w not in _FORMS_OF_ITEMS] or titled
        self.words = [w for w in matters if w != "information"] if len(matters) > 2 else matters
        self.formal = next((said for written, said in _FORMAL if written.search(title)), None)
        self.own: tuple[str, ...] = ()  # words of no other item's title, where the title has several
        self.presenters = [w.casefold() for w in re.findall(r"[A-ZÅÄÖÉ][\wåäöé-]{2,}", item.note or "")]
        digits_ = re.findall(r"\d+", item.number or "")
        self.number = int(digits_[0]) if digits_ and "." not in (item.number or "") else None

    def named(self, utterance: str, words: Sequence[str], numbers: set[int]) -> float:
        """0..1: how clearly an utterance names the item; 1.6 when it gives the item's number."""
        if (self.number is not None and self.number in numbers) or self.read_out(utterance):
            return 1.6
        share = self.share(words)
        if self.formal and self.formal.search(utterance):
            share = max(share, 0.9)
        if share < 0.7 and any(re.search(rf"\b{re.escape(p)}s?\b", utterance.casefold()) for p in self.presenters):
            share = 0.7
        return share

    def read_out(self, utterance: str) -> bool:
        """Whether the title is said by itself, with nothing but a name beside it ("Digital patologi, Dan."), or a word of it that no other has."""
        for said in _beginnings(utterance):
            if self.own and len(said) == 1 and any(_akin(w, said[0]) for w in self.own):
                return True
            if said and len(said) <= len(self.words) + 1 and self.share(said) >= 1.0 and all(any(_akin(w, s) for w in self.words) for s in said):
                return True
        return False

    def share(self, words: Sequence[str]) -> float:
        if not self.words:
            return 0.0
        weight = {w: min(1.0, len(w) / 7) for w in self.words}
        hit = sum(weight[w] for w in self.words if any(_akin(w, said) for said in words))
        return min(1.0, hit / max(0.7, 0.6 * sum(weight.values())))


def _item_numbers(text: str) -> set[int]:
    spoken = digits(text)
    found = {int(n) for n in _NUMBER_CUE.findall(spoken)}
    found |= {int(n) for n in _BARE_NUMBER.findall(spoken) if int(n) > 12}
    return found | {n for word, n in _NTH.items() if re.search(rf"(?i)\b{word}\b", text)}


@dataclass(frozen=True)
class Evidence:
    """What speaks for items, before it is weighed. Rows are utterances, columns items."""

    share: npt.NDArray[np.float64]
    named: npt.NDArray[np.float64]
    site: npt.NDArray[np.float64]
    cue: npt.NDArray[np.float64]
    chair: npt.NDArray[np.float64]
    returns: npt.NDArray[np.float64]
    farewell: npt.NDArray[np.float64]
    worth: npt.NDArray[np.float64]


_RETURNS = re.compile(r"(?i)\b(?:backar (?:vi|jag)|(?:vi|jag) backar|(?:går|hoppar) (?:vi )?tillbaka|tillbaka till|återgår (?:vi )?till|återvänder)\b")
_FAREWELL = re.compile(r"(?i)\b(?:tack för (?:i ?dag|idag|mig)|tack så mycket allihop|hej ?då|mötet (?:är )?avslutat|"
                       r"avslutar (?:vi|jag) (?:mötet|där|för)|ha det (?:bra|så)|stoppa inspelningen|stänger (?:jag )?inspelningen)\b")


_THE_OTHERS = re.compile(r"(?i)\b(?:de|dom|alla|våra|era) övriga\b")  # are no other questions


def _speaker_key(utterance: Utterance) -> tuple[str, ...]:
    """The words of the name of who speaks: the person's, else the endpoint's or voice's."""
    return name_key(utterance.person or parse_name(utterance.speaker).name)


def _leading_voice(meeting: Meeting, utterances: Sequence[Utterance]) -> tuple[str, ...] | None:
    """The chair; where no voice is known to be the chair's, the unnamed voice that moves the meeting on most."""
    chair = name_key(meeting.chair) if meeting.chair else None
    if any(_speaker_key(u) == chair for u in utterances):
        return chair
    leads = Counter(name_key(u.speaker) for u in utterances if u.person is None and is_transition(u.text))
    voice, count = max(leads.items(), key=lambda x: x[1], default=(chair, 0))
    return voice if count >= 2 else chair


def _profiles(items: Sequence[AgendaItem]) -> list[_Profile]:
    """What speaks for each item, with the words that are of its title alone."""
    profiles = [_Profile(i) for i in items]
    for one in profiles:
        others = [w for p in profiles if p is not one for w in p.words]
        own = [w for w in one.words if len(w) >= LEAST_OWN and not any(_akin(w, other) for other in others)]
        one.own = tuple(own) if len(one.words) > 1 else ()
    return profiles


def evidence(meeting: Meeting, utterances: Sequence[Utterance]) -> Evidence:
    """Everything that utterances tell about the items of the agenda."""
    profiles = _profiles(meeting.agenda.items)
    n, k = len(utterances), len(profiles)
    share, named, site = np.zeros((n, k)), np.zeros((n, k)), np.zeros((n, k))
    cue, leads, returns, farewell = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    chair = _leading_voice(meeting, utterances)
    subs = np.array([p.item.parent is not None for p in profiles], bool)
    parents = np.array([any(q.item.parent == p.item.id for q in profiles) for p in profiles], bool)
    present = [p.person.name for p in meeting.attendance if p.present]
    organisations = {name_key(p.person.name): (p.person.organisation or "") for p in meeting.attendance}
    for i, utterance in enumerate(utterances):
        words = lemmas(_THE_OTHERS.sub(" ", utterance.text))
        words += [_lemma(a + b) for a, b in pairwise(re.findall(r"[^\W\d_]+", utterance.text.casefold())) if len(a + b) >= LONG_COMPOUND]
        speaker = _speaker_key(utterance)
        deferred = _DEFERRED.search(utterance.text) is not None
        leads[i] = speaker == chair
        cue[i] = is_transition(utterance.text) and not deferred
        if leads[i] and not cue[i] and not deferred and any(calls(utterance.text, name) for name in present):
            cue[i] = HANDOVER
        returns[i] = leads[i] and _RETURNS.search(utterance.text) is not None
        farewell[i] = _FAREWELL.search(utterance.text) is not None
        numbers = _item_numbers(utterance.text)
        home = [w for w in lemmas(organisations.get(speaker, "")) if w not in ("region", "län", "kommun")]
        for j, profile in enumerate(profiles):
            share[i, j] = profile.share(words)
            named[i, j] = profile.named(utterance.text, words, numbers) * (0.25 if deferred else 1.0)
            site[i, j] = bool(home and profile.item.parent and profile.share(home) > 0.5)
        _prefer_last_named(named[i], utterance.text, profiles)
        given_the_floor = i and cue[i - 1] and leads[i - 1] and utterance.person and calls(utterances[i - 1].text, utterance.person)
        if given_the_floor and not (named[i - 1] >= RATHER_NAMED)[subs | ~parents].any() and (named[i, subs] >= CLEARLY_NAMED).any():
            cue[i] = 1.0  # whoever begins says whose report it is: "Hanna, du kan börja." – "Ja, i Linköping …"
    kernel = np.array([0.5 ** abs(d) for d in range(-NEIGHBOURS, NEIGHBOURS + 1)])
    if n > len(kernel):
        share = np.apply_along_axis(lambda c: np.convolve(c, kernel, mode="same"), 0, share)
    weighty = np.array([max(0.0, worth(u.text) - COMMON_WORTH) for u in utterances])
    return Evidence(np.minimum(share, 2.0), named, site, cue, leads, returns, farewell, weighty)


def _prefer_last_named(named: npt.NDArray[np.float64], text: str, profiles: Sequence[_Profile]) -> None:
    """Of a parent and its sub-item the sub-item is meant; of several sub-items, the one named last."""
    folded = text.casefold()
    clear = [j for j, p in enumerate(profiles) if named[j] >= 0.6]
    children = [j for j in clear if profiles[j].item.parent]
    position = {j: max((folded.rfind(w[:5]) for w in profiles[j].words), default=-1) for j in children}
    for j in children:
        siblings = [k for k in children if profiles[k].item.parent == profiles[j].item.parent]
        if position[j] < max(position[k] for k in siblings):
            named[j] *= 0.5
        elif parents := [float(named[k]) for k in clear if profiles[k].item.id == profiles[j].item.parent]:
            named[j] = max(named[j] + 0.8, parents[0] + 0.5)


def _decode(emissions: npt.NDArray[np.float64], moves: npt.NDArray[np.float64], order: npt.NDArray[np.float64],
            slips: npt.NDArray[np.float64]) -> list[int]:
    """The best sequence of states. ``moves`` (utterances, states) is the rebate for entering a state, ``order`` the cost of
    every step and ``slips`` (utterances, states, states) what it costs besides, there."""
    n, k = emissions.shape
    back = np.zeros((n, k), int)
    start = np.full(k, -order.max())
    start[0], start[-1] = -2.0, 0.0  # a meeting begins before its first item, or with it
    best = emissions[0] + start
    for i in range(1, n):
        enter = best[:, None] - order - slips[i] + moves[i][None]
        np.fill_diagonal(enter, best)
        back[i] = np.argmax(enter, axis=0)
        best = emissions[i] + enter[back[i], np.arange(k)]
    path = [int(np.argmax(best))]
    for i in range(n - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def _tops(items: Sequence[AgendaItem]) -> list[int]:
    """The place of each item, or of the one above it, in the written order."""
    return [int(i.id.split(".")[0]) for i in items]


def _order_costs(items: Sequence[AgendaItem], w: Weights) -> npt.NDArray[np.float64]:
    """Cost of moving from one item to another (the last state is no item)."""
    k = len(items)
    tops = _tops(items)
    cost = np.full((k + 1, k + 1), w.move)
    for a in range(k):
        for b in range(k):
            step = tops[b] - tops[a]
            if step < 0:
                cost[a, b] += w.back
            elif step > 1:
                cost[a, b] += w.skip * min(4, step - 1)
            elif step == 0 and b < a and items[b].parent == items[a].parent:
                cost[a, b] += w.back / 2
            if step == 1 and not items[b].parent:
                cost[a, b] -= w.following
            if items[b].parent and tops[a] != tops[b]:
                cost[a, b] += w.outside
        cost[k, a] = w.move - 1.0 + w.begin * min(5, tops[a] - 1) + (2 * w.outside if items[a].parent else 0.0)
        cost[a, k] = w.move + (0.0 if tops[a] == max(tops) else 3.0)
    return cost


def decode(items: Sequence[AgendaItem], found: Evidence, w: Weights) -> list[int]:
    """The best sequence of items, as indexes; len(items) stands for none."""
    led = np.maximum(found.cue, found.chair)[:, None]
    moves = (w.cue * found.cue + w.chair * found.chair)[:, None] + w.named * found.named * (led + w.unled * (1 - led))
    answers = np.vstack([found.site[1:], np.zeros((1, len(items)))])  # who speaks next is from the site
    moves = np.hstack([moves + w.site * answers * led, w.named * found.farewell[:, None]])
    emissions = np.hstack([w.share * found.share, (w.silent - w.lost * found.worth)[:, None]])
    tops = _tops(items)
    back = np.array([[b < a for b in tops] + [False] for a in tops] + [[False] * (len(tops) + 1)])
    return _decode(emissions, moves, _order_costs(items, w),
                   (w.slip * (1 - led) - w.returned * found.returns[:, None])[:, :, None] * back[None])


def assign(meeting: Meeting, utterances: Sequence[Utterance], weights: Weights = Weights()) -> list[str | None]:
    """The id of the agenda item that each utterance belongs to, None for none."""
    items = meeting.agenda.items
    if not items or not utterances:
        return [None] * len(utterances)
    path = decode(items, evidence(meeting, utterances), weights)
    return [items[s].id if s < len(items) else None for s in path]


def _moves_on(utterance: Utterance, profile: _Profile) -> tuple[Utterance, Utterance] | None:
    """What closes one item and what moves on to the next, where somebody does both in one breath.

    None where the first sentences move on already, or none does.
    """
    said = sentences(utterance.text)
    moving = [is_transition(s) or profile.named(s, lemmas(s), _item_numbers(s)) >= CLEARLY_NAMED for s in said]
    closing = " ".join(said[:moving.index(True)]) if True in moving else ""
    if len(closing.split()) < LEAST_CLOSING:
        return None
    whole, at = " ".join(said), len(closing)
    between = next((w.start for w in utterance.words[len(whole[:at].split()):]),
                   utterance.start + round((utterance.end - utterance.start) * at / len(whole)))
    return (utterance.model_copy(update={"text": whole[:at], "end": between, "words": tuple(w for w in utterance.words if w.start < between)}),
            utterance.model_copy(update={"text": whole[at + 1:], "start": between, "words": tuple(w for w in utterance.words if w.start >= between)}))


def segment(meeting: Meeting, utterances: Sequence[Utterance]) -> tuple[Section, ...]:
    """A section for every agenda item, in written order, then the talk that belongs to none.

    An utterance that closes one item and opens the next is divided between them. Without an agenda the meeting is one section.
    """
    if not len(meeting.agenda):
        return (Section(item=None, utterances=tuple(utterances)),)
    profiles = {p.item.id: p for p in _profiles(meeting.agenda.items)}
    given: dict[str | None, list[Utterance]] = {None: [], **{i: [] for i in profiles}}
    before: str | None = None
    for utterance, item in zip(utterances, assign(meeting, utterances), strict=True):
        parts = _moves_on(utterance, profiles[item]) if item and before and item != before else None
        if parts:
            given[before].append(parts[0])
        given[item].append(parts[1] if parts else utterance)
        before = item
    sections = [Section(item=item, utterances=tuple(talk)) for item, talk in given.items() if item is not None]
    rest = tuple(given[None])
    return (*sections, Section(item=None, utterances=rest))
