"""What a meeting decides, in written words: said in so many words, settled by the chair, or proposed and then settled.

As in ``written``, no word of content is added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.clauses import FINITE
from pipeline.swedish.cues import agrees, proposes
from pipeline.swedish.numbers import MONTHS
from pipeline.swedish.register import FIRST_PERSON, STEM, sentence
from pipeline.swedish.sounds import as_heard
from pipeline.swedish.tasks import PRONOUN, bare, is_deadline, mended
from pipeline.swedish.written import OPENERS, TAIL

_WHO_DECIDES = r"(?:styrgruppen|nämnden|gruppen|mötet|rådet|beredningen|utskottet|vi)"
_DECIDED = (
    re.compile(r"(?i)\b(?:beslutar|bestämmer|enas om|är överens om|fastställer|säger|blir det)(?: (?!att\b)\w+){0,2} att (?P<what>.{8,})"),
    re.compile(r"(?i)\bdå är (?:det|vi) (?:därmed |nu |alltså )?(?:beslutat|bestämt|klubbat|överens om|eniga om) att (?P<what>.{8,})"),
    re.compile(r"(?i)\bdå är det (?:beslutat|bestämt|klubbat)[,:] (?P<what>(?!(?:från|till|i|under|på|och)\b)[^?]{8,})"),
    re.compile(rf"(?i)\bhar {_WHO_DECIDES} (?:därmed |alltså |då )?beslutat (?:(?:enligt|i enlighet med) (?:\w+ )?förslag\w*,? )?(?:att )?(?P<what>(?!enligt\b|i enlighet\b).{{8,}})"),
    re.compile(r"(?i)\b(?:bestämmer|beslutar) vi oss för (?P<what>(?!att\b).{6,})"),
    re.compile(r"(?i)\b(?:blir beslutet|beslutet blir|är beslutet|beslutet är)(?: då| alltså)? att (?P<what>.{8,})"),
    re.compile(r"(?i)\b(?:bestämmer|beslutar|säger|kör|tar) vi (?:det|så)\b[,:]? (?P<what>[^?]{8,})"),
    re.compile(r"(?i)^(?P<what>[^?]{8,}?), (?:(?:och )?det är (?:då )?(?:beslutat|bestämt|klubbat)|är vi överens|då är det (?:beslutat|bestämt))\b"),
)


_ALTERNATIVE = re.compile(r"(?i)^\W*(?:eller|antingen|om|ifall|kanske)\b")


def decision(said: str) -> str | None:
    """What a sentence says is decided ("då beslutar vi att köpa vagnen" → "Att köpa vagnen."), or None."""
    text = mended(said).strip(" .!")
    if proposes(text) or _ALTERNATIVE.match(text):
        return None
    for pattern in _DECIDED:
        if not (match := pattern.search(text)):
            continue
        what = bare(OPENERS.sub("", match["what"])).strip(" ,.")
        if by_us := re.match(r"(?i)^(?:vi|man) (?P<verb>[a-zåäö]{2,}r)(?P<rest> .+)", what):
            what = _resolved(by_us["verb"], by_us["rest"].strip())
        what = re.sub(r"(?i)^(?:vi|man) (?=\w)", "", what)
        if len(what.split()) < 2 or FIRST_PERSON.search(what) or re.match(r"(?i)^(?:det|den|så|det där)\b(?: \w+)?$", what):
            return None
        infinitive = re.match(r"(?i)^\w+a\b(?! är| har| ska| blir| får)", what) and not FINITE.match(what.split()[0])
        return sentence(f"Att {what[:1].lower()}{what[1:]}" if infinitive and pattern in _DECIDED[:2] else what)
    return None


_CHAIR_DOES = re.compile(  # what the chair's "då … vi" settles; the others move the meeting on
    r"(?i)^(?:(?:bra|okej|ja|fint|jo|nej|nä|tack|precis|men)[,.]? )*då (?P<verb>(?!(?:går|tar|hoppar|kommer|börjar|öppnar|avslutar|fortsätter|tackar|lämnar|rundar|"
    r"pausar|startar|stoppar|hälsar|lyssnar|ser|hör|vet|tror|får|kan|ska|har|är|blir|skriver|släpper|stryker|återkommer|säger|gör|bryter|stannar|backar|vänder|"
    r"kör|lägger|låter|noterar|konstaterar|träffas|ses|hörs|sätter)\b)[a-zåäö]{3,}r) vi(?P<rest> [^?]{6,})$")
_UNIT_DOES = re.compile(  # "då skickar Växjö sina prov till Halmstad"
    r"^(?:(?:Bra|Okej|Ja|Fint|Jo|Tack|Precis)[,.]? )*[Dd]å (?P<verb>(?!är|har|var|blir|får|kommer|kan|ska|tar|hör|börjar|vill)[a-zåäö]{3,}r) (?P<who>[A-ZÅÄÖÉ][\w-]+(?: och [A-ZÅÄÖÉ][\w-]+)?) (?P<rest>[^?]{6,})$")
_WELL = r"(?:(?:bra|okej|ja|fint|jo)[,.]? )*"  # what a chair says before it
_GROUP_DOES = re.compile(  # "då skriver gruppen en gemensam skrivelse"
    rf"(?i)^{_WELL}då (?P<verb>(?!är|har|var|beslutar|bifaller|noterar|tackar|går|tar)[a-zåäö]{{3,}}r) (?P<who>(?:arbets|styr|projekt|lednings)?gruppen|nämnden|rådet|styrelsen|klubben|kliniken) (?P<rest>[^?]{{6,}})$")
_CHAIR_RUNS = re.compile(rf"(?i)^{_WELL}då (?:kör|går) vi på (?P<what>[^?]{{6,}})$")
_BECOMES = re.compile(rf"(?i)^{_WELL}(?P<what>(?!då|det|så|vad|hur|när|var|nu|här|där)[^\W\d_][^,.?!]{{2,40}}) blir det(?: då)?$")
_APPOINTED = re.compile(r"^(?:(?:Bra|Okej|Ja|Fint)[,.]? )*[Dd]å (?:är|blir) (?P<who>[A-ZÅÄÖÉ][a-zåäöé]+) (?P<role>(?!med\b|borta\b|sjuk\b|klar\b|här\b)[a-zåäö]{6,})$")
_FINDS = re.compile(r"(?i)\b(?:uppfattar|finner|konstaterar) jag att (?:\w+ )?(?:förordar|beslutar|bifaller|godkänner|enas om)(?: att)? (?P<what>(?!så\b)[^?]{6,})$")
_OF_THE_MEETING = re.compile(r"(?i)\b(?:mötet|sammanträdet|inspelningen|ordet|varandra|rasten|på (?:dig|er)|vänta på (?-i:[A-ZÅÄÖÉ])[a-zåäöé]+)\b")
_INFINITIVES = {"tar": "ta", "ger": "ge", "ber": "be", "står": "stå", "får": "få", "ser": "se", "slår": "slå", "gör": "göra", "går": "gå"}


_JOINED = r"[a-zåäö]{3,}erar|utvärderar|tittar|provar|testar|väntar|börjar|skickar|köper|bokar|beställer|följer|ändrar|anmäler|avslutar|stänger|öppnar|flyttar|tar"


def _infinitive(verb: str) -> str:
    """"stänger" → "stänga", "utnyttjar" → "utnyttja", "kör" → "köra"."""
    low = verb.casefold()
    if short := next((v for v in _INFINITIVES if low.endswith(v) and len(v) > 3), None):  # "föreslår"
        return low.removesuffix(short) + _INFINITIVES[short]
    return _INFINITIVES.get(low) or (low[:-1] if low.endswith("ar") else f"{low[:-2]}a" if low.endswith("er") else f"{low}a")


def _resolved(verb: str, rest: str) -> str:
    """"stänger", "filialen" → "Att stänga filialen"; "byter", "inte fabrikat" → "Att inte byta fabrikat"."""
    rest = re.sub(r"(?i)(, (?:och|men) )(?:vi )?(?!är|har|var|blir|kan|ska|det|den)([a-zåäö]{3,}(?:ar|er|år))(?= \w)", lambda m: m[1] + _infinitive(m[2]), rest)
    rest = re.sub(rf"(?i)( och )(?:vi )?({_JOINED})(?= |$)", lambda m: m[1] + _infinitive(m[2]), rest)
    return f"Att {'inte ' if rest.startswith('inte ') else ''}{_infinitive(verb)} {rest.removeprefix('inte ')}"


def settled_by_chair(said: str, names: Sequence[str]) -> str | None:
    """What the chair settles in a sentence ("då stänger vi filialen vecka 29" → "Att stänga filialen vecka 29."), or None."""
    text = mended(said).strip(" .!")
    if match := _APPOINTED.match(text):
        who = next((n for n in names if n.split()[0] == match["who"]), None)
        return f"{who} är {match['role']}." if who else None
    unit = _UNIT_DOES.match(text)
    if unit and any(unit["who"].split()[0] == part for n in names for part in n.split()):
        unit = None
    if match := _CHAIR_DOES.match(text):
        matter = bare(match["rest"])
        what = _resolved(match["verb"], matter)
    elif match := unit or _GROUP_DOES.match(text):
        matter = bare(match["rest"])
        what = f"{match['who']} {match['verb']} {matter}"
    elif match := _CHAIR_RUNS.match(text) or _FINDS.search(text):
        what = matter = TAIL.sub("", match["what"]).strip(" ,")
    elif match := _BECOMES.match(text):
        what, matter = f"Det blir {match['what'][:1].lower()}{match['what'][1:]}", match["what"]
    else:
        return None
    named = any(len(w) > 4 or w[0].isdigit() for w in re.findall(r"[\w/-]+", matter) if not PRONOUN.fullmatch(w))
    return sentence(what) if named and not FIRST_PERSON.search(what) and not _OF_THE_MEETING.search(what) else None


_DECLINES = re.compile(r"(?i)^(?:(?:okej|ok|nej|nä|ja|bra|men)[,. ]+)*då (?P<verb>[a-zåäö]{3,}r) vi (?:det |den |dem )?inte$")


def declined(said: str, before: Sequence[str]) -> str | None:
    """What the chair says will not be done of what was raised ``before`` it ("då köper vi inte", after "köpa från Capio, ska vi det?" →
    "Att inte köpa från Capio."), or None."""
    match = _DECLINES.match(mended(said).strip(" .!"))
    if not match:
        return None
    verb = _infinitive(match["verb"])
    raised = next((m["what"] for text in reversed(before) if (m := re.search(rf"(?i)\b{verb} (?P<what>[^?.,!]{{4,60}})", mended(text)))), "")
    what = bare(raised)
    return sentence(f"Att inte {verb} {what}") if names_matter(what) and not FIRST_PERSON.search(what) else None


_SETTLES = re.compile(  # what a group that speaks of itself so settles, once somebody agrees
    r"(?i)^(?:(?:ja|jo|okej|ok|men|å|och|så|då|nej|nä)[,\s]+)*vi (?P<verb>inför|stänger|säljer|köper|stryker|slopar|byter|flyttar|provar|testar|behåller|avvaktar|väntar(?= med| in)|"
    r"skjuter(?= på| upp)|beställer|tar bort|använder|ändrar|höjer|sänker|utökar|begränsar|väljer|förlänger|bjuder in|anlitar|hyr|bordlägger|avslår|antar|"
    r"kör(?= [^,.]*\d)|lägger ner|anmäler|planerar för)(?P<rest> [^?]{4,})$")


def agreed(said: str, answer: str) -> str | None:
    """What a sentence settles for the group, when the answer of somebody else agrees ("vi inför dubbelsignering" – "japp"), or None."""
    text = mended(said).strip(" .!")
    match = _SETTLES.match(text)
    if not match or not agrees(answer) or proposes(text):
        return None
    verb, _, rest = f"{match['verb']}{match['rest']}".partition(" ")
    what = _resolved(verb, bare(rest))
    return sentence(what) if not FIRST_PERSON.search(what) else None


_THEN_IT_IS = re.compile(
    r"(?i)^(?:(?:bra|okej|ok|ja|fint|jo|nej|nä|tack|perfekt|toppen|precis)[,. ]+)*då (?!tar vi (?:det|den)\b)(?:blir|säger|kör|tar|bestämmer|är|bokar|lägger)(?: det| vi)(?: (?:då|det|på|in|till))* (?P<when>[^?]{3,60})$")


def settled_day(said: str) -> str | None:
    """The day or week, and nothing else, that a sentence settles ("Då blir det torsdag den 10" → "torsdag den 10"), or None."""
    match = _THEN_IT_IS.match(mended(said).strip(" .!"))
    when = bare(match["when"]) if match else ""
    return when if when and is_deadline(when) and not matter_words(when) and not FIRST_PERSON.search(when) else None


_NOTHING = frozenset(["något", "någon", "några", "saker", "saken", "annat", "samma", "avstår", "emot"])
_WHEN_ONLY = re.compile(
    rf"(?i)^att (?:inte )?\w+|\b(?:från och med|till och med|nästa|möte\w*|gång(?:en)?|vecka(?:n|orna)?|efter|före|innan|senast|under|sommaren|hösten|våren|vintern|årsskiftet|"
    rf"morgon|eftermiddag\w*|dag(?:ar)?|veckor|månad(?:er)?|timm(?:e|ar)|minut(?:er)?|(?:mån|tis|ons|(?:skär)?tors|(?:lång)?fre|lör|sön|annan|jul|vår|höst)dag(?:en|ar|s)?|{'|'.join(MONTHS)})\b|\d[\d.,]*")


def names_matter(decided: str) -> bool:
    """Whether a decision says what is decided, and not only when ("Den 30 januari") or of a pronoun ("Att flytta den till nästa möte")."""
    return bool(matter_words(decided))


def matter_words(decided: str) -> set[str]:
    """The beginnings of the words that say what a decision is about: not when, and no pronouns."""
    words = re.findall(r"[^\W\d_]+", _WHEN_ONLY.sub(" ", decided))
    return {w.casefold()[:STEM] for w in words if len(w) > 4 and not PRONOUN.fullmatch(w) and w.casefold() not in _NOTHING}


_ASIDE = r"(?: (?:då|nog|väl|ju|inte|gärna|bara|helt enkelt|också|alltså|faktiskt|kanske))*"
_PUT_FORWARD = tuple(re.compile(rf"(?i)\b{said}") for said in (
    r"(?:kan|ska|borde|skulle|kunde) (?:vi|man)(?: inte)? (?:säga|bestämma|besluta|komma överens om) att (?P<what>.+)",
    r"(?:kan|ska|borde|skulle|kunde) (?:vi|man)(?: inte)? säga (?P<what>(?!så\b|det\b|något|att\b)[^?]{4,})",
    r"(?:^|jag )(?:alltså|det vill säga|då) att (?P<what>.+)",
    rf"(?:föreslår|förordar|yrkar)(?: jag| vi)?{_ASIDE} att (?P<what>.+)",
    rf"(?:mitt|vårt|ett) förslag (?:är|vore){_ASIDE}(?: att)? (?P<what>.+)",
    rf"(?:förslaget|tanken) är{_ASIDE} att (?P<what>.+)",
    r"(?:har|fått|lägger) ett förslag(?: om)? att (?P<what>.+)",
    rf"jag (?:tycker|vill|tänker|tänkte|skulle vilja){_ASIDE}(?: att)? (?P<what>(?:vi|man|alla) .+)",
    rf"jag lutar åt{_ASIDE}(?: att)? (?P<what>.+)",
    rf"(?:ska|kan|borde|bör|skulle|kunde) (?:vi|man){_ASIDE}(?: kunna)? (?P<what>[a-zåäö]+ .+)",
    rf"(?:vi|man) (?:kan|skulle kunna|borde|bör|kunde){_ASIDE} (?P<what>[a-zåäö]+ .+)",
    r"vad sägs om(?: att)? (?P<what>.+)",
))
_SHORT_INFINITIVES = frozenset(["be", "bli", "dra", "få", "ge", "gå", "ha", "se", "slå", "stå", "ta"])
_NO_PROPOSAL = re.compile(r"(?i)^(?:säga|prata|ta (?:det|den|upp|en|nästa)|se|höra|göra (?:det|så|nåt|något)|gå (?:vidare|över|till)|börja|återkomma|komma|få|ha|vänta|kolla|titta|fundera|hoppa|lämna|ställa)\b")
LONGEST_DECISION = 30


def put_forward(said: str) -> str | None:
    """What a sentence proposes, in written words ("jag föreslår att vi kör ett pilotprojekt i höst" → "Att köra ett pilotprojekt i höst."),
    or None."""
    text = mended(said).strip(" .!?")
    match = next((m for pattern in _PUT_FORWARD if (m := pattern.search(text))), None)
    if not match or _NO_PROPOSAL.match(match["what"]):
        return None
    return resolution(match["what"])


def resolution(what: str) -> str | None:
    """A clause, an infinitive or bare words as what a meeting decides, or None where they name no matter."""
    what = bare(_SO_BE_IT.sub("", OPENERS.sub("", mended(what).strip(" .!?")))).strip(" ,.")
    if _OF_THE_AGENDA.search(what):
        return None
    first = what.split()[0].casefold() if what else ""
    if match := re.match(r"(?i)^(?:(?:vi|man) (?P<verb>[a-zåäö]{2,}r)|(?P<first>[a-zåäö]{2,}r) vi)(?: då| alltså)?(?P<rest> .+)", what):
        what = _resolved(match["verb"] or match["first"], match["rest"].strip())
    elif first in _SHORT_INFINITIVES or (re.fullmatch(r"[a-zåäö]{2,}a", first) and not FINITE.fullmatch(first) and len(what.split()) > 1 and _INFINITIVE.search(first)):
        what = f"Att {what[:1].lower()}{what[1:]}"
    if FIRST_PERSON.search(what) or not names_matter(what) or not 2 <= len(what.split()) <= LONGEST_DECISION:
        return None
    return sentence(what)


_PRONOUN_OBJECT = re.compile(r"(?i)^(?P<att>Att (?:inte )?(?P<verb>[a-zåäö]+)(?: (?:in|ut|upp|fram|till|av|ner))?) (?:den|det|dem)(?= |\.|,)(?! (?:här|där|nya|gamla|\w+(?:en|et|na)\b))")


_NO_OBJECT = r"(?:också|sedan|efter|direkt|redan|kanske|först|under|inför|därför|bättre|något|någon|några|honom|henne|dessa|denna|detta|alltid|aldrig)\b"


def with_object(decided: str, before: Sequence[str]) -> str:
    """A decision with what its pronoun stands for, where the same was spoken of with the same verb before: "Att tillsätta den på halvtid." after
    "ska vi tillsätta tjänsten?" → "Att tillsätta tjänsten på halvtid."."""
    match = _PRONOUN_OBJECT.match(decided)
    if not match:
        return decided
    named = re.compile(rf"(?i)\b{re.escape(match['verb'].removesuffix('a'))}(?:a|ar|er|r|as|s)?\b (?:(?:den|det|de) (?:där|här|nya) |en |ett )?(?P<what>(?!{_NO_OBJECT})[a-zåäöé/-]{{5,}})\b")
    what = next((m["what"] for text in reversed(before) for m in reversed(list(named.finditer(mended(text))))), None)
    return f"{match['att']} {what}{decided[match.end():]}" if what else decided


_SO_BE_IT = re.compile(r"(?i)^(?:säger|gör|bestämmer|beslutar|kör) vi (?:så|det)\b[,:]? ?(?:att )?")
_OF_THE_AGENDA = re.compile(r"(?i)^frågan är\b|\b(?:punkt\w*|dagordning\w*|(?:et|två|tre|fyr|femm|sex|sju|ått|ni|ti)an|mötet)\b")
_INFINITIVE = re.compile(r"^(?!\w{3,}(?:er|ar|or)na$)(?!(?:samma|hela|alla|båda|egna|andra|första|olika|många|några|bra|extra|stora|nya|gamla|kommande|sista|denna|dessa)$).*(?:era|(?<!in)na|[dfgjklmprtvxy]a)$")
_ASKS_AGREEMENT = re.compile(as_heard(
    r"(?i)^(?:(?:ja|bra|okej|men|så|då)\W+)*(?:(?:är|känns|låter) (?:det|alla|vi|ni|du|nån|någon)\b[^.?]{0,40}\b(?:okej|ok|bra|rimligt|överens|med på|eniga|med|emot)\b[^.?]*|ska vi (?:säga|göra|köra)(?: på)? (?:så|det)\b[^.?]*|"
    r"(?:kan|kunde) (?:vi|alla|ni) (?:ställa oss bakom|enas|leva med|köpa|acceptera|godkänna|säga)[^.?]*|fungerar det[^.?]*|funkar det[^.?]*|går det bra[^.?]*|"
    r"(?:n[åa]n|n[åa]gon|n[åa]gra) (?:som (?:är )?)?(?:emot|invänd\w*|inte (?:kan leva med|håller med|ställer))[^.?]*|vad säger ni[^.?]*|håller ni med[^.?]*|alla med på det[^.?]*|överens)\?"))
_SETTLES_IT = re.compile(as_heard(
    r"(?i)\b(?:då|så|det) (?:beslutar|bestämmer|säger|gör|kör) vi(?: (?:det|så|på det))?(?= *(?:$|[,.!]| då\b| och\b))|\bvi (?:beslutar|bestämmer|säger|gör|kör) (?:så|det)\b(?! att\b)|"
    r"\b(?:det|då|så) är (?:det |då |vi )?(?:bestämt|beslutat|klubbat|taget|bifallet|antaget|godkänt|överens|vårt beslut)\b(?! att\b)|\bdet är vi (?:alla )?(?:överens|eniga) om\b|\bkör på det\b|\bså får det bli\b|\bdå blir det så\b|"
    rf"\b(?:beslutar|bifaller) {_WHO_DECIDES} (?:(?:i enlighet med|enligt) )?(?:[^\W\d_]+ )?(?:förslaget|förslag|yrkandet|yrkande)\b|"
    r"^(?:(?:ja|jo|absolut|okej|bra|visst)[,. ]+)*gör (?:det|så)(?: du)?(?=[.!]?$)|\bdet (?:är|blir) (?:beviljat|okej för mig)\b|"
    r"\bdå (?:inför|provar|testar|startar|genomför|köper|beställer) vi (?:det|den|dem)(?= *(?:$|[,.!]| från\b| i\b| under\b| på\b| till\b))"))
_TAKES_BACK = re.compile(r"(?i)\b(?:inte|ej)\b|\?\s*$")


_ASKS_TO_AGREE = re.compile(r"(?i)^(?:(?:ja|jo|bra|okej|men|så|då)\W+)*(?:kan|ska|kunde|skulle) vi (?:komma överens om|enas om|bestämma|besluta) att [^?]+\?")


def asks_agreement(said: str) -> bool:
    """Whether a sentence asks the others to agree to what was just said, or says: "är alla överens?", "kan vi komma överens om att …?"."""
    return _ASKS_AGREEMENT.search(said) is not None or _ASKS_TO_AGREE.search(said) is not None


def settles_it(said: str) -> bool:
    """Whether a sentence settles what was put forward before it, without saying what: "då gör vi det", "då är det bestämt"."""
    return _SETTLES_IT.search(said) is not None and not _TAKES_BACK.search(said)
