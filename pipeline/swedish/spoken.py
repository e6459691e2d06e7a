"""Spoken Swedish towards written: fillers, repeats and repairs out, spoken forms to written ones.

Everything here deletes or respells words that were said; nothing is added.
"""

from __future__ import annotations

import re

_FILLERS = re.compile(
    r"(?i)(?<![\w-])(?:eh+m?|öh+m?|äh|hmm*|mm+|mhm|aa|ööh?|ehm|asså|liksom|typ sådär|va sa du)(?![\w-])[,.]?\s*")
_ASIDE = re.compile(r"(?i),\s*(?:vad (?:säger|sa) (?:vi|jag|ni)|vad (?:ska|kan) (?:man|vi|jag) säga|vad (?:heter|blir|var|är) det(?: nu)?|det kan jag säga|ska vi se|vänta(?: nu| lite)?|jag vet inte),\s*")
_WORD_TAKEN_BACK = re.compile(  # "i brandväggen, nej, i mejlfiltret menar jag", "framkallningsmaskinen, nej vad heter den, dehydreringsmaskinen"
    r"(?i)\b(?P<led>i|på|till|från|med|av|hos|för) [^,.\d]{3,25}, (?:nej|nä|förlåt),? (?P=led) (?P<right>[^,.?!]{3,30}?)(?: menar jag)?(?=[,.?!]|$)|"
    r"\b[^\W\d_]{4,}, (?:nej,? )?vad heter (?:den|det|de)(?: nu)?, (?=[^\W\d_]{4,})")
_ASSENTS = re.compile(  # "taket, ja, pannorna håller", "32 kvittenser saknas ja": to oneself, and no answer
    r"(?i)(?<!säger)(?<!säga)(?<!sagt)(?<!\bsa)(?<!tackat)(?<!tackar)(?<!svarat)(?<!röstar)(?<!också)(?<=[\w%])(?:,? ja,? ?(?:exakt|precis)?(?P<comma>,)|,? ja(?=[.!]?$))")
_RESTART = re.compile(  # "vi har fått, eller, de har inte börjat än", "vi har, då har vi lagt på kvällar"
    r"(?i)^[^\W\d_]+ [^,.?!\d]{3,22}, eller(?: nej)?, (?=(?:de|dom|det|den|vi|man|jag) \w+ )|\b(?:vi|de|dom|det) (?P<verb>har|är|ska|kan), (?=(?:då|nu|så) (?P=verb)\b)|"
    r"\b[^\W\d_]{3,} (?P<aux>har|är|ska|kan), (?=[^\W\d_]{3,} (?P=aux) )")
_IN_FULL = re.compile(r"(?<![\d,.])(\d{1,3})[,.] (?=\1 000\b)")  # "det är 40. 40 000 kronor"
_SAME_FIGURE = re.compile(r"(?<![\d,.])(\d+(?:[ ,.]\d+)*), \1(?= [^\W\d_])")  # "1 500, 1 500 i månaden"
_FALSE_START = re.compile(  # "och det är, vi är byggda för 70", "det är ju, reservkraften gick inte igång"
    r"(?i)\bdet (?:är|var|blir|blev)(?: ju| väl)?, (?=(?:(?:i|på) )?[\w/-]+ (?:är|har|hade|var|gick|går|blir|blev|ska|kan|får|kommer|kom|ligger)\b)")
_STUTTER = re.compile(r"(?i)\b(\w+(?:\s\w+){0,4}),?\s+\1\b(?!-)")
_KEEP_DOUBLE = re.compile(r"(?i)^(?:ja|nej|mycket|väldigt|hej|nu|så|långt|länge|\d.*)$")

_SPOKEN_FORMS = {
    "nån": "någon", "nåt": "något", "nåra": "några", "nåns": "någons", "nånting": "någonting",
    "nånstans": "någonstans", "sån": "sådan", "sånt": "sådant", "såna": "sådana", "dom": "de",
    "sen": "sedan", "va": "vara", "e": "är", "ä": "är", "å": "och", "mej": "mig", "dej": "dig",
    "sej": "sig", "dan": "dagen", "dar": "dagar", "morron": "morgon", "imorrn": "i morgon",
    "imorron": "i morgon", "imorgon": "i morgon", "idag": "i dag", "igår": "i går", "ikväll": "i kväll",
    "måndan": "måndag", "tisdan": "tisdag", "onsdan": "onsdag", "torsdan": "torsdag",
    "fredan": "fredag", "tex": "t.ex.", "bla": "bl.a.", "asså": "alltså", "säjer": "säger",
    "la": "lade", "ba": "bara", "dedär": "det där",
}
_SPOKEN = re.compile(r"\b(" + "|".join(sorted(
    (re.escape(k) for k in _SPOKEN_FORMS), key=len, reverse=True)) + r")\b", re.IGNORECASE)


_OBJECT = re.compile(r"(?i)\b(av|hos|åt|till|med|för|från) de(?=[,.?!]|$| (?:har|är|var|fick|ska|kan|kommer|ville|går|blir|blev|som)\b)")


def without_fillers(text: str) -> str:
    """The text without hesitation sounds and immediate repeats.

    >>> without_fillers("det det är, eh, tretton i Malmö")
    'det är, tretton i Malmö'
    """
    text = _FILLERS.sub("", text)
    text = _WORD_TAKEN_BACK.sub(lambda m: f"{m['led']} {m['right']}" if m["led"] else "", text)
    text = _ASSENTS.sub(lambda m: m["comma"] or "", _ASIDE.sub(" ", text))

    def once(match: re.Match[str]) -> str:
        return match[0] if _KEEP_DOUBLE.match(match[1]) else match[1]

    text = _STUTTER.sub(once, text)
    text = _SAME_FIGURE.sub(r"\1", _IN_FULL.sub("", _RESTART.sub("", _FALSE_START.sub("", text))))
    text = re.sub(r"\s+([,.?!])", r"\1", text)
    text = re.sub(r"([,.])(?:\s*,)+", r"\1", text)
    return re.sub(r"\s{2,}", " ", text).strip(" ,")


def written_forms(text: str) -> str:
    """Spoken spellings as written ones ("dom" → "de", "nån" → "någon").

    >>> written_forms("dom har nåt sånt sen i våras")
    'de har något sådant sedan i våras'
    """
    def written(match: re.Match[str]) -> str:
        if match[1] == "Dan":  # somebody's name
            return match[1]
        form = _SPOKEN_FORMS[match[1].casefold()]
        return form.capitalize() if match[1][0].isupper() else form

    return _OBJECT.sub(r"\1 dem", _SPOKEN.sub(written, text))
