"""verify: a statement passes when its figures, names, negations and words are found in its evidence.

Proposals may come from anywhere; what does not pass here never reaches the draft.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

import simplemma

from models.minutes.vocabulary import written_words
from pipeline.meeting import Kind
from pipeline.stages.negation import DENIES, Clauses, denied_alike, ruled_out, to_be_checked
from pipeline.stages.support import HEAD, Support, around, root_of
from pipeline.swedish.clauses import has_verb
from pipeline.swedish.cues import sounds_promised, sounds_settled
from pipeline.swedish.numbers import MONTHS, WEEKDAYS, digits, figures
from pipeline.swedish.personal import PERSONAL_NUMBER
from pipeline.swedish.register import FIRST_PERSON, STEM, neutral_stems, stems
from pipeline.swedish.sentences import sentences
from pipeline.swedish.sounds import sound


class Problem(StrEnum):
    """Why a statement does not pass, or passes with a flag."""

    NUMBER = "en siffra sägs inte"
    RETRACTED = "siffran togs tillbaka"
    NAME = "ett namn sägs inte"
    WORDS = "ord saknar stöd"
    NEGATION = "nekande eller reservation skiljer sig"
    DENIAL = "det nekas eller nekas inte i samtalet"
    DECISION = "inget beslut hörs"
    PROMISE = "ingen tar på sig uppgiften"
    PERSONAL = "personuppgift"
    MIXED = "satt ihop av olika yttranden"
    DAY = "veckodag och datum går inte ihop"
    UNIT = "siffran har en annan enhet"
    PLACE = "siffran hör till något annat"
    CLAIM = "det som påstås hörs inte"
    FORM = "inte en skriven mening"
    HEARSAY = "hörsägen"
    ASKED = "det är bara en fråga"
    FELL = "förslaget föll"
    ORDER = "orden sägs inte i den ordningen"
    SPELLING = "ett ord är inget svenskt ord och sägs inte"
    UNSURE = "modellen är inte säker"


FATAL = frozenset(Problem) - {Problem.NEGATION}
MOST_UNSUPPORTED = 0.34  # share of the longer words that nothing in the evidence supports
LEAST_SPOKEN = 0.3  # share of the longer words that must have been said themselves
LONGEST_WORDS = 45


_WRITTEN_SPAN = (4, 4)  # words before and after a figure in a statement that say what it is a figure of


def _misplaced(text: str, support: Support) -> bool:
    """Whether a figure stands among words of the talk of which none is said near it there ("75 på Boken" for what is said of Eken)."""
    return any(figure in support.beside and words & support.heads and not words & support.beside[figure]
               for figure, words in around(digits(text), _WRITTEN_SPAN, within_sentence=True))


_COMPOUND_LEAST = 5


def _supported(stem: str, support: Support) -> bool:
    if stem in support.stems or stem in neutral_stems():
        return True
    head, root = stem[:HEAD], root_of(stem)
    if len(root) >= 3 and root in support.roots:
        return True
    return head in support.heads or (len(stem) >= _COMPOUND_LEAST and head in support.text)


def _unsupported(text: str, support: Support) -> list[str]:
    """The longer words of a text with no support, also not as the two halves of a compound."""
    missing = []
    for word in re.findall(r"[^\W\d_]{5,}", text.casefold()):
        if _supported(word[:STEM], support):
            continue
        halves = [(word[:i], word[i:].removeprefix("s")) for i in range(4, len(word) - 3)]
        if len(word) >= 9 and any(_supported(a[:STEM], support) and a[:5] in support.text
                                  and (b[:5] in support.text or b[:STEM] in neutral_stems()) for a, b in halves):
            continue
        missing.append(word)
    return missing


_INFLECTION = re.compile(  # of nouns, verbs and adjectives
    r"(?:s|n|t|d|r|a|e|en|et|ens|ets|na|nas|ns|ar|er|or|arna|erna|orna|arnas|ade|ades|ad|at|ats|as|te|tes|de|des|ande|ende|ning|ningen|ningar)?")
LEAST_KNOWN = 3  # letters of the halves of a compound


_SHORT_WORDS = frozenset(re.findall(  # of two letters; any other is the rest of a broken one
    r"\w+", "av be bi bo by ca cm de dl du då ej el en er få ge gå ha in ja jo kg kl km ko kr la lo ml mm ms mg må ni nr nu nå ny om on os på ro sa se si st så "
            "ta ur ut va vi åk år åt är äs än ås öl kw gb tb tv it"))


@lru_cache(maxsize=50_000)
def _swedish(word: str) -> bool:
    return word in written_words() or simplemma.is_known(word, lang="sv")


def _form_of(word: str, said: str) -> bool:
    """Whether two words are forms of one: the same beginning with an inflection each."""
    same = next((n for n, (a, b) in enumerate(zip(word, said, strict=False)) if a != b), min(len(word), len(said)))
    return any(_INFLECTION.fullmatch(word[n:]) and _INFLECTION.fullmatch(said[n:]) for n in range(max(4, same - 3), same + 1))


def _made_up(text: str, support: Support) -> bool:
    """Whether a small model broke or made up a word: no word or form of the talk, no Swedish word, no compound of such."""
    def known(word: str) -> bool:
        return word in support.words or _swedish(word) or any(_form_of(word, said) for said in support.words if said[:4] == word[:4])

    def compound(word: str) -> bool:
        halves = ((word[:i], word[i:]) for i in range(LEAST_KNOWN, len(word) - LEAST_KNOWN + 1))
        return any(known(a.removesuffix("s") if len(a) > 4 else a) and known(b) and (len(b) > LEAST_KNOWN or b in written_words()) for a, b in halves)

    if any(w not in support.words and w not in _SHORT_WORDS for w in re.findall(r"(?<![\w/.-])[a-zåäö]{2}(?![\w/-]|\.\w)", text)):
        return True
    written = re.findall(rf"[^\W\d_]{{{LEAST_KNOWN},}}", text)
    return any(not w.isupper() and not known(w.casefold()) and not compound(w.casefold()) for w in written)


_CAPITAL = re.compile(r"(?<=[^\W\d_.!?:]\s)\b[A-ZÅÄÖÉ][\w/-]*|(?<=,\s)\b[A-ZÅÄÖÉ][\w/-]*|\b[A-ZÅÄÖ]{2,}\b")
_INVENTIONS = re.compile(r"(.)\1{3,}|[^\w\s.,;:()%§/–−\-+'’”\"&°µ²³½€$!?…=*\u00a0]")


def _names_said(text: str, support: Support) -> bool:
    for name in _CAPITAL.findall(text):
        for part in re.split(r"[-/]", name):
            folded = part.casefold().rstrip("s")
            if len(folded) < 2 or part.casefold() in MONTHS + WEEKDAYS:
                continue
            if folded not in support.text and folded[:5] not in support.text and not (
                    len(folded) >= 4 and sound(folded) in support.sounds):
                return False
    return True


_TASK = re.compile(r"^\w+[rs]\b(?: \S+)+")  # a task begins with a verb in the present tense


def _stutters(text: str) -> bool:
    """Whether a text says a figure or a word three times, or a word twice running: a small model's loops."""
    said = figures(text)
    if any(said.count(f) >= 3 for f in said):
        return True
    longer = [w[:STEM] for w in re.findall(r"[^\W\d_]{5,}", text.casefold())]
    return any(longer.count(w) >= 3 for w in longer) or re.search(r"(?i)\b(\w{5,}) (?:i stället för |är |och |eller )?\1\b", text) is not None


