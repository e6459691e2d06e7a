"""Sentence compression: spoken sentences to written ones by deleting and respelling what was said.

Faithful by construction: no word of content is added. What cannot be made a written sentence without
the first person, a filler or a missing verb is not used.
"""

from __future__ import annotations

import re

from pipeline.swedish.clauses import CONDITIONAL, COUNTED, FINITE, VERB_FIRST_WORDS, straightened
from pipeline.swedish.numbers import digits
from pipeline.swedish.register import FILLER, FIRST_PERSON, NEGATION, sentence
from pipeline.swedish.repairs import without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.spoken import without_fillers, written_forms

OPENERS = re.compile(
    r"(?i)^(?:(?:ja|jo|nej|nä|nja|okej|ok|mm|jaha|precis|exakt|just det|absolut|visst|bra|så(?! (?:vitt|länge|snart|fort|gott|många|mycket|lite)\b)|och|men|för(?! \w+ (?:år|månader|veckor|dagar) se| \w+ (?:får|kan|ska|har|är|gäller|finns) (?:vi|man|det)\b)|då|alltså|sen|sedan|plus|"
    r"egentligen|däremot(?= \w{4,}(?:en|et|na)\b)|faktiskt|kort sagt|som sagt|i alla fall|(?:då )?(?:det är|är det) (?:ju |alltså |väl |nog )?(?:så |för |framför allt |helt enkelt |också )?att|saken är den att|grejen är att|det som (?:hände|kom fram|sades|framkom) (?:var|är) (?:ju )?att|"
    r"jag (?:tror|tycker|tänker|vet) (?:väl |nog |ju )?att|(?:ska|vill|kan|skulle|måste) jag (?:bara |också |även |ju |vilja )*(?:säga|nämna|tillägga|berätta|informera om|påpeka|meddela|lägga till) att|"
    r"jag (?:ska|vill|kan|skulle vilja|måste|får) (?:bara |också |även |ju )*(?:säga|nämna|tillägga|berätta|informera om|påpeka|meddela|lägga till) att|hej(?:san)?|god morgon|tack|hur som helst(?: så)?|i vilket fall(?: som helst)?(?: så)?|"
    r"(?:generellt )?(?:jag kan|kan jag) (?:bara |ju )?säga (?:så mycket (?:som )?)?att|(?:då )?(?:skriver|noterar|antecknar) (?:jag|vi)(?: upp| in)? att|jag (?:skriver|noterar|antecknar)(?: upp| in)? att|"
    r"(?:då )?(?:gör|säger) vi så|det är klart att|vad heter det|du vet|ni vet|titta|hörni|ska vi se|alltså att)"
    r"(?:[\s,]+|$))+")
PARTICLES = re.compile(
    r"(?i)(?<!\w)(?:ju|väl|liksom|alltså|asså|typ(?! \d)|då|va|faktiskt|helt enkelt|så att säga|på nåt sätt|på något sätt|nån gång|egentligen|"
    r"ändå|bara|i alla fall|(?:tror|tycker) jag(?! (?:inte|att)\b)|skulle jag säga|vad jag vet|som sagt|det vet jag|vet jag|antar jag|om man säger så|du vet|ni vet)(?!\w),?")
TAIL = re.compile(r"(?i)[,\s]+(?:va|eller hur|då|så|(?<!säger )(?<!säga )(?<!sagt )(?<!svarat )(?<!tackat )ja|liksom|eller nåt|eller något|och så|och sånt|och sådant|så att|så där|sådär|eller)$")
_SUBORDINATE = re.compile(r"(?i)^(?:som|att|eftersom|därför att|fast|så att|om|när|än|utan att|i stället för)\b")
_RELATIVE = re.compile(r"^(?:\S+ ){1,3}som ")
LONGEST_WORDS = 30
SHORTEST_WORDS = 4
_SHORT = re.compile(r"(?!(?i:det|den)\b)[a-zåäöéA-ZÅÄÖÉ/-]{4,}(?:en|et|an|na|n) \w{3,}")  # "diskdesinfektorn läcker fortfarande"
_INSERTED = re.compile(  # what speech puts before what is told, inside a sentence
    r"(?i), (?-i:[A-ZÅÄÖÉ])[a-zåäöé]+ heter (?:han|hon|den|det)(?=,|$)|(?<=, (?:men|och|för) )(?:jag kan (?:ju |bara )?säga (?:så mycket (?:som )?)?att|det (?:är|var) (?:ju |väl )?så att) |(?<=, )(?:fast|men) jag (?:vill|ska|måste|kan) (?:ju |väl )?(?:säga|tillägga) att |(?<=, )där (?:ser|märker|tycker) (?:jag|vi) att (?=(?:det|den|de)\b)|"
    r"(?<=[^,]{3}), (?:alltså|det vill säga) (?-i:[A-ZÅÄÖÉ][a-zåäöé]+),")
