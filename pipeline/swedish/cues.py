"""Cue phrases of Swedish meetings: how the chair moves on, how people decide, promise and introduce
themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.sounds import as_heard

_TRANSITION = re.compile(as_heard(
    r"(?i)\b(?:(?<!och )då (?:går|tar|hoppar|lämnar|kommer|har|öppnar|sätter|avslutar|börjar|kör|fortsätter) vi|då börjar jag med|"
    r"om (?:vi|jag) (?:börjar|tar|inleder)|(?:vi|jag) (?:kan )?börjar? med|det (?:första|andra|tredje|fjärde|sista) är|"
    r"då är vi (?:\w+ )?(?:på|framme|inne|vid|i|klara|igång|tillbaka|över)\b|"
    r"nästa (?:punkt|ärende|fråga)|(?:vi|och|då|sen) (?:går|tar|hoppar|kommer|backar) (?:vi )?(?:in på|över till|vidare|till)|"
    r"vi (?:går|tar|hoppar|backar) (?:vidare|över|till|tillbaka|punkt)|punkt (?:\w+)[,.]?|paragraf \w+|"
    r"övriga frågor|laget runt|varvet runt|framme vid|öppnar (?:jag|vi) mötet|(?:jag|vi) öppnar mötet|"
    r"förklarar (?:jag )?mötet|mötet (?:är )?(?:avslutat|öppnat)|nästa möte)\b"))


NEXT_MEETING_TITLE = re.compile(  # of an item on when the group meets again, whatever it calls its meetings
    r"(?i)^nästa (?!steg|etapp|fas|år|termin|budget|period)\w+$|nästa (?:möte|sammanträde|gång)|mötestid|kommande möten")


def is_transition(text: str) -> bool:
    """Whether an utterance moves the meeting on to another item."""
    return _TRANSITION.search(text) is not None


_DECISION = re.compile(as_heard(
    r"(?i)\b(?:då (?:beslutar|bestämmer|säger|gör|kör|landar|godkänner|fastställer|lägger|skriver|blir|är|har|tar) vi|"
    r"(?:ska|kan) vi (?:säga|bestämma|besluta|enas)|är vi (?:överens|eniga|ense)|vi är (?:alla )?(?:överens|eniga|ense)|"
    r"det är (?:då )?(?:bestämt|beslutat|klubbat|taget)|(?:är|då är) det (?:bestämt|beslutat)|vi (?:beslutar|bestämmer|enas|"
    r"godkänner|fastställer|utser|väljer|antar|avslår|bordlägger|skjuter)|kör på det|det blir så|då blir det|"
    r"ställer sig bakom|enighet råder|till handlingarna|bifall|klubba\w*|tas? som (?:ett )?beslut|är beslutet|"
    r"beslut(?:et|at)?\b|någon (?:som är )?emot|nån (?:som är )?emot|ligger fast|säger vi (?:så|det)|gör vi (?:så|det)|"
    r"röst(?:a|ar|er|ade|ning))\b"))
_NO_DECISION = re.compile(as_heard(
    r"(?i)\b(?:inte (?:bestämt|beslutat|spikat|klart)|inget beslut|får (?:vi )?(?:fundera|återkomma|ta ställning)|"
    r"tar med oss frågan|hade (?:ju )?beslutat|är inte beslutat|beslutas (?:av|i)|ska beslut)\b"))


def sounds_decided(text: str) -> bool:
    """Whether talk carries the words with which groups decide, and none that take them back."""
    return _DECISION.search(text) is not None and _NO_DECISION.search(text) is None


_POSTPONED = re.compile(as_heard(
    r"(?i)\b(?:bordlägg\w*|skjut(?:er|a|s|it)? (?:vi )?(?:\w+ ){0,3}(?:upp|till nästa|till \w{3,}mötet)|tar (?:vi )?(?:den|det|punkten|ärendet|frågan) "
    r"(?:till |på )?nästa (?:möte|gång)|flytta[rs]? (?:vi )?(?:\w+ ){0,3}till nästa|får vänta till nästa|(?:då väntar vi|vi väntar) med (?:den|det|punkten|frågan) till|hinner vi inte)\b"))


def sounds_postponed(text: str) -> bool:
    return _POSTPONED.search(text) is not None


_PROMISE = re.compile(as_heard(
    r"(?i)\b(?:jag (?:tar|kan ta|kollar|återkommer|mejlar|skickar|bokar|fixar|ordnar|pratar|stämmer av|skriver|ringer|"
    r"ser till|kan göra|ska|hör av|lägger|sätter|gör)|(?:det )?(?:kan|ska|gör|fixar|tar|ordnar) jag|tar på mig|ligger på mig|"
    r"jag har bollen|kan du|skulle du kunna|tar du|får i uppdrag|ansvara\w*|får .{2,30} (?:skicka|ta fram|återkomma))\b"))


def sounds_promised(text: str) -> bool:
    """Whether talk holds a request or a promise to do something."""
    return _PROMISE.search(text) is not None


_ACCEPTANCE = re.compile(as_heard(
    r"(?i)^\W*(?:ja+|japp|jajamän|jo|absolut|självklart|visst|javisst|okej|ok|mm+|det (?:kan|ska|gör|fixar|tar) jag|jag (?:kan|tar|gör|"
    r"fixar|ordnar|ska)|gärna|inga problem|det löser jag|ja,)\b"))
_REFUSAL = re.compile(as_heard(r"(?i)\b(?:(?:hinner|kan|vill|orkar)(?: (?:jag|nog|tyvärr|ju|väl|helt enkelt|faktiskt))* inte|nej tack|inte jag|får nån annan|ingen möjlighet|går inte)\b"))


def refuses(text: str) -> bool:
    """Whether somebody says that he or she will not do something: "jag hinner inte", "nej tack"."""
    return _REFUSAL.search(text) is not None


_OWN_DOING = re.compile(
    r"(?i)\bjag (?:\w+ ){0,2}?(?!är|var|tycker|tror|vet|har|hör|ser|får|mår|bor|minns|undrar|förstår|menar|håller|hoppas|gissar|känner|heter|sitter|jobbar|kommer)"
    r"[a-zåäö]{2,}r\b|\bjag (?:kan|ska) (?!inte|ju inte|inget|bara säga|säga|förstå|tänka)[a-zåäö]{2,}\b|\bvi ses\b|\bni (?:får|vet) (?:det|svar)?\b")


_CLAUSE = re.compile(r"(?<=[.!?])\s+|,? \bmen\b ")


def takes_on(text: str) -> bool:
    """Whether somebody says in any words that he or she will do something: "ja, i morgon", "jag kör dit", never a refusal."""
    return accepts(text) or any(_OWN_DOING.search(clause) and not refuses(clause) for clause in _CLAUSE.split(text))


_AGREEING = re.compile(as_heard(
    r"(?i)\b(?:så gör vi|vi gör så|så får det bli|så säger vi|(?:är )?(?:ni|du|alla|alla är) med på (?:det|den)|är alla med\b|okej med alla|är det okej|ja,? kör\b|"
    r"(?:då|vi) skjuter (?:vi )?på|vi kör [^.?]{3,80}, (?:okej|ok)\b|(?:det|den) tar vi (?:i|på|till|när|efter)\b|vi tar (?:det|den) (?:i|på|till|efter) \w+|"
    r"kör på|(?:ja|jo|okej|ok|japp|bra)\b(?:,? men)?,? (?:då )?(?:kör|gör det|gör så)\b|(?:^|[.!?,] )gör (?:det|så)(?: då)?\b|bestämt\b|spikat\b|"
    r"(?:vi|då) (?:provar|testar|inför|köper|säljer|byter|avvaktar|behåller|slopar|stryker|håller oss till|kör det|tar bort|börjar med|går på|ber om|begär)\b|då (?:är|blir|tar|kör|flyttar|bokar|lägger|köper|säljer|ansöker|bestämmer|skriver|sätter|stänger|öppnar|inför|börjar|planerar) "
    r"(?:det|vi|ni|den)\b|\w+ blir bra\b|det går (?:bra|vi) (?:på|med)|då spikar vi|det spikar vi|låter det stå|ger mig\b|två mot en|"
    r"(?:en|två|tre|fyra|\d+) (?:för|emot)\b|det är klart)"))


def sounds_agreed(talk: Sequence[str]) -> bool:
    """Whether people settle something in words weaker than those of a decision: "då är det vecka 46", "är du med på det? ja"."""
    settled = [i for i, t in enumerate(talk) if _AGREEING.search(t)]
    return bool(settled) and not any(_NO_DECISION.search(t) for t in talk[settled[-1]:])


def sounds_settled(talk: Sequence[str]) -> bool:
    """Whether a decision is taken in the talk: in so many words, by putting the matter off, or by agreeing."""
    return any(sounds_decided(t) or sounds_postponed(t) for t in talk) or sounds_agreed(talk)


_AGREES = re.compile(as_heard(
    r"(?i)^\W*(?:(?:mm+|ja+|jo|japp|jajamän|okej|ok|bra|visst|absolut|precis|perfekt|gärna|toppen|härligt|det (?:är|var|låter|går|blir|funkar|känns)|så (?:gör|säger) vi|låter|"
    r"(?:jag|vi) (?:är med|håller med)|då (?:gör|kör|säger) vi)\b)(?!.*\b(?:men|inte|nej|fast)\b)"))


def agrees(answer: str) -> bool:
    """Whether an answer is a yes to what was just said, and nothing against it."""
    return _AGREES.search(answer) is not None


_PROPOSES = re.compile(as_heard(
    r"(?i)\b(?:föreslår|(?:mitt|vårt|ett) förslag|skulle (?:vi|man) (?:inte )?kunna|(?:vi|man) (?:skulle kunna|kunde|borde)|(?:kan|ska|borde|kunde) (?:vi|man) inte|"
    r"tänkte (?:att|vi|man)|tycker (?:att )?(?:vi|man|alla)|vad sägs om|om (?:vi|man) (?:skulle|tog)|varför inte|vill att vi)\b"))
_SAYS_NO = re.compile(as_heard(r"(?i)^\W*(?:(?:ja|okej|men|hm+|oj|alltså)\W+)*(?:nej|nä|nja|näe|nix)\b"))
_TURNED_DOWN = re.compile(as_heard(
    r"(?i)\b(?:då gör vi (?:det )?inte|det gör vi inte|släpper vi det|stryker vi det|(?:det|så) går inte|vill (?:jag|vi) inte|vill inte jag|håller inte med|"
    r"emot (?:riktlinje\w*|reglerna|lagen|avtalet)|det blir (?:ing[ae]n?|inget|inte)\b|tycker (?:jag|vi) inte|(?:jag|vi) tycker (?:nog |ju |faktiskt )?inte (?:att )?(?:vi|man|det)\b|(?:det )?drar jag tillbaka|jag ger mig|glöm det|jag backar|faller (?:det )?på (?:det|priset|pengarna|kostnaden)|då får det vara|(?:det|så) får vara\b)\b"))


def proposes(text: str) -> bool:
    """Whether somebody puts something forward that is not so yet."""
    return _PROPOSES.search(text) is not None


def says_no(text: str) -> bool:
    """Whether an answer begins with a no."""
    return _SAYS_NO.search(text) is not None


_CONTRADICTS = re.compile(as_heard(
    r"(?i)^\W*(?:(?:nej|nä|men|ja|nja)\W+)*(?:det (?:vet (?:vi|man|jag) inte|stämmer (?:ju |väl )?inte|är (?:ju )?(?:fel|inte sant|bara (?:rykten|skvaller|prat))|har jag inte hört|tror jag inte på)|"
    r"så är det inte|inte alls)\b"))


def contradicts(text: str) -> bool:
    """Whether an answer denies what was just claimed, or says that nobody knows it."""
    return _CONTRADICTS.search(text) is not None


def without_no(text: str) -> str:
    """An answer without the no that it begins with ("nej, då säger vi femton" → ", då säger vi femton")."""
    return _SAYS_NO.sub("", text)


def turns_down(text: str) -> bool:
    """Whether an answer turns a proposal down in so many words, or who made it gives it up."""
    return _TURNED_DOWN.search(text) is not None


def accepts(text: str) -> bool:
    """Whether an answer takes a request on."""
    return _ACCEPTANCE.search(text) is not None and not refuses(text)


_OFF_RECORD = re.compile(as_heard(
    r"(?i)\b(?:utom protokollet|off the record|stannar mellan oss|(?:ska|behöver|får) (?:det )?(?:där )?(?:vi |du |ni )?inte (?:stå )?(?:med|skriva)|"
    r"du skriver inte (?:in|ner|upp|det|den)\b|"
    r"skriver vi inte|inte med i (?:anteckningarna|protokollet|minnesanteckningarna)|stryk det|klippa? bort|"
    r"inte (?:är )?offentligt(?: än)?|får ni inte föra vidare|stäng av inspelningen|behöver vi (?:ju )?inte skriva|"
    r"inget (?:ni|vi|du) behöver skriva|ta(?:r)? inte namn|behöver (?:vi|du|ni) inte (?:ha|ta) med|hör inte hit|skriv inte ut|"
    r"ska inte med i|det tar vi inte med|låt(?:er)? vi (?:det )?stå utanför|(?:det|den) får inte stå (?:nå(?:gon|n)stans|med|där|i)|"
    r"stopp,? stopp|(?:nej|nä)\b(?:,? \w+)?,? stopp\b|(?:vi|då) stoppar (?:vi )?där|(?:det|den|dom|de|honom|henne) tar vi inte här|"
    r"inga (?:enskilda|namn|personalfrågor|personärenden)|(?:tar|pratar|nämner)(?: vi)?(?: upp)? (?:inte|inga) (?:upp )?(?:om )?(?:enskilda |våra )?"
    r"(?:patienter|elever|brukare|boende|hyresgäster|klienter|personalfrågor|personer)\b|inte prata om (?:enskilda |våra )?(?:patienter|elever|brukare|boende|personer)|"
    r"inget (?:för|i) protokollet|ska inte (?:in|stå) i (?:protokollet|anteckningarna)|hör inte hemma i protokollet|(?:är|är ju|råder|omfattas av)(?: \w+)? (?:anbuds)?sekretess)\b"))


def is_off_record(text: str) -> bool:
    """Whether somebody asks that what was just said is kept out of the minutes."""
    return _OFF_RECORD.search(text) is not None


_HEARSAY = re.compile(as_heard(
    r"(?i)\b(?:(?:hörde|hört) (?:jag )?(?:av (?!sig)|från |nå[nt]|någon|ett rykte|att (?:dom|de) (?:ska|tänker|håller)|via)|ryktas|ryktet?|rykten|det sägs|"
    r"(?:stod|läste|såg)(?: \w+){0,3} (?:i (?:tidningen|bladet|corren)|på (?:nätet|facebook|nyheterna))|(?:snack\w*|prat\w*|sägs|rykt\w*|hör\w*|hört|säger|sa)\b[^.?!]{0,40} i (?:fikarummet|korridoren)|i (?:fikarummet|korridoren)[^.?!]{0,20} (?:sägs|pratas|snackas|hör|går|sa|säger)\b|"
    r"(?:sa|sade|säger|påstod|påstår) (?:en|nån|någon)(?: av)? (?!oss|er)[a-zåäö]+(?:na|n)?|(?:en|nån|någon) av [a-zåäö]+(?:na|n) (?:sa|sade|säger|påstod|påstår)|"
    r"(?:chauffören|grannen|kompis\w*|svärmor|frun|mannen|brorsan|syrran) (?:sa|sade|säger|påstår|påstod)|enligt ryktet|pratas om att)\b"))


def is_hearsay(text: str) -> bool:
    """Whether somebody tells what others are said to have said, which is no information of the meeting's."""
    return _HEARSAY.search(text) is not None