_NO_DAY = re.compile(r"(?i)\b(?:31 (?:april|juni|september|november)|3[01] februari|den 20\d\d)\b")
_UNITS = re.compile(r"(?i)(\d[\d ,.]*\d|\d)\s?(%|procent|minut|timm|dag|veck|månad|år\b|gång)")
_COUNTED = re.compile(r"(?<![\d ]\d\d)\d ([a-zåäö]{6,}(?:er|ar|or|are|en|n)\b)")  # "15 deltagare"
# What is counted without being named ("46 i poolen" → "46 personer").
_ANY_COUNTED = re.compile(r"personer|medarbetar|medlemmar|besökar|deltagar|patienter|elever|kollegor|sökande|stycken|platser|enheter|kronor|"
                          r"förlorar|saknar|väntar|kvarstår|uppger|planerar|börjar|behöver|slutar|svarar|deltar")
_WEEK = re.compile(r"(?i)\bvecka (\d{1,2})\b")
_SAME_UNIT = {"%": r"(?:%|procent)", "procent": r"(?:%|procent)", "år": r"år", "veck": r"v[eä][ck]"}


def _percent_holds(figure: str, talk: str) -> bool:
    """Whether the unit said last when a figure is said is per cent: it holds for the figures compared with it ("82 procent, det var 84 i fjol"),
    until there is another one ("målet är 30 dagar, Umeå har 58")."""
    said = [m.end() for m in re.finditer(rf"(?<![\d,]){re.escape(figure)}(?!\d|,\d)", talk)]
    last = [(_UNITS.findall(talk[:end + len(" procent")]) or [("", "")])[-1][1] for end in said]
    return re.search(r"%|procent", talk) is not None and (not last or any(unit in ("%", "procent", "") for unit in last))