_CLEFT = re.compile(  # "det är Anton som är jävig", "det är regionen som betalar"
    r"^[Dd]et är (?P<who>[A-ZÅÄÖÉ][a-zåäöé]+(?: [A-ZÅÄÖÉ][a-zåäöé]+)?|[a-zåäöé]{4,}(?:en|et|na|an)) som(?P<verb> \w+)(?= )")
_NOT_SO = re.compile(r"(?i)^(?:den|det|de) (?:har|är|gör|kan|ska|får) \w+ inte, (?=\w+ )")  # "dem har vi inte, vi har inte testat dem"
_ENDS_OPEN = re.compile(r"(?i)(?<!för) (?:som|att|och|eller|mot|att man)$")
_LIKEWISE_NOW = re.compile(r"(?i)^som (?:det|läget) (?:är|ser ut) (?:just )?nu(?: så)?,? ")


def spoken_sentences(text: str) -> list[str]:
    """The sentences of an utterance with figures as digits and what was taken back removed."""
    mended = without_retractions(digits(text))
    return sentences(mended)


_COUNTS_PEOPLE = re.compile(r"(?i)^vi (?:är|var|blir) \d+\b(?! [a-zåäö]{4,} )")  # who speaks, and nothing of the matter
_DICTATED = re.compile(r"(?i)^(?:\W*\b(?:men|och|så|ja|okej|bra|då)\b)*\W*(?:skriver|noterar|antecknar) (?:jag|vi)(?: upp| in)? att\b|^jag (?:skriver|noterar|antecknar)(?: upp| in)? att\b")


def is_dictated(said: str) -> bool:
    """Whether somebody says in a sentence what the minutes are to say ("då skriver jag att orsaken inte är klarlagd")."""
    return _DICTATED.match(said) is not None


_BECAUSE_OF_ONE = re.compile(  # why a post is vacant is for no minutes: ", för Börje gick i pension i juni"
    r",? (?:för|eftersom)(?: att)? (?P<who>[A-ZÅÄÖÉ][a-zåäöé]{2,7}) (?:slutade?|slutar|började?|börjar|(?:går|gick) i pension|är (?:ledig|borta|sjuk\w*|på semester|hemma)|(?:har )?sagt upp sig)\b[^,]*$")
_OF_THE_GROUP = re.compile(
    r"(?i)\bni(?: som \w+)?\b(?! (?:andra|alla|båda|två|får|kan|ska|vet|ser|hör|minns|måste|behöver|vill|tycker|tror|kommer|borde|skulle|kunde))(?<!kan ni)(?<!ska ni)(?<!får ni)(?<!vet ni)")


