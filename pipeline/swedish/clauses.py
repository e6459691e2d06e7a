"""Clauses of spoken Swedish: where their finite verb is, and the order of words that writing gives them."""

from __future__ import annotations

import re

from pipeline.swedish.numbers import MONTHS

FINITE = re.compile(
    r"(?i)\b(?:är|var|har|hade|blir|blev|ska|skall|skulle|kan|kunde|måste|får|fick|vill|ville|bör|borde|går|gick|står|stod|ligger|låg|"
    r"kommer|kom|tar|tog|ger|gav|gör|gjorde|finns|fanns|ser|såg|säger|sade|behöver|saknas|heter|vet|beror|håller|rör|kör|hör|"
    r"sägs|görs|läggs|ställs|körs|byggs|höjs|sänks|stängs|köps|används|behövs|krävs|skjuts|sätts|hålls|följs|säljs|väljs|drivs|skrivs|byts|släpps|tas|ges|"
    r"körde|ställde|byggde|köpte|behövde|följde|gällde|använde|sökte|drog|föll|steg|sjönk|skrev|"
    r"(?!(?:under|över|efter|eller|heller|utöver|därefter|dessutom|fler|\w*svar|\w*(?:septem|okto|novem|decem)ber|\w+dagar|timmar)\b)\w{2,}(?:ades|ade|ar|ras|as|er|tes|dde))\b")


COUNTED = re.compile(  # "28 patienter, på 4 dagar": plurals that end as verbs do
    r"(?i)\b\d+(?:[ ,.–]\d+)* (?:dag|veck|månad|timm|minut|nätt|kväll|sekund|patient|person|fraktion|kron|grad|gång|plats|elev|deltag|medarbet|bil|maskin|"
    r"tjänst|vikari|undersökning|ärend|möt|enhet|server|dator|miljon|miljard|student|kilomet|met|lit|lärar|läkar|mottagning|larm|ansökning)\w*")


_WRITTEN_VERB = re.compile(
    r"(?i)\b(?:[a-zåäö]{2,}(?:s|te|de|r|tt)|\w*(?:lade|gav|tog|drog|föll|skrev|skred|slog|stod|såg|låg|blev|gick|kom|hann|vann|fann|steg|sjönk|bröt|höll)|"
    r"sov|dog|bad|lät|vet|sa)\b")


_FIGURES_OF = re.compile(r"[^:.?!\d]{3,60}: (?:\w+ )?\d")
_MONTH = re.compile(rf"(?i)\b(?:{'|'.join(MONTHS)})\b")  # "november" ends as verbs do


def has_verb(written: str) -> bool:
    """Whether a written sentence can have a finite verb: one of the common ones, or a word that ends as they do and is no plural counted; or
    needs none, as figures under their matter do.

    >>> has_verb("Upp till 40 sekunder."), has_verb("Frågan skjuts upp."), has_verb("Svarsfrekvens: 38 %.")
    (False, True, True)
    """
    if _FIGURES_OF.match(written):
        return True
    text = _MONTH.sub(" ", COUNTED.sub(" ", written))
    return FINITE.search(text) is not None or _WRITTEN_VERB.search(text) is not None


_SET_BEFORE = re.compile(r"^(?P<matter>(?!(?i:hur|så|precis|lika|om|när|eftersom|av|på|i|till|från|med|för|vid|hos|under|efter|enligt)\b)[^,]{3,60}),(?: [^,\d]{2,40},| (?!(?:och|men|eller|för|så|fast)\b)\w+)? (?:den|det|de) (?P<verb>(?!(?:fattas|fattades|saknas|saknades|finns|fanns|behövs|krävs)\b)\w+)\b(?! (?:jag|ni)\b)")
_RESUMED_AT_ONCE = re.compile(  # "backupen på servrarna den har inte gått"
    r"^(?P<matter>[A-ZÅÄÖÉa-zåäöé/-]{4,}(?:en|et|an|na)(?: (?:på|i|av|för|till|med|hos) [\w/-]+)?) (?:den|det|de) (?P<verb>\w+)\b(?! (?:jag|vi|ni|man)\b)")
_RESUMED = re.compile(  # "har återbesöken på akuten, de som …, de har gått ner"
    r"(?i)^(?P<verb>har|är|var|ska|kan|hade|blev|fick) (?P<subject>[^,]{3,60}),(?: [^,]*,)*? (?:den|det|de) (?P=verb) (?P<rest>.+)$")
_THERE = re.compile(  # "adenomen, där ligger Kalmar på 38 %"
    r"^(?P<matter>(?!(?i:hur|så|precis|om|när|eftersom|här|det|den|de)\b)[^,]{4,40}), där (?P<verb>\w+) (?P<who>(?:\w+ ){0,2}?[\w/-]+?) (?P<rest>(?!på \w+ sida)\S.+)$")
_WHO = r"(?:man|det|den|de|någon)"
_THEN = rf"(?:ska|får|måste|kan|bör|behöver|blir) {_WHO}\b"
_CONDITION = re.compile(  # "är man borta mer än 2 dagar ska man ha en ersättare"
    rf"(?i)^(?P<verb>är|har|blir|får|vill|går|kommer|behöver|saknas) (?P<who>{_WHO}) (?P<rest>[^?]{{3,80}}?,? (?:så )?{_THEN}.*)$")