def _units_said(text: str, talk: str) -> bool:
    """Whether figures with %, a measure of time or "vecka" were said with it (talk folded, with digits)."""
    def bare(figure: str) -> bool:
        """Whether a figure is also said alone, so that an earlier unit holds for it ("12 timmar, nej, 6")."""
        return re.search(rf"(?<![\d,]){re.escape(figure)}(?![\d,])(?=\W*(?:$|[.,!?/]|\b(?:sa|är|var|blir|men|då|och|eller|nu|hos|till|mot|före)\b))",
                         talk) is not None

    for figure, unit in _UNITS.findall(text.casefold().replace("\u00a0", " ")):
        if unit in ("%", "procent") and figure.strip() != "1" and _percent_holds(figure.strip(), talk):
            continue
        wanted = _SAME_UNIT.get(unit, re.escape(unit))
        if re.search(rf"(?<!\d){re.escape(figure.strip())}(?!\d)\W*(?:\w+\W+){{0,2}}?{wanted}", talk) is None and not (
                re.search(wanted, talk) and bare(figure.strip())):
            return False
    for counted in _COUNTED.findall(text.casefold()):
        if counted[:5] not in talk and counted not in MONTHS and counted[:STEM] not in neutral_stems() and not _ANY_COUNTED.match(counted):
            return False
    return all(re.search(rf"\b(?:v[eä][ck]kan?|veckorna|v\.?)\s*(?:\d{{1,2}}(?:–|-| till | och | eller |, ))?{week}(?!\d)", talk)
               or (re.search(r"\bv[eä][ck]k", talk) and bare(week)) for week in _WEEK.findall(text))


# What small models claim by habit, and what must then have been said in some words.
_CLAIMS = tuple((re.compile(rf"(?i)\b(?:{written})"), re.compile(rf"(?i)\b(?:{said})")) for written, said in (
    (r"försena", r"försen|sena?re|\bsen\b|dröj|skjut|hinner|hunnit|efter tidsplan|drar ut"),
    (r"(?:skjuts|skjutits) upp|bordlägg|flyttas (?:till|från)",
     r"skjut|bordlägg|flytt|vänta|tar (?:vi )?(?:den|det|då|upp)|(?:det|den) tar vi|nästa (?:möte|gång)|ändra|inte idag|inte i dag"),
    (r"avvis|avslå|avslag|avböj|avstyrk", r"nej|nä\b|inte|avslå|avslag|avvis|avböj|avstyrk"),
    (r"ökat|ökning|ökar", r"öka|ökn|fler|mer\b|upp\b|uppe|högre|större|gått från|stig"),
    (r"minska|minskn", r"minsk|färre|mindre|ner\b|nere|lägre|tapp|sjunk|gått från"),
    (r"tillsatt|tillsätt|rekryter", r"tillsatt|tillsätt|anställ|rekryter|börja|fått|får in|hitta"),
    (r"ur funktion|trasig|ur drift", r"trasig|sönder|funkar|fungera|nere|still|ur funktion|stopp|gick"),
    (r"vakant|vakans", r"vakan|saknas|saknar|kort|ledig|sökt|annons"),
    (r"obekräfta", r"hört|rykt|tydligen|säger|sa\b|sas|påstå|tror"),
    (r"avslutad|avslutas|upphör|slutfört|slutförd", r"slut|klar|färdig|upphör|sista|gjor"),
    (r"på grund av|till följd av|orsakas|med anledning av",
     r"för att|därför|eftersom|beror|på grund|orsak|anledning|\bför (?:den|det|de|dom|vi|att)\b|så att|\bså\b|\bda?\b"),
    (r"beslutar|beslutat|fattat beslut", r"beslut|bestäm|klubb|enas|överens"),
    (r"utgår\b", r"utgår|utgå\b|tas? bort|stryk|hoppar över"),
    (r"erhåll", r"erhåll|fått|får\b|fick|kommit|kommer"),
    (r"inställd|ställs in", r"inställ|ställa in|ställer in|ställs in|blir inte"),
))


