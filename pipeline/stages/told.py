"""What the spoken sentences of an utterance tell, in written words: information, decisions, and how much each is worth."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.minutes.worth import worth
from pipeline.meeting import Kind
from pipeline.stages.stretch import matter_of
from pipeline.swedish.clauses import FINITE
from pipeline.swedish.decisions import decision, settled_by_chair
from pipeline.swedish.matter import (
    how_many,
    in_answer,
    of_a_matter,
    says_where,
    told_to_all,
    topic_of,
    under_topic,
    with_fragment,
    with_object_asked,
    with_topic,
)
from pipeline.swedish.numbers import MONTHS, WEEKDAYS
from pipeline.swedish.register import reserves, sentence
from pipeline.swedish.written import LONGEST_WORDS, OPENERS, compress, is_dictated, refers_back, tells_of_a_person

CHATTER = re.compile(
    r"(?i)\b(?:hör ni mig|hörs jag|du är mutad|är mutad|ser ni (?:min )?skärm|dela(?:r)? skärm|bryter (?:lite|upp)|kopplar (?:ner|upp)|"
    r"tappade er|hallå|kameran (?:är )?av|hela världen|spelas? in|inspelning\w*|"
    r"klockan är (?:redan|bara|ju|snart|mycket|\d)|\d+ punkter|mikrofon\w*|kaffe|bulle\w*|semla|semlor|fika\w*)\b")
LEADING = re.compile(
    r"(?i)\b(?:nästa punkt|punkt \d+|(?:kommer|går) (?:man|vi|verksamheten) (?:till|in på)|"
    r"verksamheten (?:kommer till|har nästa möte|skriver|säger (?:\w+dag|den|kl|vecka))|anteckningarna\b|"
    r"(?:pratar|tar|nämner) (?:man |vi )?inte (?:om |upp )?\w+ här|(?<!i )(?:ettan|tvåan|trean|fyran|femman|sexan|sjuan|åttan|nian|tian)|"
    r"går (?:man|vi|\w+) (?:vidare|till|över)|"
    r"(?:backar|hoppar|återgår) (?:man |vi )?till|tar (?:man|vi) |övriga frågor|öppna\w* mötet|avslut\w* mötet|"
    r"välkomna|dagordning\w*|det blir \w+dagen|framme vid|laget runt)\b")

LEAST_WORTH = 0.2
DICTATED = 0.9  # how much what is said to be written down is worth
ASKED = 0.5  # the same of what answers a question about a matter ("nyckeltalen?" – "de är inte klara")
WORTH_OF_A_TAIL = 0.3  # of the last clause of a sentence that is left out
SAID_SO = 1.5  # what a decision in the words of the talk weighs more than one of the model's that says the same
WORTH_WEIGHT = 1.7
REPEATED, DANGLING = 0.48, -0.35
_BEGINS_WITH_PRONOUN = re.compile(r"(?i)(?:det|den|de|där|då|han|hon)\b")


def asked_before(spoken: Sequence[str], names: Sequence[str]) -> str:
    """The sentence of what was said before that may raise a matter: the last, or the one before a question that raises none ("Utbildningsdagen.
    Peder, vad har ni tänkt?")."""
    last, earlier = (*spoken[::-1], "", "")[:2]
    return earlier if last.endswith("?") and not topic_of(last, names) and topic_of(earlier, names) else last


def salience(text: str, replies: Sequence[set[str]]) -> float:
    """What the talk around it tells of how much a sentence matters: others repeat it (``replies``: the matter of what they say), or it begins
    with a pronoun and can hardly stand alone. Weights as a logistic regression on the meetings' facts gives them, on the scale of WORTH_WEIGHT."""
    mine = matter_of(text)
    repeated = max((len(mine & matter) / len(matter) for matter in replies), default=0.0)
    return REPEATED * repeated + DANGLING * bool(_BEGINS_WITH_PRONOUN.match(text))


_IS_A_DAY = re.compile(  # what day a day is: "1 maj är röd dag"
    rf"(?i)\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b[^.]*\b(?:är|var) (?:en )?"
    rf"(?:röd dag|helgdag|klämdag|\w+afton|{'|'.join(WEEKDAYS)})\b[^.\d]{{0,12}}\.$")


def _tells_nothing(text: str, subject: str) -> bool:
    """Whether a compressed sentence is nothing for the minutes: what could be chosen, who comes and goes, or the next item ("vi går till …"),
    or what is not done without saying what ("för barn får vi inte")."""
    who = re.escape(subject)
    nothing = (rf"(?i)(?:antingen|{who} går (?:vidare|över|till))\b|(?:det|den) \w+(?: \w+)? ?(?:inte|bra)?\.$|"
               rf"[^,]* (?:får|kan|ska|har) {who} inte\.$|till [^,]*, säg ")
    return re.match(nothing, text) is not None or _IS_A_DAY.search(text) is not None or tells_of_a_person(text)


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


def _without_verb(said: str, topic: str | None, question: str, subject: str) -> str | None:
    """What a sentence without a verb tells: by the question that it answers, under the matter raised, or of what it names itself."""
    answer = in_answer(question, said)
    text = (compress(answer, subject) if answer else None) or (under_topic(topic, said) if topic else None)
    return text or told_to_all(said) or of_a_matter(said)


def told_in(spoken: Sequence[str], before: str, subject: str, names: Sequence[str], leads: bool, *,
            least: float = LEAST_WORTH) -> list[tuple[Kind, str, float]]:
    """(kind, text, weight) of what the spoken sentences of an utterance tell; ``before`` is the one said before them.

    ``least``: how much a sentence must be worth.
    ``leads``: whether the speaker may settle what the meeting does, as the chair or where no chair is known.

    A pronoun gets the matter raised just before; figures without a verb go with the sentence they follow.
    """
    told: list[tuple[Kind, str, float]] = []
    open_ended = False  # whether the last sentence told can take what follows it
    last = -2  # the place of the sentence told last
    question = before
    for n, said in enumerate(spoken):
        topic = topic_of(before, names)
        if topic and says_where(said):
            before = f"{topic} {said[:1].lower()}{said[1:]}"
            continue
        asked = before.endswith("?")
        before = said if OPENERS.sub("", said.rstrip(" .!?")) else before
        if settles := decision(said) or (settled_by_chair(said, names) if leads else None):
            told.append((Kind.DECISION, settles, SAID_SO))
            open_ended = False
            continue
        whole = with_topic(said, topic) if topic else said
        if topic and asked and whole == said:
            whole = with_object_asked(said, topic)
        text = (how_many(topic, said) if topic else None) or compress(whole, subject)
        if not text and open_ended and (longer := with_fragment(told[-1][1], said)):
            told[-1] = (Kind.INFORMATION, longer, told[-1][2])
            continue
        text = text or _without_verb(said, topic, question if n == 0 else "", subject)
        text = _without_tail(text) if text and not _tells_nothing(text, subject) else None
        answers = (asked and whole != said) or (n == 0 and _ASKS_FIGURE.search(question) and re.search(r"\d", said))
        value = max(worth(said), worth(whole), DICTATED * is_dictated(said), ASKED * bool(answers))
        open_ended = text is not None and value >= least and not CHATTER.search(said) and not LEADING.search(text)
        if text and open_ended:
            weight = WORTH_WEIGHT * value - 1.0
            earlier = (told[-1][1] if last == n - 1 else compress(spoken[n - 1], subject)) if n and refers_back(text) else None
            # What a pronoun stands for goes with it.
            if earlier and not LEADING.search(earlier) and len(f"{earlier} {text}".split()) <= LONGEST_WORDS:
                if last == n - 1:
                    weight = max(weight, told.pop()[2])
                text = f"{earlier} {text}"
            told.append((Kind.INFORMATION, text, weight))
            last = n
    return told