CONDITIONAL = re.compile(rf"(?i)^om (?:{_WHO} .+ {_THEN}|[^,]{{3,60}}? så \w+ (?:\w+ ){{1,2}}\w+)")
_MODAL_FIRST = re.compile(  # "ska alla svar signeras inom 3 dagar"
    r"^(?i:(?P<verb>ska|kan|får|måste|bör|borde|skulle)) (?P<subject>(?!(?:jag|vi|ni|du|man|det|den|de|inte|också)\b)(?:(?:den|det|de|dessa|alla) \w+ )?(?:[\w/-]+ ){1,3}?)"
    r"(?P<infinitive>(?!nya\b|gamla\b|sina\b|andra\b|egna\b|sista\b|första\b|hela\b|flera\b|alla\b|båda\b)\w+(?:as|a|å|e|s)) (?=\S)")
_VERB_FIRST = re.compile(r"^(?P<verb>\w+) (?P<who>det|den|de|man)\b")


VERB_FIRST_WORDS = re.compile(r"[a-zåäö]{2,}(?:ade|ades|dde)|(?i:är|var|har|hade|blir|blev|ska|skall|skulle|kan|kunde|måste|får|fick|vill|bör|borde|finns|gäller|kommer|ligger|går|står|gör|tar|ger|säger|behöver|sa|sade|gick|kom|tog|låg|stod|gav|såg|föll|rör|kör)")
_VERB_THEN_SUBJECT = re.compile(r"^(?P<verb>\w+) (?P<subject>(?:[a-zåäöé/-]{2,}(?:en|et|an|arna|erna|orna|na|n|t)|(?-i:[A-ZÅÄÖÉ])[\w/-]+)) (?!(?:är|var|har)\b)")
_THAT = re.compile(r"(?i)^(?P<matter>[^,]{3,40}), att (?:den|det|de) (?P<not>inte |nu |redan )?(?P<verb>är|har|var|blir|kommer|ska|kan)\b(?P<rest>[^,]*)")  # "orsaken, att den inte är klarlagd"
_SO = re.compile(r"(?i)^(?P<when>(?:\w+dagen|i|på|vid|under|efter|innan|från|till|sedan|med|för|hos|utan|däremot|dessutom|annars|numera|nu)\b[^?!]*?),? så (?P<verb>\w+)\b")


_ROLE = re.compile(r"^(?:och |men )?[A-ZÅÄÖÉ][a-zåäöé]+, (?P<role>[a-zåäö]{5,}(?:en|n)),? (?:hon|han) (?=\w+)", re.IGNORECASE)  # "Lena, tandhygienisten, hon går ner"
_SO_MANY_OF_THEM = re.compile(r"(?i)\bdet är (?P<some>\d+ av dem) som (?P<verb>är|har|var|hade|saknar|ska)\b")  # "det är 18 av dem som är trasiga"


def straightened(text: str) -> str:
    """A main clause in the order of writing: "prognosen, den är minus 2" → "prognosen är minus 2", "finns det två" → "det finns två",
    "med 60 så har vi" → "med 60 har vi"."""
    text = _SO_MANY_OF_THEM.sub(lambda m: f"{m['some']} {m['verb']}", _ROLE.sub(lambda m: f"{m['role']} ", text))
    if (match := _SO.match(text)) and FINITE.fullmatch(match["verb"]):
        text = f"{match['when']} {text[match.start('verb'):]}"
    for named_first in (_SET_BEFORE, _RESUMED_AT_ONCE):
        if (match := named_first.match(text)) and FINITE.fullmatch(match["verb"]) and not FINITE.search(match["matter"].split(" som ")[0]) and (
                len(FINITE.findall(match["matter"])) < 2):
            return f"{match['matter']} {text[match.start('verb'):]}"
    if match := _THAT.match(text):
        return f"{match['matter']} {match['verb']} {match['not'] or ''}{match['rest'].strip()}"
    if (match := _THERE.match(text)) and FINITE.fullmatch(match["verb"]) and not FINITE.search(match["matter"]):
        return f"{match['matter']}: {match['who']} {match['verb']} {match['rest']}"
    if match := _RESUMED.match(text):
        return f"{match['subject']} {match['verb'].casefold()} {match['rest']}"
    if match := _CONDITION.match(text):
        return f"Om {match['who']} {match['verb'].casefold()} {match['rest']}"
    if match := _MODAL_FIRST.match(text):
        return f"{match['subject']}{match['verb'].casefold()} {text[match.start('infinitive'):]}"
    if (match := _VERB_FIRST.match(text)) and FINITE.fullmatch(match["verb"]):
        return f"{match['who']} {match['verb'].casefold()}{text[match.end():]}"
    if (match := _VERB_THEN_SUBJECT.match(text)) and VERB_FIRST_WORDS.fullmatch(match["verb"]):
        return f"{match['subject']} {match['verb'].casefold()} {text[match.end():]}"
    return text