def compress(spoken: str, subject: str) -> str | None:
    """A spoken sentence as a written one, or None when it cannot be made one.

    ``subject`` stands for "vi": the site or unit that speaks ("Linköping"), or "Verksamheten".

    >>> compress("Ja men vi har ju fått två nya kameror, alltså.", "Kalmar")
    'Kalmar har fått två nya kameror.'
    """
    if spoken.rstrip().endswith("?"):
        return None
    text = _INSERTED.sub("", written_forms(without_fillers(spoken))).rstrip(" .!…")
    previous = None
    while previous != text:
        previous = text
        text = TAIL.sub("", OPENERS.sub("", text)).strip(" ,.;–-")
    text = re.sub(r"\s{2,}", " ", PARTICLES.sub(_particle, text)).strip(" ,")
    text = _BECAUSE_OF_ONE.sub("", re.sub(r"\s+,", ",", re.sub(r",\s*,", ",", text)))
    text = re.sub(r"(?i)\s*\bhos oss\b", "", text).strip(" ,")
    text = re.sub(r"(?i)\b(del(?:a|ar|ade|at)) med oss av\b", r"\1 med sig av", text)
    text = re.sub(r"(?i)\b(till|från|åt|av|med|för|på|om) oss\b", rf"\1 {subject}", text)
    if re.search(r"\d", text):  # a guest speaks of the group: "ni ligger på 238"
        text = _OF_THE_GROUP.sub("verksamheten", text)
    text = re.sub(r"(?i)^jag har (?=(?:ingen|inget|inga)\b)", f"{subject} har ", _LIKEWISE_NOW.sub("nu ", text))
    text = re.sub(r"(?<=\d)(?: [^\W\d_]+)? (?:är|blir|var) (?:det|de|den)$", lambda m: re.sub(r" \w+ \w+$", "", m[0]), text)
    text = re.sub(r"(?i) som (?:gör|har|är) det$", "", _CLEFT.sub(r"\g<who>\g<verb>", text))
    text = _reported(text)
    if _COUNTS_PEOPLE.match(text):
        return None
    text = re.sub(r"(?i)^vi (är|var) (?=\d)", lambda m: {"är": "vi har ", "var": "vi hade "}[m[1].casefold()], text)  # "vi är 2 läkare"
    text = re.sub(r"(?i)\b(?:räknar jag|jag räknar) med att\b", lambda m: "bedömningen är att" if m[0][0] in "jJ" else "är bedömningen att", text)
    text = straightened(text)
    text = re.sub(r"(?i)\bvår nya (?=\w)", "en ny ", re.sub(r"(?i)\bvårt nya (?=\w)", "ett nytt ", text))
    text = re.sub(r"(?i)\b(?:vår|vårt|våra) (?=\w)", "", text)
    text = re.sub(r"(?i)^jag har (?=(?:bett om|pratat med|haft kontakt med|varit i kontakt med)\b)", f"{subject} har ", text)
    text = re.sub(r"(?i)\b(?P<first>jag har|har jag) fått (?=(?:nej|ja|svar|besked|klartecken|avslag)\b)",
                  lambda m: f"{subject} har fått " if m["first"].casefold() == "jag har" else f"har {subject} fått ", text)
    text = re.sub(rf"(?i)\bvi (?:i|på) {re.escape(subject)}\b|^{re.escape(subject)}, vi\b", "vi", text)
    if re.search(r"(?i)\bvi\b", text):
        text = re.sub(r"(?i)\bvi\b", "man" if re.search(rf"\b(?:i|på) {re.escape(subject)} \w+ vi\b", text) else subject, text, count=1)
        text = re.sub(r"(, (?:och|men)) vi(?= [a-zåäö]+)", r"\1", text)
        text = re.sub(r"(?i)\bvi\b", "man", text)
        text = re.sub(rf"^([^\W\d_]{{4,}}(?:en|et|na|an)), (?={re.escape(subject)} )", r"\1: ", text)
        # "Så har Linköping" → "Linköping har": the subject first, when only the verb stands before it
        text = re.sub(rf"^(\w+) ({re.escape(subject)})\b", lambda m: f"{m[2]} {m[1].casefold()}"
                      if FINITE.fullmatch(m[1]) else m[0], text)
    text = re.sub(r"\b(har|är|kan|ska) \1\b", r"\1", _NOT_SO.sub("", text))
    if FIRST_PERSON.search(text):  # ", jag såg på fel rad": what the speaker says of himself falls away
        text = _without_speaker(text)
    words = text.split()
    shortest = SHORTEST_WORDS - (re.search(r"\d", text) is not None or NEGATION.search(text) is not None or _SHORT.match(text) is not None)
    if not shortest <= len(words) <= LONGEST_WORDS or FIRST_PERSON.search(text) or FILLER.search(text):
        return None
    if VERB_FIRST_WORDS.fullmatch(words[0]) or _ENDS_OPEN.search(text):  # a question, or a clause whose subject is not made out
        return None
    finite = FINITE.findall(COUNTED.sub(" ", text))
    if not finite or (_SUBORDINATE.match(text) and not CONDITIONAL.match(text)) or (len(finite) == 1 and _RELATIVE.match(text)):
        return None
    return sentence(text)


_OF_ONESELF = (  # what is told of who speaks alone
    r"(?:varit|haft|fått|sett|hört|tänkt|gått|kommit|suttit|vetat|velat|kunnat|försökt|hunnit|missat|glömt|trott|tyckt|frågat|sagt|pratat|hållit|lovat|bett|läst|"
    r"märkt|skrivit|räknat|noterat|träffat|jobbat|börjat|slutat|varnat|svarat|lyssnat|åkt|bott|legat|stått|mått|känt|sökt|kört)\b")
_HAVE_DONE = re.compile(  # what the speaker has done: "jag har begärt 10 larm"
    rf"(?i)^jag har (?:redan |nu |också |även )?(?P<done>(?!{_OF_ONESELF})[a-zåäö]{{3,}}t)"
    r"(?P<particle> (?:in|ut|upp|fram|till|av|ner|ihop))? (?P<what>(?!(?:\d+ gång\w*|om|på|att|med|för|till|av|i|ur|det|den|dem|mig|så|det|ju|inte|också)\b)[^,.]+?)(?P<rest>,.*| (?:och|men|för|så) .*|)$")


_ASKED_OF = re.compile(r"(?i)^jag har bett (?P<whom>[^,]{2,40}?) (?:att )?(?P<what>[a-zåäö]+a (?!det\b)[^,]+)(?P<rest>.*)$")
_SET_BEFORE_DONE = re.compile(  # "lab 3, det har jag anmält till fastighet"
    rf"(?i)^(?P<what>[^,]{{3,40}}), (?:den|det|de) har jag (?:redan |nu |också )?(?P<done>(?!{_OF_ONESELF})[a-zåäö]{{3,}}t)\b(?P<rest>.*)$")


