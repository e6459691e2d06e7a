"""Sentence compression: spoken sentences to written ones by deleting and respelling what was said.

Faithful by construction: no word of content is added. What cannot be made a written sentence without
the first person, a filler or a missing verb is not used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.numbers import digits
from pipeline.swedish.register import FILLER, FIRST_PERSON, NEGATION, sentence
from pipeline.swedish.repairs import without_retractions
from pipeline.swedish.sentences import sentences
from pipeline.swedish.sounds import as_heard
from pipeline.swedish.spoken import without_fillers, written_forms

_OPENERS = re.compile(
    r"(?i)^(?:(?:ja|jo|nej|nä|nja|okej|ok|mm|jaha|precis|exakt|just det|absolut|visst|bra|så|och|men|för|då|alltså|sen|sedan|plus|"
    r"egentligen|faktiskt|kort sagt|som sagt|i alla fall|det är ju så att|det är så att|saken är den att|grejen är att|det som hände var att|"
    r"jag (?:tror|tycker|tänker|vet) (?:väl |nog |ju )?att|det är klart att|vad heter det|du vet|ni vet|titta|hörni|ska vi se|alltså att)"
    r"(?:[\s,]+|$))+")
_PARTICLES = re.compile(
    r"(?i)(?<!\w)(?:ju|väl|liksom|alltså|asså|typ|då|va|faktiskt|helt enkelt|så att säga|på nåt sätt|på något sätt|nån gång|egentligen|"
    r"ändå|bara|i alla fall|tror jag|tycker jag|skulle jag säga|vad jag vet|som sagt|vet jag|antar jag|om man säger så|du vet|ni vet)(?!\w),?")
_TAIL = re.compile(r"(?i)[,\s]+(?:va|eller hur|då|så|ja|liksom|eller nåt|eller något|och så|och sånt|och sådant|så att|så där|sådär|eller)$")
_FINITE = re.compile(
    r"(?i)\b(?:är|var|har|hade|blir|blev|ska|skall|skulle|kan|kunde|måste|får|fick|vill|ville|bör|borde|går|gick|står|stod|ligger|låg|"
    r"kommer|kom|tar|tog|ger|gav|gör|gjorde|finns|fanns|ser|såg|säger|sade|behöver|saknas|heter|vet|beror|håller|\w{2,}(?:ades|ade|ar|ras|as|er|tes|dde))\b")
_SUBORDINATE = re.compile(r"(?i)^(?:som|att|eftersom|därför att|fast|så att|om|när|än|utan att|i stället för)\b")
_RELATIVE = re.compile(r"^(?:\S+ ){1,3}som ")
_ASKS = re.compile(r"(?i)^(?:vad|hur|när|var|varför|vem|vilka?|vilket|vart)\b")
LONGEST_WORDS = 30
SHORTEST_WORDS = 4


def spoken_sentences(text: str) -> list[str]:
    """The sentences of an utterance with figures as digits and what was taken back removed."""
    mended = without_retractions(digits(text))
    return sentences(mended)


_COUNTED = re.compile(  # "28 patienter, på 4 dagar": plurals that end as verbs do
    r"(?i)\b\d+(?:[ ,.–]\d+)* (?:dag|veck|månad|timm|minut|nätt|kväll|sekund|patient|person|fraktion|kron|grad|gång|plats|elev|deltag|medarbet|bil|maskin|"
    r"tjänst|vikari|undersökning|ärend|möt|enhet|server|dator)\w*")


_WRITTEN_VERB = re.compile(
    r"(?i)\b(?:[a-zåäö]{2,}(?:s|te|de|r|tt)|\w*(?:lade|gav|tog|drog|föll|skrev|skred|slog|stod|såg|låg|blev|gick|kom|hann|vann|fann|steg|sjönk|bröt|höll)|"
    r"sov|dog|bad|lät|vet|sa)\b")


def has_verb(written: str) -> bool:
    """Whether a written sentence can have a finite verb: one of the common ones, or a word that ends as they do and is no plural counted.

    >>> has_verb("Upp till 40 sekunder."), has_verb("Frågan skjuts upp.")
    (False, True)
    """
    text = _COUNTED.sub(" ", written)
    return _FINITE.search(text) is not None or _WRITTEN_VERB.search(text) is not None


def compress(spoken: str, subject: str) -> str | None:
    """A spoken sentence as a written one, or None when it cannot be made one.

    ``subject`` stands for "vi": the site or unit that speaks ("Linköping"), or "Verksamheten".

    >>> compress("Ja men vi har ju fått två nya kameror, alltså.", "Kalmar")
    'Kalmar har fått två nya kameror.'
    """
    if spoken.rstrip().endswith("?"):
        return None
    text = written_forms(without_fillers(spoken)).rstrip(" .!…")
    previous = None
    while previous != text:
        previous = text
        text = _TAIL.sub("", _OPENERS.sub("", text)).strip(" ,.;–-")
    text = re.sub(r"\s{2,}", " ", _PARTICLES.sub("", text)).strip(" ,")
    text = re.sub(r"\s+,", ",", re.sub(r",\s*,", ",", text))
    text = re.sub(r"(?i)\s*\bhos oss\b", "", text).strip(" ,")
    text = _straightened(text)
    text = re.sub(r"(?i)\b(?:vår|vårt|våra) (?=\w)", "", text)
    if re.search(r"(?i)\bvi\b", text):
        text = re.sub(r"(?i)\bvi\b", subject, text, count=1)
        text = re.sub(r"(?i)\bvi\b", "man", text) if text.count(" vi ") > 1 else text
        # "Så har Linköping" → "Linköping har": the subject first, when only the verb stands before it
        text = re.sub(rf"^(\w+) ({re.escape(subject)})\b", lambda m: f"{m[2]} {m[1].casefold()}"
                      if _FINITE.fullmatch(m[1]) else m[0], text)
    if FIRST_PERSON.search(text):  # ", jag såg på fel rad": what the speaker says of himself falls away
        text = _without_speaker(text)
    words = text.split()
    shortest = SHORTEST_WORDS - 1 if re.search(r"\d", text) or NEGATION.search(text) else SHORTEST_WORDS
    if not shortest <= len(words) <= LONGEST_WORDS or FIRST_PERSON.search(text) or FILLER.search(text):
        return None
    finite = _FINITE.findall(_COUNTED.sub(" ", text))
    if not finite or _SUBORDINATE.match(text) or (len(finite) == 1 and _RELATIVE.match(text)):
        return None
    return sentence(text)


_SET_BEFORE = re.compile(r"^(?P<matter>[^,]{3,60}),(?: [^,\d]{2,40},?)? (?:den|det|de) (?P<verb>\w+)\b")
_VERB_FIRST = re.compile(r"^(?P<verb>\w+) (?P<who>det|den|de|man)\b")


_SO = re.compile(r"(?i)^(?P<when>(?:\w+dagen|i|på|vid|under|efter|innan|från|till|sedan|med|för|hos|utan)\b[^?!]*?),? så (?P<verb>\w+)\b")


def _straightened(text: str) -> str:
    """A main clause in the order of writing: "prognosen, den är minus 2" → "prognosen är minus 2", "finns det två" → "det finns två",
    "med 60 så har vi" → "med 60 har vi"."""
    if (match := _SO.match(text)) and _FINITE.fullmatch(match["verb"]):
        text = f"{match['when']} {text[match.start('verb'):]}"
    if (match := _SET_BEFORE.match(text)) and _FINITE.fullmatch(match["verb"]) and not _FINITE.search(match["matter"]):
        return f"{match['matter']} {text[match.start('verb'):]}"
    if (match := _VERB_FIRST.match(text)) and _FINITE.fullmatch(match["verb"]):
        return f"{match['who']} {match['verb'].casefold()}{text[match.end():]}"
    return text


_MAIN_CLAUSE = re.compile(r"^[\w/-]+ (?P<verb>\w+)")


def _without_speaker(text: str) -> str:
    """Without the clauses in the first person, when what is left begins like a main clause."""
    clauses = text.split(", ")
    while clauses and FIRST_PERSON.search(clauses[0]):
        clauses.pop(0)
    kept = ", ".join(dict.fromkeys(c for c in clauses if not FIRST_PERSON.search(c)))
    begins = _MAIN_CLAUSE.match(kept)
    whole = bool(kept) and text.startswith(kept.split(", ")[0])
    return kept if whole or (begins and _FINITE.fullmatch(begins["verb"])) else text


_PRONOUN_FIRST = re.compile(r"(?i)^(?:(?:ja|jo|nej|nä|mm|okej|så|och|men|alltså|eh)[,\s]+)*(?P<who>den|det|de|dom|dem) (?P<verb>\w+)\b")
_LONGEST_TOPIC = 8


def topic_of(asked: str, names: Sequence[str]) -> str | None:
    """The matter that a verbless sentence raises ("Och utrymningsövningen på Sjövik, Joakim?"), or None.

    ``names`` are the people who may be spoken to; they are no part of the matter.
    """
    text = written_forms(without_fillers(asked)).rstrip(" .?!…")
    called = {part for n in names for part in n.split()}
    parts = [p for p in _OPENERS.sub("", text).split(", ") if p and not all(w in called for w in p.split())]
    topic = _OPENERS.sub("", ", ".join(parts)).strip(" ,")
    words = topic.split()
    if not words or not words[0].isalpha() or _ASKS.match(topic) or len(words) > _LONGEST_TOPIC or _FINITE.search(topic) or FIRST_PERSON.search(topic):
        return None
    return topic if re.search(r"(?i)\w{3,}(?:en|et|n|t|na|a)$", words[0]) or len(words) > 1 else None


def with_topic(spoken: str, topic: str) -> str:
    """"Den är gjord" with the matter that "den" stands for: "utrymningsövningen på Sjövik är gjord".

    Unchanged where the sentence does not begin with a pronoun and its verb.
    """
    match = _PRONOUN_FIRST.match(spoken)
    if not match or not _FINITE.fullmatch(match["verb"]):
        return spoken
    return f"{topic} {spoken[match.start('verb'):]}"


def _fragment(spoken: str) -> str:
    """What a verbless sentence tells, without what speech puts before and after it."""
    return _TAIL.sub("", _OPENERS.sub("", written_forms(without_fillers(spoken)).rstrip(" .!…"))).strip(" ,")


def under_topic(topic: str, fragment: str) -> str | None:
    """Verbless figures under the matter that was raised ("Bullermätningen: 78 decibel på Eken."), as minutes may put it, or None."""
    rest = _fragment(fragment)
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or FIRST_PERSON.search(rest) or FILLER.search(rest):
        return None
    if _FINITE.search(_COUNTED.sub(" ", rest)) or not SHORTEST_WORDS <= len(rest.split()) + len(topic.split()) <= LONGEST_WORDS:
        return None
    return sentence(f"{topic}: {rest}")


def with_fragment(written: str, fragment: str) -> str | None:
    """A written sentence with the verbless figures that followed it ("…, en i maj och en i augusti."), or None."""
    rest = _fragment(fragment)
    whole = f"{written.rstrip('.')}, {rest[:1].lower()}{rest[1:]}."
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or _FINITE.search(rest) or FIRST_PERSON.search(rest):
        return None
    return whole if len(whole.split()) <= LONGEST_WORDS and not FILLER.search(rest) else None


_REQUEST = re.compile(as_heard(
    r"(?i)\b(?:kan|skulle|vill|hinner) du(?: kunna)?(?: då)?,? (?:\w+, )?(?P<what>(?!ta det|det)[^?.]{6,140})\??"))
_PROMISE = re.compile(
    r"(?i)\bjag (?P<verb>skickar|tar|kollar|mejlar|bokar|fixar|ordnar|pratar|stämmer av|skriver|ringer|tar fram|sammanställer|kontaktar|"
    r"uppdaterar|gör|lägger|hör(?= (?:med|av|efter|om|mig|mej)\b)|begär|förbereder|informerar|återkommer|följer upp|ser till|samlar|ändrar|anmäler|beställer|sätter)\b"
    r"(?P<rest>[^.?!]{2,140})")
_STATES = "är|har|tycker|tror|vet|hör|ser|minns|menar|hoppas|väntar|sitter|ligger|känner|vill|kan|får|jobbar|åker|kommer|heter|går|mår|undrar|gissar"
_PROMISE_BY = re.compile(  # any doing with a time by which it is done: "så jag publicerar dem senast fredag", "där lämnar jag synpunkter senast …"
    rf"(?i)\b(?:jag (?P<verb>(?!(?:{_STATES})\b)[a-zåäö]{{3,}}r)|(?P<before>(?!(?:{_STATES})\b)[a-zåäö]{{3,}}r) jag)"
    r"(?P<rest> [^.?!]{2,120}?,? (?:senast|före|innan|inom|till nästa) [^.?!]{2,40})")
_WILL = re.compile(r"(?i)\bjag (?:ska|kan|får) (?P<what>(?!(?:olika|andra|många|alla|några|samma|bra|extra|halva|båda|nya|lika|egna|sista|första|stora|inga) )[a-zåäö]+a (?!det\b)[^.?!]{4,140})")
_DUE = re.compile(as_heard(
    r"(?i)\b(?P<due>(?:senast|till|före|innan|inom|under|i slutet av|i början av)\s+(?:nästa möte|nästa gång|den \d{1,2}(?: \w+)?|\d{1,2} \w+|vecka \d+|"
    r"månadsskiftet|påsk|jul|sommaren|semestern|måndag|tisdag|onsdag|torsdag|fredag|helgen|årsskiftet|hösten|våren|en vecka|två veckor|"
    r"\d+ (?:veckor|dagar)|i morgon|på fredag|på måndag)|i morgon|i veckan|nästa vecka|på (?:måndag|tisdag|onsdag|torsdag|fredag)|i dag|"
    r"vecka \d+|senast \w+dag(?: nästa vecka)?|så snart som möjligt|snarast)\b"))


_SECOND_CONJUGATION = (
    "hålla", "ställa", "köpa", "vända", "sända", "stänga", "söka", "tänka", "lösa", "mäta", "byta", "komma", "driva", "bjuda", "fylla",
    "känna", "bygga", "lyfta", "leda", "hänga", "sälja", "välja", "höja", "reda", "mäla", "läsa", "skriva", "åka", "hjälpa", "kräva",
    "bestämma", "stämma", "sätta", "lägga", "följa", "ringa", "nämna", "trycka", "knyta", "skjuta", "märka", "hyra", "tömma", "räcka",
    "sänka", "stryka", "skära", "klippa", "röra", "gräva", "sprida", "förlänga",
)


_AND_VERB = re.compile(r"(?i) (?:och|å) (?P<verb>(?:höra|se|kolla|fråga|skicka|mejla|ringa|lägga|göra|ta|be|boka|skriva|titta|prata|stämma|återkomma)(?= ))")


def _present(infinitive_phrase: str) -> str:
    """"göra ett utkast och skicka det" → "gör ett utkast och skickar det": the verbs in the present tense."""
    if second := _AND_VERB.search(infinitive_phrase):
        return f"{_present(infinitive_phrase[:second.start()])} och {_present(infinitive_phrase[second.start('verb'):])}"
    first, _, rest = infinitive_phrase.strip().partition(" ")
    low = first.casefold()
    if low in ("göra", "ta", "ge", "se", "gå", "få", "be"):
        verb = {"göra": "gör", "be": "ber"}.get(low, low + "r")
    elif low.endswith(("föra", "höra", "köra", "gära", "lära", "styra")):
        verb = low[:-1]
    elif low.endswith(_SECOND_CONJUGATION):
        verb = low[:-1] + "er"
    else:
        verb = low + "r" if low.endswith("a") else low
    return f"{verb} {rest}".strip()


def due_of(text: str) -> str | None:
    """The deadline named in a stretch of talk (figures as digits), as written Swedish."""
    found = [m["due"] for m in _DUE.finditer(text)]
    return re.sub(r"(?i)^(?:senast|till)\s+", "", found[-1]) if found else None


def promise(text: str) -> str | None:
    """What a speaker takes on ("jag skickar ut en mall" → "Skickar ut en mall"), or None."""
    text = written_forms(without_fillers(without_retractions(digits(text))))
    if match := _PROMISE.search(text):
        what = f"{match['verb']}{match['rest']}"
    elif match := _PROMISE_BY.search(text):
        what = f"{match['verb'] or match['before']}{match['rest']}"
    elif match := _WILL.search(text):
        what = _present(match["what"])
    else:
        return None
    if nouns := _DEFINITE.findall(text[:match.start()]):
        what = re.sub(r"(?i)^(\w+ )(?:dem|de|dom)\b", lambda m: m[1] + nouns[-1], what)
    return _task(re.sub(r"(?i)\b(?:min|mitt|mina|vår|vårt|våra) (?=\w)", "", what))


_ASKED = re.compile(  # "beställer du den", "tar du in referenserna": the verb first, never one of knowing or being
    r"(?i)(?:^|[,.!?] |\boch |\bså )(?!(?:har|hör|ser|vet|tror|är|kommer|menar|tycker|minns|känner|vill|kan|hinner|får|går|mår|heter|ska|vad|hur|när|var)\b)"
    r"(?P<verb>[a-zåäö]{2,}r) du (?P<rest>[^?.]{3,140})\?")


def request(text: str) -> str | None:
    """What somebody is asked to do ("kan du skicka ut en mall?", "tar du fram en mall?" → "Tar fram en mall"), or None."""
    text = written_forms(without_fillers(without_retractions(digits(text))))
    match = _REQUEST.search(text) or _ASKED.search(text)
    if not match:
        return None
    what = _present(match["what"]) if "what" in match.groupdict() else f"{match['verb']} {match['rest']}"
    what = re.sub(r",? [A-ZÅÄÖÉ][a-zåäöé]+$", "", what.strip())  # "…, Kristina?"
    if nouns := _DEFINITE.findall(text[:match.start()]):
        what = re.sub(r"(?i)\b(?:den|dem|de|det)$", nouns[-1], what)
    return _task(what)


_DEFINITE = re.compile(r"\b[a-zåäöé]{3,}(?:en|et|arna|erna|orna)\b")
_DECIDED = (
    re.compile(r"(?i)\b(?:beslutar|bestämmer|enas om|är överens om|fastställer|säger|blir det)(?: (?!att\b)\w+){0,2} att (?P<what>.{8,})"),
    re.compile(r"(?i)\b(?:bestämmer|beslutar|säger|kör|tar) vi (?:det|så)\b[,:]? (?P<what>[^?]{8,})"),
    re.compile(r"(?i)^(?P<what>[^?]{8,}?), (?:(?:och )?det är (?:då )?(?:beslutat|bestämt|klubbat)|är vi överens|då är det (?:beslutat|bestämt))\b"),
)


def decision(said: str) -> str | None:
    """What a sentence says is decided ("då beslutar vi att köpa vagnen" → "Att köpa vagnen."), or None."""
    text = written_forms(without_fillers(without_retractions(digits(said)))).strip(" .!")
    for pattern in _DECIDED:
        if not (match := pattern.search(text)):
            continue
        what = re.sub(r"\s{2,}", " ", _PARTICLES.sub("", _TAIL.sub("", _OPENERS.sub("", match["what"])))).strip(" ,.")
        what = re.sub(r"(?i)^(?:vi |man )(?P<verb>\w+)", lambda m: f"{_passive(m['verb'])}", what)
        if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.match(r"(?i)^(?:det|den|så|det där)\b(?: \w+)?$", what):
            return None
        infinitive = re.match(r"(?i)^\w+a\b(?! är| har| ska| blir| får)", what) and not _FINITE.match(what.split()[0])
        return sentence(f"Att {what[:1].lower()}{what[1:]}" if infinitive and pattern is _DECIDED[0] else what)
    return None


def _passive(verb: str) -> str:
    """"beviljar" → "beviljas", "köper" → "köps"."""
    low = verb.casefold()
    if low.endswith("ar"):
        return low[:-1] + "s"
    return low[:-2] + "s" if low.endswith("er") and len(low) > 4 else low


_PRONOUN = re.compile(r"(?i)han|hon|hen|honom|henne|den|det|de|dem|dom|detta|dessa|dig|er|här|där|upp|ihop|ut|in|fram|också|sedan|gärna|bara|igen|även")
_TIME = re.compile(
    r"(?i)\d{1,2} (?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)|\d{4}-\d\d|\bvecka|\bnästa|dag(?:en|ar)?\b|morgon|kväll|helgen?|månad|kvartal|"
    r"sommar|höst|vår\b|våren|vinter|jul|påsk|semester|årsskift|halvår|snarast|omgående|löpande|direkt|genast|\b(?:januari|februari|mars|april|maj|juni|"
    r"juli|augusti|september|oktober|november|december)\b|den \d|senast|före|innan|efter|inom|möte|år\b|\bkl\.|så snart|i god tid|när\b")


def is_deadline(text: str) -> bool:
    """Whether a text tells a time, or an event, by which something is to be done."""
    return _TIME.search(text) is not None and len(text.split()) <= 10


def _task(what: str) -> str | None:
    what = _PARTICLES.sub("", _DUE.sub("", what))
    what = re.sub(r"\s{2,}", " ", re.sub(r"[,\s]+$", "", what)).strip(" ,")
    what = re.sub(r"(?i)(?: (?:i|på|till|om|för|med|och|så|av|vid|en|ett))+$", "", what)
    content = [w for w in re.findall(r"\w+", what)[1:] if not _PRONOUN.fullmatch(w)]
    if not any(len(w) > 3 for w in content):
        return None
    if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.search(r"(?i)^\w+ (?:det|den|dem)$", what):
        return None
    return sentence(what)