CLAIM_REACH = 2  # sentences before one that makes a claim in which its matter may be named


def _claimed(text: str, said_so: re.Pattern[str], support: Support, talk: Sequence[str]) -> bool:
    """Whether what a statement claims is said of its matter: in a sentence that names it, or soon after one."""
    if not said_so.search(support.text):
        return False
    spoken = [s for t in talk for s in sentences(t)]
    mine = set(stems(text)) - neutral_stems() - {w[:STEM] for w in _WHEN}
    return not mine or any(said_so.search(s) and any(mine & set(stems(near)) for near in spoken[max(0, n - CLAIM_REACH):n + 2]) for n, s in enumerate(spoken))


_WHEN = (*MONTHS, *WEEKDAYS, "nästa", "efter", "före", "senast", "veckan", "under", "årsskiftet", "möte", "mötet")
_CHANGE = re.compile(r"(?i)\b(?:(?P<up>öka|höj|stig)|(?P<down>minska|sänk|sjunk))\w* från (?P<a>[\d ,]*\d)\D{0,12} till (?P<b>[\d ,]*\d)")


def _compared(text: str) -> bool:
    """Whether a change is told with both figures and goes the way that it says ("minskat från 92 till 71")."""
    match = _CHANGE.search(text)
    if not match:
        return False
    a, b = (float(re.sub(r"[ \xa0]", "", match[k]).replace(",", ".")) for k in "ab")
    return b > a if match["up"] else a > b


_RELATED = re.compile(
    r"(?i)\bfrån [\d ,.–%]+(?:\w+ )?till [\d ,.–]+%?|\b(?P<part>\d[\d ]*) (?:\w+ )?av (?:de |totalt )?(?P<whole>\d[\d ]*)|"
    r"\b(?P<all>\d+)(?! ?[\d,])[^.\d]{1,40},? varav (?P<some>\d+)(?! ?[\d,])")


def _together(related: re.Match[str], support: Support) -> bool:
    """Whether figures that a statement relates ("från 4 till 9", "34 av 60") were said in one turn, and a part is no more than its whole."""
    if related["part"] or related["some"]:
        part, whole = (int((related[k] or related[other]).replace(" ", "")) for k, other in (("part", "some"), ("whole", "all")))
        if part > whole or (part == whole and related[0].strip() not in support.text):
            return False
    said = set(figures(related[0]))
    return len(said) < 2 or any(said <= turn for turn in support.turns)


# A question or a request: the verb first, then who ("är det 41, nästa möte", "säg att det är gjort").
_INVERTED = re.compile(r"(?i)^(?!(?:efter|under|över|inför|för|per|utöver|utanför|innanför|framför|eller|alltefter) )\w+(?:r|de|te) (?:det|den|vi|ni|du|man|han|hon|de)\b|"
                       r"^(?:säg|kolla|titta|vänta|tänk|ta|gör|se|låt)\b")


def _tells(text: str) -> bool:
    """Whether a sentence tells more than a day ("fredag, det är den 20 mars")."""
    return any(w.casefold() not in MONTHS and w.casefold() not in WEEKDAYS for w in re.findall(r"[^\W\d_]{4,}", text))