def _reported(text: str) -> str:
    """What the speaker has done, as minutes tell it: "jag har begärt 10 larm" → "10 larm har begärts"."""
    if match := _HAVE_DONE.match(text):
        return f"{match['what']} har {match['done']}s{match['particle'] or ''}{match['rest']}"
    if match := _SET_BEFORE_DONE.match(text):
        return f"{match['what']} har {match['done']}s{match['rest']}"
    if match := _ASKED_OF.match(text):
        return f"{match['whom']} har ombetts att {match['what']}{match['rest']}"
    return text


_AT_THE_END = frozenset(["i alla fall", "alltså", "som sagt", "då", "vad jag vet", "om man säger så", "faktiskt"])  # what a clause may end with


def _particle(match: re.Match[str]) -> str:
    """Nothing in place of a particle, but for the "då" that a clause begins with ("var tredje helg, men då blir passen längre") and the comma
    between clauses."""
    before, after = match.string[:match.start()], match.string[match.end():].split()
    begins = re.search(r"(?i)(?:,|\bmen|\boch|\bför)\s*$", before)
    if match[0].casefold() == "då" and begins and after and FINITE.fullmatch(after[0].strip(",.")):
        return match[0]
    return "," if match[0].endswith(",") and match[0][:-1].casefold() in _AT_THE_END and re.search(r"\w\s*$", before) else ""


_MAIN_CLAUSE = re.compile(r"^[\w/-]+ (?P<verb>\w+)")


def _without_speaker(text: str) -> str:
    """Without the clauses in the first person, when what is left begins like a main clause."""
    clauses = text.split(", ")
    while clauses and FIRST_PERSON.search(clauses[0]):
        clauses.pop(0)
    kept = ", ".join(dict.fromkeys(c for c in clauses if not FIRST_PERSON.search(c)))
    if re.match(r"(?i)(?:för|så|eftersom|därför|fast|men|och)\b", kept):  # what hung on the clause that fell away
        return text
    begins = _MAIN_CLAUSE.match(kept)
    whole = bool(kept) and text.startswith(kept.split(", ")[0])
    return kept if whole or (begins and FINITE.fullmatch(begins["verb"])) else text


_COMES_AND_GOES = re.compile(
    r"^(?P<who>[A-ZÅÄÖÉ][a-zåäöé]{2,7}) (?:slutade?|slutar|började?|börjar|(?:går|gick) i pension|är (?:ledig|borta|på semester|hemma)|(?:har )?sagt upp sig)\b")
_DEFINITE_ENDING = re.compile(r"(?:en|et|an|na|n|t)$")  # rather "kursen" than a name


def tells_of_a_person(written: str) -> bool:
    """Whether a written sentence tells of somebody by first name that he or she comes, goes or is away, which minutes leave out."""
    match = _COMES_AND_GOES.match(written)
    return match is not None and not _DEFINITE_ENDING.search(match["who"])


_ANAPHORIC = re.compile(
    r"(?i)^(?:den|de|han|hon|dessa) \w+|^det (?:är|var|blir|blev) (?:en |ett )?(?:ökning|minskning|förbättring|försämring|skillnad|(?:\d+ (?:% |procent )?)?(?:fler|färre|bättre|sämre|lägre|högre))\b|"
    r"^(?:det|innan|tidigare|i fjol|förra \w+|(?:för )?\d+ år sedan) (?:är|var|låg) (?:(?:det|den|de) \d|\d[\d ,.]*%? (?:sist|i fjol|förra))|^det blir (?:i|på|från|till|under)\b|"
    r"^det (?:ska|går|kostar|kan|har|gör|skulle|står|ligger|tar|fungerar|funkar|används|innebär|betyder|beror|räcker|började|"
    r"startade|slutade|hölls|görs|gjordes|tog|kostade|fungerade|drogs|höll|skedde|öppnade|kördes|pågår|löper|ger)\b|^där (?:är|var|har|blir|ska)\b|"
    r"^(?:[^\W\d_]+ )?\d+(?: [^\W\d_]+)? (?:är|var|blir) det (?:planera|klar|besluta|tänk|sag|boka|preliminär)|"  # "vecka 18 är det planerat"
    r"^[^\W\d_]+ (?:tar|tog|får|fick|har|kan|ska|köper|köpte|byter|bytte|kör|körde|flyttar|väntar|använder|skickar|lånar|hyr) (?:den|dem)\b(?! (?:\d|\w+[ae]\b))")


def refers_back(written: str) -> bool:
    """Whether a written sentence begins with a pronoun that stands for something said before it."""
    return _ANAPHORIC.match(written) is not None