_NAME_WORD = r"[A-ZÅÄÖÉ][\wåäöéü-]+"
_INTRO = re.compile(
    rf"(?:\b(?:[Dd]et är|[Hh]är är|[Hh]är sitter|heter|[Jj]ag är)(?: väl| ju)?(?: jag)?,? (?P<a>{_NAME_WORD}(?: {_NAME_WORD}){{0,2}})"
    rf"|\b(?P<b>{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}) (?:här|är här|är med)\b"
    rf"|^(?:[Oo]ch |[Ss]amt |[Pp]lus |[Ss]å )?(?P<c>{_NAME_WORD} {_NAME_WORD})(?=[,.]|$))")


def self_introductions(text: str, known: Sequence[str]) -> list[str]:
    """Names with which a speaker introduces him- or herself; questions about others are none.

    A first name alone counts only when it is one of ``known``.
    """
    firsts = {n.split()[0].casefold() for n in known}
    lasts = {n.casefold() for n in known}
    found: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if sentence.rstrip().endswith("?") and not re.search(r"(?i)\bdet är\b", sentence):
            continue
        for match in _INTRO.finditer(sentence):
            name = match["a"] or match["b"] or match["c"]
            if name.casefold() in lasts or (len(name.split()) == 1 and name.casefold() in firsts) or (
                    len(name.split()) >= 2 and name.split()[0].casefold() in firsts):
                found.append(name)
    return found