_BROKEN = re.compile(  # what a small model writes and no writer of the pairs does: "har kontrolleras", "är inte tilldelas", "ska godkänts", "i torsdagen"
    r"(?i)\b(?:är|var|blir|blev|har|hade)(?: (?:inte|nu|också|ännu|redan))* (?!(?:deras|andras|allas|någras)\b)[a-zåäö]{3,}as\b|"
    r"\b(?:ska|kan|får|måste|bör|vill)(?: (?:inte|också|nu))? [a-zåäö]+(?:ats|its)\b|\bi (?:mån|tis|ons|tors|fre|lör|sön)dagen\b|\bär \d+ av (?:dem|de)\b|"
    r"\b(?:har|gör|är|vill|kan|får|ska) (?:det|den|dem|de)\.?$|\b(?:motsvarar|omfattar|innebär|utgör|kräver|har|är)\.?$|^[a-zåäö]+(?:ats|its)\b|"
    r"\b(?:har|hade) (?:\d+ )?(?:[^\W\d_]+ ){1,2}(?!deras|andras|allas)[a-zåäö]+(?:eras|nas|tas|kas|las)\b")
_YEAR_COUNTED = re.compile(r"(?i)\b(?P<year>20\d\d) (?:kronor|kr\b|patient|person|deltag|besök|dag|timm|minut|rum|gång|procent|stycken|plats|prov|undersökning)|"
                           r"\d (?P<after>20\d\d)\b")


def _year_as_amount(text: str, support: Support) -> bool:
    """Whether the meeting's year, which may be written unsaid, stands as an amount ("2026 kronor per patient")."""
    return any((m["year"] or m["after"]) not in support.said for m in _YEAR_COUNTED.finditer(text))


def problems(kind: Kind, text: str, support: Support, nearest: str, talk: Sequence[str]) -> list[Problem]:
    """What speaks against a statement. ``nearest`` is the talk that it rests on most."""
    found: list[Problem] = []
    words = text.split()
    if (len(words) < 3 and kind is not Kind.ACTION) or len(words) > LONGEST_WORDS or _INVENTIONS.search(text):
        found.append(Problem.FORM)
    if FIRST_PERSON.search(text) or _stutters(text) or _BROKEN.search(text) or (kind is Kind.ACTION and not _TASK.match(text)):
        found.append(Problem.FORM)
    if kind is Kind.INFORMATION and (_INVERTED.match(text) or not _tells(text) or not has_verb(text)):
        found.append(Problem.FORM)
    said = figures(text)
    if any(f in support.retracted for f in said):
        found.append(Problem.RETRACTED)
    elif any(f not in support.figures for f in said) or _NO_DAY.search(text) or _year_as_amount(text, support):
        found.append(Problem.NUMBER)
    if any(not _together(m, support) for m in _RELATED.finditer(text)):
        found.append(Problem.MIXED)
    if not _units_said(text, support.text):
        found.append(Problem.UNIT)
    if any(written.search(text) and not _claimed(text, said_so, support, talk) for written, said_so in _CLAIMS) and not _compared(text):
        found.append(Problem.CLAIM)
    if kind is Kind.INFORMATION and _misplaced(text, support):
        found.append(Problem.PLACE)
    if PERSONAL_NUMBER.search(text):
        found.append(Problem.PERSONAL)
    if not _names_said(text, support):
        found.append(Problem.NAME)
    if _made_up(text, support):
        found.append(Problem.SPELLING)
    longer = re.findall(r"[^\W\d_]{5,}", text)
    missing = _unsupported(text, support)
    said_itself = sum(map(support.has, longer))
    first = words[0].casefold().strip(",.:") if words else ""
    if (longer and said_itself < LEAST_SPOKEN * len(longer)) or first in missing or (
            len(missing) > max(1, MOST_UNSUPPORTED * len(longer))) or (len(longer) <= 3 and len(missing) >= 2):
        found.append(Problem.WORDS)
    clauses = Clauses.of(text, talk)
    if (kind is not Kind.ACTION or DENIES.search(text)) and not denied_alike(text, nearest, clauses):  # who refuses a task is asked elsewhere
        found.append(Problem.DENIAL)
    if to_be_checked(text, clauses):
        found.append(Problem.NEGATION)
    together = " ".join(talk)
    if ruled_out(text, talk):
        found.append(Problem.DENIAL)
    if kind is Kind.DECISION and not sounds_settled(talk):
        found.append(Problem.DECISION)
    if kind is Kind.ACTION and not sounds_promised(together):
        found.append(Problem.PROMISE)
    return found
