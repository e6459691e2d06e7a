"""What somebody is asked to do or takes on, in written words.

As in ``written``, no word of content is added: a task is a verb in the present tense with what was said after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.swedish.clauses import FINITE
from pipeline.swedish.numbers import digits
from pipeline.swedish.register import FIRST_PERSON, sentence
from pipeline.swedish.repairs import without_retractions
from pipeline.swedish.sounds import as_heard
from pipeline.swedish.spoken import without_fillers, written_forms
from pipeline.swedish.written import PARTICLES, TAIL


def mended(said: str) -> str:
    """Talk with figures as digits and written forms, without fillers and what was taken back."""
    return written_forms(without_fillers(without_retractions(digits(said))))


def bare(words: str) -> str:
    """Words without the particles and the tail that speech gives them."""
    return re.sub(r"\s{2,}", " ", PARTICLES.sub("", TAIL.sub("", words))).strip(" ,")


_REQUEST = re.compile(as_heard(
    r"(?i)\b(?:kan|skulle|vill|hinner) (?:inte )?du(?: inte)?(?: kunna)?(?: då)?,? (?:\w+, )?(?P<what>(?!ta det|ha det|det)[^?.]{6,140})\??"))
_PROMISE = re.compile(
    r"(?i)\bjag (?P<verb>skickar|tar|kollar|mejlar|bokar|fixar|ordnar|pratar|stämmer av|skriver|ringer|tar fram|sammanställer|kontaktar|"
    r"uppdaterar|gör|lägger|hör(?= (?:med|av|efter|om|mig|mej)\b)|begär|förbereder|informerar|återkommer|följer upp|ser till|samlar|ändrar|anmäler|beställer|sätter)\b(?! (?:tillbaka|hellre|helst|nog inte|inte)\b)"
    r"(?P<rest>[^.?!]{2,140})")
_STATES = "är|har|tycker|tror|vet|hör|ser|minns|menar|hoppas|väntar|sitter|ligger|känner|vill|kan|får|jobbar|åker|kommer|heter|går|mår|undrar|gissar|uppfattar|föreslår|yrkar|finner|stöder|börjar|slutar|räknar"
_PROMISE_BY = re.compile(  # any doing with a time by which it is done: "så jag publicerar dem senast fredag", "där lämnar jag synpunkter senast …"
    rf"(?i)\b(?:jag (?P<verb>(?!(?:{_STATES})\b)[a-zåäö]{{3,}}r)|(?P<before>(?!(?:{_STATES})\b)[a-zåäö]{{3,}}r) jag)"
    r"(?P<rest> [^.?!]{2,120}?,? (?:senast|före|innan|inom|till nästa) [^.?!]{2,40})")
_TALKS = (  # what one does in a meeting, not after it
    "säger|sa|kallar|pratar|börjar|slutar|skojar|skäms|bor|litar|föreslår|frågar|svarar|läser|räknar|stannar|håller|behöver|brukar|lämnar|avslutar|öppnar|stänger|"
    "tackar|hälsar|påminner|startar|delar|visar|lovar|beklagar|lyssnar|noterar|upplever|märker|anser|uppfattar|förklarar|skriver|blir|ligger|förstår|finner|släpper|ger|"
    "fortsätter|tänker|slipper|hittar|drar|nöjer|stöder|stödjer|yrkar|reserverar|konstaterar|ska|skulle|måste|bör")
_INVERTED = re.compile(  # "då felanmäler jag den en gång till", "och annandag natt ringer jag poolen om"
    rf"(?i)(?:^|[.!?] )(?P<front>(?:[^\W\d_]+ ){{1,5}}?)(?P<verb>(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{3,}}r|säger(?= jag upp\b)|tar(?= jag (?:upp|fram|med|hand)\b)|skriver(?= jag (?:om|ihop|ner|klart|ut|fram|en|ett)\b)) jag\b(?! (?:inte|aldrig|ju inte)\b)(?P<rest>[^.?!]{{0,140}})")
_LEADS_IN = re.compile(r"(?i)^(?:(?:då|så|och|men|sedan|nu|därför|ja|jo|okej|bra)\b ?)+")
_CONDITION = re.compile(r"(?i)^\W*(?:om|har|hade|hinner|blir|får|är|kommer|går|vill) ")
_ENDS_OPEN = re.compile(r"(?i) (?:om|till|på|med|av|för|i|hos)$")
_WILL = re.compile(r"(?i)(?<!vad )(?<!hur )(?<!när )\bjag (?:ska|kan|får) (?P<what>(?:se till att |(?!(?:säga|berätta|tillägga|nämna|konstatera|intyga|förstå|lova|hålla|svara|meddela att|vilja|kunna|behöva|sitta|vara|bo|ligga|komma|delta|jobba|åka|leva|tänka|olika|andra|många|alla|några|samma|bra|extra|halva|båda|nya|lika|egna|sista|första|stora|inga) )[a-zåäö]+a (?!det\b))[^.?!]{4,140})")
_DUE = re.compile(as_heard(
    r"(?i)\b(?P<due>(?:senast|till|före|innan|inom|under|i slutet av|i början av|(?:till )?slutet av|(?:till )?mitten av|(?:till )?början av)\s+(?:nästa möte|nästa gång|mötet i \w+|\w{3,}mötet|den \d{1,2}(?: \w+)?|\d{1,2} \w+|vecka \d+|"
    r"månadsskiftet|påsk|jul|sommaren|semestern|månaden|veckan|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|nästa vecka|måndag|tisdag|onsdag|torsdag|fredag|helgen|årsskiftet|hösten|våren|en vecka|två veckor|"
    r"\d+ (?:veckor|dagar)|i morgon|på fredag|på måndag)|i morgon|i veckan|nästa vecka|på (?:måndag|tisdag|onsdag|torsdag|fredag)|i dag|"
    r"(?:direkt )?efter mötet|(?<=säg )(?:den )?\d{1,2} \w+|(?<=skriv )den \d{1,2} \w+|vecka \d+|senast \w+dag(?: nästa vecka)?|så snart som möjligt|snarast)\b"))


_SECOND_CONJUGATION = (
    "sitta", "hålla", "ställa", "köpa", "vända", "sända", "stänga", "söka", "tänka", "lösa", "mäta", "byta", "komma", "driva", "bjuda", "fylla",
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
    return re.sub(r"^I(?= )", "i", re.sub(r"(?i)^(?:senast|till)\s+", "", found[-1])) if found else None


_OBJECT_FIRST = re.compile(r"(?i)\b(?:den|det|de|dem) (?:kan|ska|får) jag (?P<verb>(?!göra\b|ta\b|se\b|säga\b|förstå\b|tänka\b|leva\b|hålla\b)[a-zåäö]+a)\b(?P<rest>(?: (?:runt|ut|in|med|fram|över|till|upp|om)\b)?)")


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
    if (pronoun := front.casefold()) in ("det", "den", "dem") and " " in rest:
        particle, _, after = rest.partition(" ")
        return f"{match['verb']} {particle} {pronoun} {after}" if particle in ("upp", "fram", "med", "in", "ut") else f"{match['verb']} {pronoun} {rest}"
    return f"{match['verb']} {rest}" if not front or is_deadline(front) else f"{match['verb']} {front} {rest}"


def _promised(text: str) -> Iterator[tuple[int, str]]:
    """(where it stands, what is taken on) for every way in which mended talk may promise something, the surest first."""
    for match in _PROMISE.finditer(text):
        yield match.start(), f"{match['verb']}{match['rest']}"
    for match in _PROMISE_BY.finditer(text):
        yield match.start(), f"{match['verb'] or match['before']}{match['rest']}"
    for match in _WILL.finditer(text):
        yield match.start(), _present(match["what"])
    for match in _OBJECT_FIRST.finditer(text):
        yield match.start(), f"{_present(match['verb'])}{match['rest']} den"
    for match in _INVERTED.finditer(text):
        if inverted := _inverted(match, text):
            yield match.start(), inverted


_INTRODUCED = re.compile(  # what a pronoun may stand for: no noun after a preposition, which is where and not what
    r"(?<!från )(?<!till )(?<!hos )(?<!på )(?<!\bi )(?<!av )(?<!med )(?<!för )(?<!om )\b(?:"
    r"(?:en|ett|ny|nytt|nya|någon|något|några) (?P<new>(?:(?:gemensam|ny|särskild|enkel|skriftlig)(?:t|a)? )?[a-zåäöé]{5,})|"
    r"(?:vår|vårt|våra|min|mitt|mina) (?P<own>[a-zåäöé]{4,})|(?P<known>(?!\w*(?:mycket|litet)\b)[a-zåäöé]{4,}(?:en|et|orn|arna|erna|orna|ingar)))\b")
_RAISED = re.compile(r"(?:^|[.!?] )([A-ZÅÄÖÉ][a-zåäöé]{4,}(?:n|et|na))[.!?](?= |$)")  # a matter raised by itself: "Kompressorn."
_PRONOUN_OBJECT = re.compile(r"(?i)^(?P<verb>\w+ (?:(?:in|ut|upp|fram|till|med|om|av|runt|över) )?)(?:den|det|dem|de|dom)\b(?! (?:nya|gamla|här|där|\w+(?:en|et|na))\b)")


def _with_antecedent(what: str, before: str) -> str:
    """A task with what its pronoun stands for: "skickar in den" after "det krävs en ansökan" → "skickar in ansökan"."""
    nouns = [m["new"] or m["own"] or m["known"] for m in _INTRODUCED.finditer(before)]
    nouns = [n for n in nouns if not FINITE.fullmatch(n.split()[-1])]  # "en ny kostar 180 000"
    nouns += [raised.casefold() for raised in _RAISED.findall(before)]
    return _PRONOUN_OBJECT.sub(lambda m: m["verb"] + nouns[-1], what) if nouns else what


_SPEAKERS_CLAUSE = re.compile(r"(?i), så (?:är|blir|har) (?:den|det|de|du|ni)\b.*$|, (?:de|han|hon) (?!som\b)[a-zåäö]+(?:r|s)\b.*$|,? (?:så (?:fort|snart) jag|när jag|för jag|om jag)\b.*$|, (?:det|så|men|jag)\b[^,]*\bjag\b[^,]*")  # "…, det gör jag i dag"


_FINDS_OUT = re.compile(r"(?i)^(?:tar reda på|kollar(?: upp)?|undersöker|kontrollerar|hör efter|frågar)(?: det)?$")
_YES_OR_NO = re.compile(r"(?i)^(?P<verb>kan|får|ska|går|finns|har|är|blir|behöver|måste|gäller) (?P<who>man|vi|det|den|de|dom|ni|[\w/-]+(?:en|et|na)) (?:inte )?(?P<rest>[^?]{3,80})\?$")
_WHAT_IS_ASKED = re.compile(r"(?i)^(?P<asks>hur|när|vad|varför|var|vem|hur (?:mycket|många|länge|ofta)) (?P<verb>[a-zåäö]+) (?P<who>man|vi|det|den|de|dom|ni|[\w/-]+(?:en|et|na)) ?(?P<rest>[^?]{0,80})\?$")


def as_clause(talk: str) -> str | None:
    """The last question of talk as a clause: "kan man inte ha två simkort så länge?" → "om man kan ha två simkort så länge", or None."""
    asked = next((s for s in reversed(re.split(r"(?<=[.?!])\s+", talk)) if s.endswith("?")), "")
    asked = re.sub(r"(?i)^(?:(?:men|och|så|ja|nej|okej)[, ]+)+", "", asked)
    if not (match := _YES_OR_NO.match(asked) or _WHAT_IS_ASKED.match(asked)):
        return None
    who = "man" if match["who"].casefold() in ("vi", "ni") else match["who"]
    return f"{match.groupdict().get('asks', 'om').casefold()} {who} {match['verb'].casefold()} {match['rest']}".strip()


def promise(text: str, before: str = "") -> str | None:
    """What a speaker takes on ("jag skickar ut en mall", "då skickar jag en mall" → "Skickar ut en mall"), or None.

    ``before`` is what somebody else said just before it: a pronoun may stand for something in it.
    """
    text, earlier = mended(text), mended(before)
    for at, what in _promised(text):
        what = _with_antecedent(what, f"{earlier} {text[:at]}")
        alone = bare(_DUE.sub("", what)).strip(" .")
        if _FINDS_OUT.match(alone) and (asked := as_clause(earlier)):
            what = f"{alone.removesuffix(' det')} {asked}"
        what = re.sub(r"(?i) till (?:dig|dej|er)(?: alla(?: tre| fyra)?)?\b|(?<=frågan) dit\b", "", re.sub(r"(?i)\bmed mig\b", "med sig", _SPEAKERS_CLAUSE.sub("", what)))
        what = re.sub(r"(?i)\b(?:min|mitt|mina|vår|vårt|våra) (?=\w)", "", what)
        if task := _task(re.sub(r"(?i)^(mejlar|skickar|meddelar|informerar|ringer) er\b", r"\1 gruppen", what)):
            return task
    return None


_ASKED = re.compile(  # "beställer du den", "tar du in referenserna": the verb first, never one of knowing or being
    r"(?i)(?:^|[,.!?] |\boch |\bså )(?!(?:har|hör|ser|vet|tror|är|kommer|menar|tycker|minns|känner|vill|kan|hinner|får|går|mår|heter|ska|vad|hur|när|var)\b)"
    r"(?P<verb>[a-zåäö]{2,}r) du (?P<rest>[^?.]{3,140})\?")


_WANTED = re.compile(rf"(?i)\b(?:tycker|vill|föreslår|önskar) jag att du (?P<verb>(?!(?:{_STATES})\b)[a-zåäö]{{2,}}r) (?P<rest>[^.?!]{{3,140}})")
_OF_SEVERAL = re.compile(r"\b[A-ZÅÄÖÉ][\w-]+ och [A-ZÅÄÖÉ][\w-]+,? (?:kan|vill|skulle) ni (?:kunna )?(?P<what>(?!höra\b|se\b|säga\b|berätta\b)[a-zåäö]+ [^?]{4,140})\?")


def request(text: str) -> str | None:
    """What somebody is asked to do ("kan du skicka ut en mall?", "tar du fram en mall?" → "Tar fram en mall"), or None."""
    text = mended(text)
    match = _REQUEST.search(text) or _ASKED.search(text) or _WANTED.search(text) or _OF_SEVERAL.search(text)
    if not match:
        return None
    what = _present(match["what"]) if "what" in match.groupdict() else f"{match['verb']} {match['rest']}"
    what = re.sub(r",? [A-ZÅÄÖÉ][a-zåäöé]+$", "", what.strip())  # "…, Kristina?"
    what = re.sub(r"(?i),? som (?:vi|jag) [^,]*$", "", what)  # "en sammanställning som vi kan visa för ledningen"
    if nouns := _DEFINITE.findall(text[:match.start()]):
        what = re.sub(r"(?i)\b(?:den|dem|de|det)$", nouns[-1], what)
    return _task(what)


def assigned(text: str, first_name: str) -> str | None:
    """What the chair tells somebody to do, by name ("Dragan, du informerar cheferna", "Mehmet samlar in namnen"), or None."""
    text = mended(text)
    name, doing = re.escape(first_name), rf"(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{2,}}r"
    match = re.search(
        rf"\b{name}\b[^.?!]{{0,40}}?\b[Dd]u (?:då )?(?:får(?: gärna)? (?P<what>(?!veta|se|höra|ha|vara|en|ett)[a-zåäö]+ [^.?!]{{3,140}})|(?P<verb>{doing}) (?P<rest>[^.?!]{{3,140}}))|"
        rf"(?:^|[.!?,] ){name}(?: och [A-ZÅÄÖÉ][a-zåäöé]+)? (?:får (?P<let>[a-zåäö]+a [^.?!]{{3,140}})|(?P<does>{doing}) (?P<done>[^.?!]{{3,140}}))[.!]|"
        rf"(?:^|[.!?] )[Dd]å (?P<then>{doing}) {name} (?P<what_then>[^.?!]{{3,140}})[.!]", text)
    if not match:
        return None
    infinitive = match["what"] or match["let"]
    verb, rest = match["verb"] or match["does"] or match["then"], match["rest"] or match["done"] or match["what_then"]
    return _task(_present(infinitive) if infinitive else f"{verb} {rest}")


_CHARGED = re.compile(r"(?:\b[Ff]år (?P<who>[A-ZÅÄÖÉ][a-zåäöé-]+)|(?P<first>[A-ZÅÄÖÉ][a-zåäöé-]+) får|\b[Uu]ppdra(?:s åt|r (?:vi )?åt) (?P<given>[A-ZÅÄÖÉ][a-zåäöé-]+))(?: också| även| då)?(?: i uppdrag)? att (?P<what>[a-zåäö]+ [^.?!]{3,140})[.!]")


def charged(text: str) -> tuple[str, str] | None:
    """(first name, task) that somebody is formally charged with ("då får Kenneth i uppdrag att upphandla en utvärderare"), or None."""
    match = _CHARGED.search(mended(text))
    if not match:
        return None
    task = _task(_present(match["what"]))
    return (match["who"] or match["first"] or match["given"], task) if task else None


_WISHED = re.compile(  # "jag vill gärna se en ny prognos till nästa möte" – "den gör jag"
    r"(?i)\b(?:jag|vi) (?:vill|skulle vilja|behöver|önskar)(?: gärna| också)?(?: se| ha| få)? (?P<what>(?:en|ett|nya?|nytt) [^,.?!]{4,90})|"
    r"\b(?:kan|skulle) (?:vi|jag|man) (?:kunna )?få (?P<asked>(?!se\b|höra\b|veta\b)[^,.?!]{6,90})\?")
_DOES_IT = re.compile(
    r"(?i)\b(?:den|det|de|dem) (?:(?P<verb>(?!(?:kan|ska|har|är|vill|tycker|tror|vet|förstår|hör|ser|tar)\b)[a-zåäö]{2,}r) jag\b|(?:kan|ska) jag (?P<can>göra|ordna|fixa|skicka|mejla)\b)")


def wished(text: str, answer: str) -> str | None:
    """What somebody wishes for, with the verb of who does it ("jag vill se en ny prognos" – "den gör jag" → "Gör en ny prognos."), or None."""
    wish, does = _WISHED.search(mended(text)), _DOES_IT.search(mended(answer))
    return _task(f"{does['verb'] or _present(does['can'])} {wish['what'] or wish['asked']}") if wish and does else None


_LEFT_OVER = re.compile(r"(?i)\bjag skulle (?P<what>[a-zåäö]+a? (?:fram |in |ut |upp )?[^,.?!]{4,90}?),? (?:och|men) (?:det|den) (?:har|hann) jag (?:\w+ )?inte\b")


def left_over(text: str) -> str | None:
    """What the speaker was to do and has not done yet ("jag skulle ta fram en jämförelse, och det har jag inte hunnit"), or None."""
    match = _LEFT_OVER.search(mended(text))
    return _task(_present(match["what"])) if match else None


_ASKED_AFTER = re.compile(r"(?i)\bdu (?:skulle|hade (?:åtagit dig|lovat)(?: att)?) (?:ju |väl |också )?(?P<what>(?!kunna|vilja|behöva|kanske|ha\b)[a-zåäö]+a? [^.?!]{4,90})[.?]")
_NOT_YET = re.compile(r"(?i)\b(?:har jag|jag har|hann jag|jag hann)(?: \w+){0,2} (?:inte|ej)\b[^.]{0,30}\b(?:hunnit|gjort|fått|kommit|hann)?")
_WILL_YET = re.compile(r"(?i)\bdå (?:mejlar|skickar|återkommer) jag\b|\bjag (?:gör|tar|fixar|ordnar|skickar|återkommer|(?:får|tar) tillbaka) ?(?:det|den|med|till)\b|\b(?:det|den) (?:gör|tar|fixar|ordnar|skickar|kommer) (?:jag|till|i)\b")


def still_to_do(asked: str, answer: str) -> str | None:
    """What somebody is asked after and promises anew ("du skulle kolla om …?" – "det har jag inte hunnit, jag gör det till nästa gång"), or None."""
    match = _ASKED_AFTER.search(mended(asked))
    answered = mended(answer)
    return _task(_present(match["what"])) if match and _NOT_YET.search(answered) and _WILL_YET.search(answered) else None


_PLANNED = re.compile(
    r"(?i)\bjag (?:tänkte|tänker|skulle vilja|vill|har tänkt)(?: att)?(?: (?:vi|jag) (?:skulle|ska|borde|kan))? (?P<what>(?!(?:säga|ta|höra|se|veta|ha|fråga|berätta)\b)[a-zåäö]+a (?:fram |ihop |in |ut |upp )?(?:en|ett|nya?) [^,.?!]{4,90})")
_WHEN_READY = re.compile(r"(?i)^(?:(?:bra|toppen|fint|okej|ja|jo|och|men)\b[^.?!]*[.!,]? )*(?:(?:till )?när\b[^?]*|[^?]*\bklart? (?:till|när)\b[^?]*|hinner du [^?]*)\?$")
_A_DAY_ONLY = re.compile(r"(?i)^(?:(?:ja|jo|öh|eh|mm)[,. ]+)*(?:(?:till|senast|före|innan|säg) )*(?P<day>[^.?!,]{4,40})")


def planned(text: str) -> str | None:
    """What the speaker thinks of having done ("jag tänkte att vi skulle göra en lathund" → "Gör en lathund."), or None; a task once its day is told."""
    match = _PLANNED.search(mended(text))
    return _task(_present(match["what"])) if match else None


def day_asked(question: str, answer: str) -> str | None:
    """The day that somebody gives who is asked when something is ready ("när kan den vara färdig?" – "till midsommar, säg 18 juni"), or None."""
    asked = question.strip()
    if not (_WHEN_READY.match(asked) or _WHEN_READY.match(re.split(r"(?<=[.!?])\s+", asked)[-1])):
        return None
    answered = digits(answer)
    if due := due_of(answered):
        return due
    day = _A_DAY_ONLY.match(answered)
    return day["day"].strip() if day and is_deadline(day["day"]) else None


_WHO_DOES = re.compile(
    rf"(?i)\bvem (?:(?:är det|det är) som )?(?:(?:kan|ska|vill|hinner) (?P<what>[a-zåäö]+ [^?]{{3,80}})|(?P<verb>(?!(?:{_STATES}|{_TALKS})\b)[a-zåäö]{{3,}}r|håller|skriver(?= (?:en|ett) )) (?!det\b)(?P<rest>[^?]{{3,80}}))\?")


def who_does(text: str) -> str | None:
    """The task that somebody is looked for ("vem bokar lokal?" → "Bokar lokal."), or None."""
    match = _WHO_DOES.search(written_forms(without_fillers(digits(text))))
    return _task(_present(match["what"]) if match["what"] else f"{match['verb']} {match['rest']}") if match else None


_DEFINITE = re.compile(r"\b[a-zåäöé]{3,}(?:en|et|arna|erna|orna)\b")


PRONOUN = re.compile(r"(?i)han|hon|hen|honom|henne|den|det|de|dem|dom|detta|dessa|dig|er|här|där|upp|ihop|ut|in|fram|också|sedan|gärna|bara|igen|även")
_TIME = re.compile(
    r"(?i)\d{1,2} (?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)|\d{4}-\d\d|\bvecka|\bnästa|dag(?:en|ar)?\b|morgon|kväll|helgen?|månad|kvartal|"
    r"sommar|höst|vår\b|våren|vinter|jul|påsk|semester|årsskift|halvår|snarast|omgående|löpande|direkt|genast|\b(?:januari|februari|mars|april|maj|juni|"
    r"juli|augusti|september|oktober|november|december)\b|den \d|senast|före|innan|efter|inom|möte|år\b|\bkl\.|så snart|i god tid|när\b")


def is_deadline(text: str) -> bool:
    """Whether a text tells a time, or an event, by which something is to be done."""
    return _TIME.search(text) is not None and len(text.split()) <= 10


def _task(what: str) -> str | None:
    what = re.sub(r"(?i)\b(om|att|hur(?: många \w+)?|när|vad|var) vi\b", r"\1 man", PARTICLES.sub("", _DUE.sub("", what)))
    what = re.sub(r"\s{2,}", " ", re.sub(r",(?:\s*,)+", ",", re.sub(r"[,\s]+$", "", what))).strip(" ,")
    what = re.sub(r"(?i)(?<! gång)(?: (?:i|på|till|om|för|med|och|så|av|vid|en|ett))+$", "", what)
    content = [w for w in re.findall(r"\w+", what)[1:] if not PRONOUN.fullmatch(w)]
    if not any(len(w) > 3 for w in content):
        return None
    if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.search(r"(?i)^\w+ (?:det|den|dem)$", what):
        return None
    return sentence(what)
