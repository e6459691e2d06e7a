"""What somebody is asked to do, takes on, or the meeting decides, in written words.

As in ``written``, no word of content is added: a task is a verb in the present tense with what was said after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.cues import agrees, proposes
from pipeline.swedish.numbers import MONTHS, digits
from pipeline.swedish.register import FIRST_PERSON, sentence
from pipeline.swedish.repairs import without_retractions
from pipeline.swedish.sounds import as_heard
from pipeline.swedish.spoken import without_fillers, written_forms
from pipeline.swedish.written import FINITE, OPENERS, PARTICLES, TAIL


def _mended(said: str) -> str:
    """Talk with figures as digits and written forms, without fillers and what was taken back."""
    return written_forms(without_fillers(without_retractions(digits(said))))


def _bare(words: str) -> str:
    """Words without the particles and the tail that speech gives them."""
    return re.sub(r"\s{2,}", " ", PARTICLES.sub("", TAIL.sub("", words))).strip(" ,")


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
_TALKS = (  # what one does in a meeting, not after it
    "säger|sa|kallar|pratar|börjar|slutar|skojar|skäms|bor|litar|föreslår|frågar|svarar|läser|räknar|stannar|håller|behöver|brukar|lämnar|avslutar|öppnar|stänger|"
    "tackar|hälsar|startar|delar|visar|lovar|beklagar|lyssnar|noterar|upplever|märker|anser|uppfattar|förklarar|skriver|blir|ligger|förstår|finner|släpper|ger|"
    "fortsätter|tänker|slipper|hittar|drar|nöjer|stöder|stödjer|yrkar|reserverar|konstaterar|ska|skulle|måste|bör")
_INVERTED = re.compile(  # "då felanmäler jag den en gång till", "och annandag natt ringer jag poolen om"
    rf"(?i)(?:^|[.!?] )(?P<front>(?:[^\W\d_]+ ){{1,5}}?)(?P<verb>(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{3,}}r) jag\b(?! (?:inte|aldrig|ju inte)\b)(?P<rest>[^.?!]{{0,140}})")
_LEADS_IN = re.compile(r"(?i)^(?:(?:då|så|och|men|sedan|nu|därför|ja|jo|okej|bra)\b ?)+")
_CONDITION = re.compile(r"(?i)^\W*(?:om|har|hade|hinner|blir|får|är|kommer|går|vill) ")
_ENDS_OPEN = re.compile(r"(?i) (?:om|till|på|med|av|för|i|hos)$")
_WILL = re.compile(r"(?i)\bjag (?:ska|kan|får) (?P<what>(?!(?:olika|andra|många|alla|några|samma|bra|extra|halva|båda|nya|lika|egna|sista|första|stora|inga) )[a-zåäö]+a (?!det\b)[^.?!]{4,140})")
_DUE = re.compile(as_heard(
    r"(?i)\b(?P<due>(?:senast|till|före|innan|inom|under|i slutet av|i början av)\s+(?:nästa möte|nästa gång|den \d{1,2}(?: \w+)?|\d{1,2} \w+|vecka \d+|"
    r"månadsskiftet|påsk|jul|sommaren|semestern|måndag|tisdag|onsdag|torsdag|fredag|helgen|årsskiftet|hösten|våren|en vecka|två veckor|"
    r"\d+ (?:veckor|dagar)|i morgon|på fredag|på måndag)|i morgon|i veckan|nästa vecka|på (?:måndag|tisdag|onsdag|torsdag|fredag)|i dag|"
    r"(?:direkt )?efter mötet|vecka \d+|senast \w+dag(?: nästa vecka)?|så snart som möjligt|snarast)\b"))


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


def _inverted(match: re.Match[str], text: str) -> str | None:
    """A promise in ``text`` with the verb before who makes it, and what stood in front put where it belongs, or None.

    Only what follows from the talk ("då …") or has a time is one.
    """
    if not (re.match(r"(?i)(?:\w+ )?då ", match["front"]) or due_of(text)):
        return None
    front, rest = _LEADS_IN.sub("", match["front"]).strip(), match["rest"].strip(" ,")
    if _CONDITION.match(match[0].lstrip(".!? ")) or (front and is_deadline(front) and not rest):
        return None
    if front and _ENDS_OPEN.search(f" {rest}"):
        return f"{match['verb']} {rest} {front}"
    return f"{match['verb']} {rest}" if not front or is_deadline(front) else f"{match['verb']} {front} {rest}"


def promise(text: str) -> str | None:
    """What a speaker takes on ("jag skickar ut en mall", "då skickar jag en mall" → "Skickar ut en mall"), or None."""
    text = _mended(text)
    if match := _PROMISE.search(text):
        what = f"{match['verb']}{match['rest']}"
    elif match := _PROMISE_BY.search(text):
        what = f"{match['verb'] or match['before']}{match['rest']}"
    elif match := _WILL.search(text):
        what = _present(match["what"])
    elif (match := _INVERTED.search(text)) and (inverted := _inverted(match, text)):
        what = inverted
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
    text = _mended(text)
    match = _REQUEST.search(text) or _ASKED.search(text)
    if not match:
        return None
    what = _present(match["what"]) if "what" in match.groupdict() else f"{match['verb']} {match['rest']}"
    what = re.sub(r",? [A-ZÅÄÖÉ][a-zåäöé]+$", "", what.strip())  # "…, Kristina?"
    if nouns := _DEFINITE.findall(text[:match.start()]):
        what = re.sub(r"(?i)\b(?:den|dem|de|det)$", nouns[-1], what)
    return _task(what)


def assigned(text: str, first_name: str) -> str | None:
    """What the chair tells somebody to do, by name ("Dragan, du informerar cheferna", "Mehmet samlar in namnen"), or None."""
    text = _mended(text)
    name, doing = re.escape(first_name), rf"(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{2,}}r"
    match = re.search(
        rf"\b{name}\b[^.?!]{{0,40}}?\b[Dd]u (?:då )?(?:får(?: gärna)? (?P<what>(?!veta|se|höra|ha|vara|en|ett)[a-zåäö]+ [^.?!]{{3,140}})|(?P<verb>{doing}) (?P<rest>[^.?!]{{3,140}}))|"
        rf"(?:^|[.!?] ){name} (?:får (?P<let>[a-zåäö]+a [^.?!]{{3,140}})|(?P<does>{doing}) (?P<done>[^.?!]{{3,140}}))[.!]", text)
    if not match:
        return None
    infinitive = match["what"] or match["let"]
    return _task(_present(infinitive) if infinitive else f"{match['verb'] or match['does']} {match['rest'] or match['done']}")


_WHO_DOES = re.compile(
    rf"(?i)\bvem (?:(?:är det|det är) som )?(?:(?:kan|ska|vill|hinner) (?P<what>[a-zåäö]+ [^?]{{3,80}})|(?P<verb>(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{3,}}r|håller) (?!det\b)(?P<rest>[^?]{{3,80}}))\?")


def who_does(text: str) -> str | None:
    """The task that somebody is looked for ("vem bokar lokal?" → "Bokar lokal."), or None."""
    match = _WHO_DOES.search(written_forms(without_fillers(digits(text))))
    return _task(_present(match["what"]) if match["what"] else f"{match['verb']} {match['rest']}") if match else None


_DEFINITE = re.compile(r"\b[a-zåäöé]{3,}(?:en|et|arna|erna|orna)\b")
_DECIDED = (
    re.compile(r"(?i)\b(?:beslutar|bestämmer|enas om|är överens om|fastställer|säger|blir det)(?: (?!att\b)\w+){0,2} att (?P<what>.{8,})"),
    re.compile(r"(?i)\b(?:bestämmer|beslutar|säger|kör|tar) vi (?:det|så)\b[,:]? (?P<what>[^?]{8,})"),
    re.compile(r"(?i)^(?P<what>[^?]{8,}?), (?:(?:och )?det är (?:då )?(?:beslutat|bestämt|klubbat)|är vi överens|då är det (?:beslutat|bestämt))\b"),
)


_ALTERNATIVE = re.compile(r"(?i)^\W*(?:eller|antingen|om|ifall|kanske)\b")


def decision(said: str) -> str | None:
    """What a sentence says is decided ("då beslutar vi att köpa vagnen" → "Att köpa vagnen."), or None."""
    text = _mended(said).strip(" .!")
    if proposes(text) or _ALTERNATIVE.match(text):
        return None
    for pattern in _DECIDED:
        if not (match := pattern.search(text)):
            continue
        what = _bare(OPENERS.sub("", match["what"])).strip(" ,.")
        what = re.sub(r"(?i)^(?:vi |man )(?P<verb>\w+)", lambda m: f"{_passive(m['verb'])}", what)
        if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.match(r"(?i)^(?:det|den|så|det där)\b(?: \w+)?$", what):
            return None
        infinitive = re.match(r"(?i)^\w+a\b(?! är| har| ska| blir| får)", what) and not FINITE.match(what.split()[0])
        return sentence(f"Att {what[:1].lower()}{what[1:]}" if infinitive and pattern is _DECIDED[0] else what)
    return None


_CHAIR_DOES = re.compile(  # what the chair's "då … vi" settles; the others move the meeting on
    r"(?i)^(?:(?:bra|okej|ja|fint|jo|nej|nä|tack|precis|men)[,.]? )*då (?P<verb>(?!(?:går|tar|hoppar|kommer|börjar|öppnar|avslutar|fortsätter|tackar|lämnar|rundar|"
    r"pausar|startar|stoppar|hälsar|lyssnar|ser|hör|vet|tror|får|kan|ska|har|är|blir|skriver|släpper|stryker|återkommer|säger|gör|bryter|stannar|backar|vänder|"
    r"kör|lägger|låter|noterar|konstaterar|träffas|ses|hörs|sätter)\b)[a-zåäö]{3,}r) vi(?P<rest> [^?]{6,})$")
_CHAIR_RUNS = re.compile(r"(?i)^(?:(?:bra|okej|ja|fint|jo)[,.]? )*då (?:kör|går) vi på (?P<what>[^?]{6,})$")
_BECOMES = re.compile(r"(?i)^(?:(?:bra|okej|ja|fint|jo)[,.]? )*(?P<what>(?!då|det|så|vad|hur|när|var|nu|här|där)[^\W\d_][^,.?!]{2,40}) blir det(?: då)?$")
_APPOINTED = re.compile(r"^(?:(?:Bra|Okej|Ja|Fint)[,.]? )*[Dd]å (?:är|blir) (?P<who>[A-ZÅÄÖÉ][a-zåäöé]+) (?P<role>(?!med\b|borta\b|sjuk\b|klar\b|här\b)[a-zåäö]{6,})$")
_FINDS = re.compile(r"(?i)\b(?:uppfattar|finner|konstaterar) jag att (?:\w+ )?(?:förordar|beslutar|bifaller|godkänner|enas om)(?: att)? (?P<what>(?!så\b)[^?]{6,})$")
_OF_THE_MEETING = re.compile(r"(?i)\b(?:mötet|sammanträdet|inspelningen|ordet|varandra|rasten|på (?:dig|er)|vänta på (?-i:[A-ZÅÄÖÉ])[a-zåäöé]+)\b")
_INFINITIVES = {"tar": "ta", "ger": "ge", "ber": "be", "står": "stå", "får": "få", "ser": "se", "slår": "slå", "gör": "göra", "går": "gå"}


def _infinitive(verb: str) -> str:
    """"stänger" → "stänga", "utnyttjar" → "utnyttja", "kör" → "köra"."""
    low = verb.casefold()
    return _INFINITIVES.get(low) or (low[:-1] if low.endswith("ar") else f"{low[:-2]}a" if low.endswith("er") else f"{low}a")


def _resolved(verb: str, rest: str) -> str:
    """"stänger", "filialen" → "Att stänga filialen"; "byter", "inte fabrikat" → "Att inte byta fabrikat"."""
    return f"Att {'inte ' if rest.startswith('inte ') else ''}{_infinitive(verb)} {rest.removeprefix('inte ')}"


def settled_by_chair(said: str, names: Sequence[str]) -> str | None:
    """What the chair settles in a sentence ("då stänger vi filialen vecka 29" → "Att stänga filialen vecka 29."), or None."""
    text = _mended(said).strip(" .!")
    if match := _APPOINTED.match(text):
        who = next((n for n in names if n.split()[0] == match["who"]), None)
        return f"{who} är {match['role']}." if who else None
    if match := _CHAIR_DOES.match(text):
        matter = _bare(match["rest"])
        what = _resolved(match["verb"], matter)
    elif match := _CHAIR_RUNS.match(text) or _FINDS.search(text):
        what = matter = TAIL.sub("", match["what"]).strip(" ,")
    elif match := _BECOMES.match(text):
        what, matter = f"Det blir {match['what'][:1].lower()}{match['what'][1:]}", match["what"]
    else:
        return None
    named = any(len(w) > 4 or w[0].isdigit() for w in re.findall(r"[\w/-]+", matter) if not _PRONOUN.fullmatch(w))
    return sentence(what) if named and not FIRST_PERSON.search(what) and not _OF_THE_MEETING.search(what) else None


_SETTLES = re.compile(  # what a group that speaks of itself so settles, once somebody agrees
    r"(?i)^(?:(?:ja|jo|okej|ok|men|å|och|så|då|nej|nä)[,\s]+)*vi (?P<verb>inför|stänger|säljer|köper|stryker|slopar|byter|flyttar|provar|testar|behåller|avvaktar|väntar(?= med| in)|"
    r"skjuter(?= på| upp)|beställer|tar bort|använder|ändrar|höjer|sänker|utökar|begränsar|väljer|förlänger|bjuder in|anlitar|hyr|bordlägger|avslår|antar|"
    r"kör(?= [^,.]*\d)|lägger ner|anmäler|planerar för)(?P<rest> [^?]{4,})$")


def agreed(said: str, answer: str) -> str | None:
    """What a sentence settles for the group, when the answer of somebody else agrees ("vi inför dubbelsignering" – "japp"), or None."""
    text = _mended(said).strip(" .!")
    match = _SETTLES.match(text)
    if not match or not agrees(answer) or proposes(text):
        return None
    verb, _, rest = f"{match['verb']}{match['rest']}".partition(" ")
    what = _resolved(verb, _bare(rest))
    return sentence(what) if not FIRST_PERSON.search(what) else None


_WHEN_ONLY = re.compile(
    rf"(?i)^att (?:inte )?\w+|\b(?:från och med|till och med|nästa|möte\w*|gång(?:en)?|vecka(?:n|orna)?|efter|före|innan|senast|under|sommaren|hösten|våren|vintern|årsskiftet|"
    rf"morgon|eftermiddag\w*|(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en|ar|s)?|{'|'.join(MONTHS)})\b|\d[\d.,]*")


def names_matter(decided: str) -> bool:
    """Whether a decision says what is decided, and not only when ("Den 30 januari") or of a pronoun ("Att flytta den till nästa möte")."""
    return any(len(w) > 4 and not _PRONOUN.fullmatch(w) for w in re.findall(r"[^\W\d_]+", _WHEN_ONLY.sub(" ", decided)))


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
    what = PARTICLES.sub("", _DUE.sub("", what))
    what = re.sub(r"\s{2,}", " ", re.sub(r"[,\s]+$", "", what)).strip(" ,")
    what = re.sub(r"(?i)(?<! gång)(?: (?:i|på|till|om|för|med|och|så|av|vid|en|ett))+$", "", what)
    content = [w for w in re.findall(r"\w+", what)[1:] if not _PRONOUN.fullmatch(w)]
    if not any(len(w) > 3 for w in content):
        return None
    if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.search(r"(?i)^\w+ (?:det|den|dem)$", what):
        return None
    return sentence(what)
