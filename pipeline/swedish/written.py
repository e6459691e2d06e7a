"""Sentence compression: spoken sentences to written ones by deleting and respelling what was said.

Faithful by construction: no word of content is added. What cannot be made a written sentence without
the first person, a filler or a missing verb is not used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.clauses import CONDITIONAL, COUNTED, FINITE, VERB_FIRST_WORDS, straightened
from pipeline.swedish.numbers import MONTHS, digits
from pipeline.swedish.register import FILLER, FIRST_PERSON, NEGATION, sentence
from pipeline.swedish.repairs import without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.spoken import without_fillers, written_forms

OPENERS = re.compile(
    r"(?i)^(?:(?:ja|jo|nej|nä|nja|okej|ok|mm|jaha|precis|exakt|just det|absolut|visst|bra|så(?! (?:vitt|länge|snart|fort|gott|många|mycket|lite)\b)|och|men|för|då|alltså|sen|sedan|plus|"
    r"egentligen|faktiskt|kort sagt|som sagt|i alla fall|(?:då )?(?:det är|är det) (?:ju |alltså |väl |nog )?(?:så |för |framför allt |helt enkelt |också )?att|saken är den att|grejen är att|det som (?:hände|kom fram|sades|framkom) (?:var|är) (?:ju )?att|"
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
_ASKS = re.compile(r"(?i)^(?:vad|hur|när|var|varför|vem|vilka?|vilket|vart)\b")
LONGEST_WORDS = 30
SHORTEST_WORDS = 4
_SHORT = re.compile(r"(?!(?i:det|den)\b)[a-zåäöéA-ZÅÄÖÉ/-]{4,}(?:en|et|an|na|n) \w{3,}")  # "diskdesinfektorn läcker fortfarande"
_INSERTED = re.compile(  # what speech puts before what is told, inside a sentence
    r"(?i)(?<=, (?:men|och|för) )(?:jag kan (?:ju |bara )?säga (?:så mycket (?:som )?)?att|det (?:är|var) (?:ju |väl )?så att) |(?<=, )där (?:ser|märker|tycker) (?:jag|vi) att (?=(?:det|den|de)\b)|"
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
    r"(?i)^(?:den|de|han|hon|dessa) \w+|^det (?:ska|går|kostar|kan|har|gör|skulle|står|ligger|tar|fungerar|funkar|används|innebär|betyder|beror|räcker|började|"
    r"startade|slutade|hölls|görs|gjordes|tog|kostade|fungerade|drogs|höll|skedde|öppnade|kördes|pågår|löper|ger)\b|^där (?:är|var|har|blir|ska)\b|"
    r"^(?:[^\W\d_]+ )?\d+(?: [^\W\d_]+)? (?:är|var|blir) det (?:planera|klar|besluta|tänk|sag|boka|preliminär)|"  # "vecka 18 är det planerat"
    r"^[^\W\d_]+ (?:tar|tog|får|fick|har|kan|ska|köper|köpte|byter|bytte|kör|körde|flyttar|väntar|använder|skickar|lånar|hyr) (?:den|dem)\b(?! (?:\d|\w+[ae]\b))")


def refers_back(written: str) -> bool:
    """Whether a written sentence begins with a pronoun that stands for something said before it."""
    return _ANAPHORIC.match(written) is not None


_PRONOUN_FIRST = re.compile(r"(?i)^(?:(?:ja|jo|nej|nä|mm|okej|så|och|men|alltså|eh)[,\s]+)*(?P<who>den|det|de|dom|dem) (?P<verb>\w+)\b")
_PREPOSITION = re.compile(r"(?i)^(?:på|i|till|från|med|om|för|vid|hos|av|under|efter|innan)\b")
_EXPLETIVE = re.compile(r"(?i)^det (?:(?:är|var|blir|blev) (?:ju |bara |ungefär |drygt |cirka )?(?:\d|en som|någon som|inget\b|ingen\b|inga\b|[A-ZÅÄÖÉ]\w+ som|(?!(?:klar|beställ|gjor|bra|igång|lugnt)\w*\b)[a-zåäö]{3,} (?:i|på|hos|bland) (?!gång\b|plats\b|drift\b|väg\b))|finns|fanns|saknas|behövs|krävs|kommer|blir|gäller|står|ska (?:inte )?(?:stå|in))\b")
_OF_TWO = re.compile(r"(?i)^(?P<which>(?:den|det|de) (?:nya|gamla|andra|första|stora|lilla|ena)) (?P<verb>\w+)\b")
_LONGEST_TOPIC = 8
_LONGEST_PLACE = 4
_LONGEST_ANSWER = 14
_ECHOED = re.compile(r"(?i)\d|\b(?:\w+del(?:ar)?|hälften|halva|något|någon|några|mer|annat)\b")  # "11 veckor?", "en tredjedel?", "något mer?" raise no matter


_PRESENTED = re.compile(  # "det är löpbandet", "sista saken är RayStation", "sen har vi ventilationen"
    r"(?i)^(?:(?:det|sista (?:saken|punkten)|det (?:sista|andra|tredje))(?: då)?,? (?:det )?(?:är|var|gäller)(?: det)?|(?:är|var) det|har vi) (?:ju |väl |bara |framför allt |mest |också |det här med )*"
    r"(?=[^\W\d_]{4,}(?:en|et|an|na|n)(?:$|,| (?:på|i|av|för|till|med|hos|som)\b))")
_NO_TOPIC = re.compile(r"(?i)(?:de|det|den|alla|båda|ingen|inget|inga|någon|något|några|många|flera|ganska|mycket|väldigt|samma|själva saken|vilken|vilka)\b")
_NO_VERBS = re.compile(r"\b(?i:på|i|till|från|med|om|för|vid|hos|av|under|efter|per) [\w/-]+|^[A-ZÅÄÖÉ][a-zåäöé]+s\b|^[a-zåäöé]{4,}er(?= (?:på|i|till|från|om|för|vid|hos|av)\b)")


def topic_of(asked: str, names: Sequence[str]) -> str | None:
    """The matter that a verbless sentence raises ("Och utrymningsövningen på Sjövik, Joakim?"), or None.

    ``names`` are the people who may be spoken to; they are no part of the matter.
    """
    text = written_forms(without_fillers(asked)).rstrip(" .?!…")
    if was_to := _WAS_TO.search(text):
        return None if FINITE.search(_NO_VERBS.sub(" ", was_to["what"])) or FIRST_PERSON.search(was_to["what"]) else was_to["what"]
    called = {part for n in names for part in n.split()}
    text = OPENERS.sub("", text)
    if presented := _PRESENTED.match(text):
        text = text[presented.end():].split(" som ")[0]
    parts = [p for p in OPENERS.sub("", text).split(", ") if p and not all(w in called for w in p.split())]
    topic = re.sub(r"^.*, alltså (?=[^,]+$)", "", OPENERS.sub("", ", ".join(parts)).strip(" ,"))
    words = topic.split()
    if asked.rstrip().endswith("?") and _ECHOED.search(topic):
        return None
    if _NO_TOPIC.match(topic):
        return None
    if not words or not words[0].isalpha() or _ASKS.match(topic) or _PREPOSITION.match(topic) or len(words) > _LONGEST_TOPIC or (
            FINITE.search(_NO_VERBS.sub(" ", topic)) or FIRST_PERSON.search(topic)):
        return None
    return topic if re.search(r"(?i)\w{3,}(?:en|et|n|t|na|a)$", words[0]) or len(words) > 1 else None


_WAS_TO = re.compile(  # "du skulle ta fram en lathund för osteoporos"
    r"(?i)\b(?:du|vi|ni|jag) skulle (?:ju )?(?!kunna|vilja|behöva)[a-zåäö]+(?: (?:fram|upp|in|ut|med|på))? (?:en|ett|den|det) (?P<what>[^,.?!]{4,50})[.?!]?$")
_SO_MANY = re.compile(r"(?i)^(?:(?:ja|jo|mm|alltså)[,. ]+)*(?:det|de) (?:är|var|blir|blev) (?:ju |nu )?(?P<what>(?:ungefär |cirka |drygt |knappt )?\d.*)$")


def how_many(topic: str, said: str) -> str | None:
    """A number under the matter that was raised ("Avvikelser." – "Det är 41 sedan sist." → "Avvikelser: 41 sedan sist."), or None."""
    match = _SO_MANY.match(_fragment(said))
    if not match or said.rstrip().endswith("?") or FIRST_PERSON.search(match["what"]) or " som " in match["what"]:
        return None
    return sentence(f"{topic}: {match['what']}") if len(match["what"].split()) <= _LONGEST_ANSWER else None


def goes_on_with(topic: str, said: str) -> bool:
    """Whether a sentence only says where or of what a matter is that was just raised ("Certifikatet, ja." "På remissportalen.")."""
    rest = _fragment(said)
    return bool(topic) and _PREPOSITION.match(rest) is not None and len(rest.split()) <= _LONGEST_PLACE and not FINITE.search(rest) and not re.search(r"\d", rest)


def with_topic(spoken: str, topic: str) -> str:
    """"Den är gjord" with the matter that "den" stands for: "utrymningsövningen på Sjövik är gjord".

    Unchanged where the sentence does not begin with a pronoun and its verb.
    """
    spoken = without_fillers(spoken)
    if (of_two := _OF_TWO.match(spoken)) and FINITE.fullmatch(of_two["verb"]) and len(topic.split()) == 1:
        return f"{of_two['which']} {topic}{spoken[of_two.end('which'):]}"
    match = _PRONOUN_FIRST.match(spoken)
    if not match or not FINITE.fullmatch(match["verb"]) or _EXPLETIVE.match(spoken[match.start("who"):]):
        return spoken
    return f"{topic} {spoken[match.start('verb'):]}"


def _fragment(spoken: str) -> str:
    """What a verbless sentence tells, without what speech puts before and after it."""
    return TAIL.sub("", OPENERS.sub("", written_forms(without_fillers(spoken)).rstrip(" .!…"))).strip(" ,")


_DEFINITE = re.compile(r"(?:en|et|an|na)$")
_SEVERAL = re.compile(r"(?:arna|erna|orna)$")
_BEGINS_WITH_FIGURE = re.compile(r"(?i)(?:(?:ungefär|cirka|drygt|knappt|runt|nästan) )?\d")


def under_topic(topic: str, fragment: str) -> str | None:
    """Verbless figures under the matter that was raised ("Väntetiden är 96 dagar på koloskopi."), as minutes may put it, or None."""
    rest = _fragment(fragment)
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or FIRST_PERSON.search(rest) or FILLER.search(rest):
        return None
    if FINITE.search(COUNTED.sub(" ", rest)) or not SHORTEST_WORDS <= len(rest.split()) + len(topic.split()) <= LONGEST_WORDS:
        return None
    is_so = _DEFINITE.search(topic.split()[0]) and not _SEVERAL.search(topic.split()[0]) and _BEGINS_WITH_FIGURE.match(rest)
    return sentence(f"{topic} är {rest[:1].lower()}{rest[1:]}" if is_so else f"{topic}: {rest}")


_NO_MATTER = rf"(?i:vecka|senast|från|till|ungefär|cirka|drygt|knappt|minus|plus|kanske|bara|totalt|sammanlagt|alltså|under|efter|före|mellan|mest|fler|mindre|nästa|bland|varav|paragraf|punkt|kapitel|\w*dag(?:en)?|{'|'.join(MONTHS)})\b"
_OF_A_MATTER = re.compile(
    rf"^(?!{_NO_MATTER})(?P<matter>(?:[A-ZÅÄÖÉ]?[a-zåäöé/-]{{3,}}(?:en|et|an|na|n|r|ing)|[A-ZÅÄÖÉ][\w/-]{{3,}})(?: (?:i|på|för|till|av|hos|vid|om|per) [\w/-]+){{0,2}}),? "
    r"(?P<what>(?:(?:ungefär|cirka|drygt|knappt|minus|plus|runt|över|under|nästan|totalt) )?\d.*)$")


_ASKED_VERB = r"(?:är|var|har|hade|blir|blev|ska|skulle|kan|måste|får|fick|kommer|kom|går|gick|tar|tog|gör|ger|gav|ligger|låg|står|gäller|byggs|sker|[a-zåäö]{3,}(?:ar|ade))"
_ASKS_HOW = re.compile(  # "hur länge är vi nere?", "hur många patienter har ni?", "när byggs den?", "hur lång är kön?", "vad kostar det?"
    rf"(?i)^(?P<how>hur (?:länge|mycket|ofta|sent|långt|många(?P<what> [^\W\d_]+)??|lång|långa|stor|stort|stora|hög|högt|höga)|(?:från |till )?när|vad(?= (?:kostar|blir|landar|ligger|ger|är)\b)) "
    rf"(?P<verb>{_ASKED_VERB}) (?P<who>(?:det (?:här|där)|(?:den|det|de) (?:nya|gamla|andra|första|stora|lilla) \w+|[\w/-]+)\b)(?P<rest>(?! du\b| jag\b)[^,?]*?)(?:, [A-ZÅÄÖÉ]\w+)?$")
_TELLS_WHEN = re.compile(
    rf"(?i)^(?:(?:ungefär|cirka|drygt|knappt|runt|nästan|högst|minst|minus|plus|i|på|från|till|efter|före|inom|under|senast|tidigast|preliminärt|om|sedan) (?:den |\w+ )?)?"
    rf"(?:(?:den )?\d|vecka|en |ett |\w*(?:dag|kväll|år|vecka|månad|mötet|skiftet|sommaren|hösten|vintern|våren|jul|påsk|midsommar|semestern?)\b|{'|'.join(MONTHS)})")


def in_answer(asked: str, said: str) -> str | None:
    """A verbless answer as a whole spoken sentence: "hur länge är vi nere?" – "fyra timmar" → "vi är nere 4 timmar"; None for what is none."""
    question = OPENERS.sub("", written_forms(without_fillers(asked)).rstrip(" ?")).strip()
    match, rest = _ASKS_HOW.match(question), _fragment(said)
    if not asked.rstrip().endswith("?") or not match or not FINITE.fullmatch(match["verb"]) or said.rstrip().endswith("?"):
        return None
    if not _TELLS_WHEN.match(rest) or FINITE.search(COUNTED.sub(" ", rest)) or FIRST_PERSON.search(rest) or len(rest.split()) > _LONGEST_ANSWER:
        return None
    who = "vi" if match["who"].casefold() == "ni" else match["who"]
    told = rest[:1].lower() + rest[1:]
    if re.fullmatch(r"\D*\d[\d ,.]*", told):
        told += match["what"] or ""
    order = (told, match["rest"].strip()) if match["how"].casefold().startswith("hur många") else (match["rest"].strip(), told)
    return " ".join([who, match["verb"], *filter(None, order)])


_BY = r"(?:senast|före|innan) (?:den |på )?[^,.]{3,30}"
_SAY_BY = re.compile(rf"(?i)\b(?:säg|hör av er|anmäl er|svara|mejla|meddela)(?: gärna)? till (?P<who>[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)?) (?P<when>{_BY})")
_HAND_IN_BY = re.compile(rf"(?i)\b(?:skriv|skicka|lämna|fyll)(?: in| i)? (?:era|edra|ert|er|alla) (?P<what>[a-zåäö]{{4,}})(?: \w+)? (?P<when>{_BY})")
_NOMINAL_BY = re.compile(
    r"^(?:[Aa]nmälan|[Ss]var|[Ss]ynpunkter|[Öö]nskemål|[Ll]everans|[Bb]esked|[Aa]nsökan|[Bb]etalning)\b[^,]* (?:senast|före|innan) (?:den |på |kl\. )?\S.*$")


def told_to_all(said: str) -> str | None:
    """What everybody is told to do by a day, as minutes put it ("säg till Karin Ek senast den 15" → "Besked till Karin Ek senast den 15."), or None."""
    text = _fragment(said)
    if match := _SAY_BY.search(text):
        who = match["who"]
        return sentence(f"Besked till {who} {re.sub(r' (?:om|så|ifall) .*$', '', match['when'])}")
    if match := _HAND_IN_BY.search(text):
        return sentence(f"{match['what']} lämnas {match['when']}")
    return sentence(text) if _NOMINAL_BY.match(text) and not FIRST_PERSON.search(text) else None


def of_a_matter(fragment: str) -> str | None:
    """Verbless figures that name their matter ("svarsfrekvensen, 38 %" → "Svarsfrekvensen: 38 %."), as minutes may put them, or None."""
    rest = _fragment(fragment)
    match = _OF_A_MATTER.match(rest[:1].upper() + rest[1:])
    if not match or fragment.rstrip().endswith("?") or FIRST_PERSON.search(rest) or FILLER.search(rest) or FINITE.search(COUNTED.sub(" ", rest)):
        return None
    return sentence(f"{match['matter']}: {match['what']}") if SHORTEST_WORDS - 1 <= len(rest.split()) <= LONGEST_WORDS else None


def with_fragment(written: str, fragment: str) -> str | None:
    """A written sentence with the verbless figures that followed it ("…, en i maj och en i augusti."), or None."""
    rest = _fragment(fragment)
    whole = f"{written.rstrip('.')}, {rest[:1].lower()}{rest[1:]}."
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or FINITE.search(rest) or FIRST_PERSON.search(rest):
        return None
    return whole if len(whole.split()) <= LONGEST_WORDS and not FILLER.search(rest) else None
