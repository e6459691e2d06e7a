"""Talk that does not belong in minutes: personal data, health, patients, and what is said off the record.

Law: OSL (2009:400) 25 kap. 1 § (patients), 39 kap. (staff), GDPR article 9. The aim is to keep out
and to tell the reviewer why, never to be the only safeguard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.meeting import Utterance
from pipeline.swedish.cues import is_off_record
from pipeline.swedish.sounds import as_heard

PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d{6}\s?[-+–]\s?\d{4}(?!\d)|(?<!\d)(?:19|20)\d{10}(?!\d)")
PHONE = re.compile(r"(?<!\d)(?:\+46|0)7[\d\s-]{7,11}\d(?!\d)")
_HEALTH = re.compile(as_heard(
    r"(?i)\b(?:sjuk(?:skriven|skrivning\w*|anmäl\w*|dom\w*)?|diskbråck\w*|cancer\w*|tumör\w*|utbränd\w*|utmattning\w*|depression\w*|gravid\w*|"
    r"missfall\w*|vab(?:b\w*|ba\w*)|inlagd|opererad\w*|operera sig|stroke\w*|hjärtinfarkt\w*|alkohol\w*|missbruk\w*|psyk\w*|behandlas för|"
    r"skilsmässa\w*|skilja sig|begravning\w*|dött|avlid\w*|gått bort|brutit|ont i|migrän\w*|covid|influensa\w*|kräksjuk\w*|njurarna|IVA|"
    r"ätstörning\w*|självmord\w*|rehab\w*|föräldraledig\w*|mammaledig\w*|pappaledig\w*)\b"))
_OF_ONE = re.compile(as_heard(r"(?i)\b(?:(?<!man )(?<!patient )(?:är|blev|blir|varit|och) (?:\w+ ){0,2}?(?:sjukskriven|inlagd|utbränd|opererad|utmattad)|"
                              r"(?:är|blev|blir|ligger|stannar) (?:kvar )?hemma (?:med|för|på grund av) \w+|"
                              r"råkat ut för en (?:\w*olycka|hjärn\w+)|fått (?:en )?(?:stroke|hjärtinfarkt))\b"))  # needs no name to be told of somebody
_RELATIVES = re.compile(as_heard(  # why somebody is away: "han är på sjukhuset med sin pappa"
    r"(?i)\b(?:sjukhus\w*|akuten|vårdcentralen|läkaren|begravning\w*|bvc) med (?:sin|sitt|sina)\b|\b(?:sin|hans|hennes) (?:pappa|mamma|far|mor|son|dotter|fru|man|bror|syster|barn)"
    r"(?:n|en)? (?:är|har|blev|ligger) (?:\w+ )?(?:sjuk\w*|på sjukhus\w*|inlagd|dålig|död|gått bort)\b"))
_PERSON_REFERENCE = re.compile(r"(?i)\b(?:han|hon|hen|honom|henne|hans|hennes|mannen|kvinnan|killen|tjejen|dottern|sonen|frun|barnet|pappan|mamman|eleven|patienten)\b")
_PATIENT = re.compile(as_heard(r"(?i)\b(?:patienten|(?:en|den|vår) patient|brukaren|eleven|pojken|flickan|hyresgästen|vårdtagaren|"
    r"(?:den där |en äldre |en |den )(?:gubben?|tanten?|farbrorn?|dam(?:en)?|herre[n]?|äldre man(?:nen)?|äldre kvinnan?))\b"))
# Somebody named in full whom the meeting does not know, with what one tells of those who are cared for.
_FULL_NAME = re.compile(r"\b(?P<first>[A-ZÅÄÖÉ][a-zåäöéü]{2,}(?:-[A-ZÅÄÖ][a-zåäö]+)?) (?P<last>[A-ZÅÄÖÉ][a-zåäöéü]{2,})\b")
_CARED_FOR = re.compile(as_heard(
    r"(?i)\b(?:patient(?:en)?|injektion\w*|fick en (?:reaktion|chock)|svimma\w*|slår|slog|slagit|ramla\w*|föll|fallit|diagnos\w*|provsvar\w*|"
    r"blödning\w*|lex maria|tvångsvård\w*|gått in i väggen|stackars|hotfull\w*|dement\w*|byta på (?:honom|henne))\b"))
# A pupil by name and class ("Elton i sexan"), or what social services have decided about a child.
_PUPIL = re.compile(r"\b(?P<name>[A-ZÅÄÖÉ][a-zåäöéü]{2,}) i (?:förskoleklass\w*|ettan|tvåan|trean|fyran|femman|sexan|sjuan|åttan|nian|(?:åk|årskurs) \d|\d ?[a-f])\b")
_CHILD_CARE = re.compile(as_heard(r"(?i)\b(?:familjehem\w*|jourhem\w*|LVU|omhändertag\w*|orosanmäl\w*|vårdnadstvist\w*|kontaktfamilj\w*)\b"))
_OLD_PERSON = re.compile(as_heard(r"(?i)\b(?:gubben?|tanten?|farbrorn?|dam(?:en)?|herre[n]?|äldre (?:man|kvinna)\w*)\b"))
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-ZÅÄÖÉ][a-zåäöéü]{2,}(?:-[A-ZÅÄÖ][a-zåäö]+)?\b")
_STAFF = re.compile(as_heard(r"(?i)\b(?:lönesamtal\w*|uppsägning\w*|varning|omplacer\w*|misskött|facket driver|personalärende\w*|köps? ut)\b"))
_TENDER = re.compile(as_heard(r"(?i)\b(?:anbud(?:et|en|s\w*)?|anbudsgivar\w*|(?:lägsta|högsta) (?:priset|budet)|utvärderingen av anbud\w*)\b"))

PATIENT, HEALTH, NUMBER, OFF_RECORD, STAFF, TENDER = (
    "uppgift om en patient, elev eller annan enskild", "hälsa eller frånvaroorsak", "personnummer eller telefonnummer", "sagt utom protokollet",
    "personalärende", "anbudssekretess")


_OF_CARE = re.compile(as_heard(  # what is named after an illness and tells of nobody: "strokeenheten", "rehabteamet"
    r"(?i)\b(?:stroke|cancer|tumör|psyk|rehab|alkohol|missbruks?|hjärtinfarkts?|sjuk|influensa|covid)\w*?(?:enhet|larm|vård|mottagning|team|register|regist|rond|dag|förlopp|"
    r"riktlinj|jour|avdelning|plats|klinik|cent|koordinator|sköterska|process|program|grupp|utbildning|vaccin|screening|samordn|statistik|konferens|linje)\w*"))


def _names_a_stranger(text: str, known_names: Sequence[str]) -> bool:
    """Whether somebody is named in full who does not take part."""
    firsts, lasts = ({n.split()[place] for n in known_names} for place in (0, -1))
    return any(m["first"] not in firsts and m["last"] not in lasts for m in _FULL_NAME.finditer(text))


def reason_to_withhold(text: str, known_names: Sequence[str]) -> str | None:
    """Why a stretch of talk is kept out of the draft, or None.

    Health alone is no reason (it is the subject of many meetings): it must be said of a person, by
    name or by pronoun.
    """
    if PERSONAL_NUMBER.search(text) or PHONE.search(text):
        return NUMBER
    firsts = {n.split()[0] for n in known_names}
    named = _NAME.findall(text)
    a_person = bool(_PERSON_REFERENCE.search(text)) or any(w in firsts for w in named)
    if any(m["name"] not in firsts for m in _PUPIL.finditer(text)) or (_CHILD_CARE.search(text) and (a_person or named)):
        return PATIENT
    if _CARED_FOR.search(text) and _names_a_stranger(text, known_names):
        return PATIENT
    if _PATIENT.search(text) and (_HEALTH.search(text) or any(w not in firsts for w in named)) and (
            _PERSON_REFERENCE.search(text) or _OLD_PERSON.search(text)):
        return PATIENT
    if (_HEALTH.search(_OF_CARE.sub(" ", text)) and a_person) or _OF_ONE.search(text) or _RELATIVES.search(text):
        return HEALTH
    if _STAFF.search(text) and a_person:
        return STAFF
    if _TENDER.search(text) and re.search(r"\d|(?i:kronor|miljon|pris)", text):
        return TENDER
    return None


LOOK_BACK = 3


def withheld(utterances: Sequence[Utterance], known_names: Sequence[str]) -> dict[int, str]:
    """Which utterances (by position) are kept out of the draft, with the reason.

    "Det där skriver vi inte" reaches back over what was said before it, by others than its speaker,
    up to three utterances.
    """
    found: dict[int, str] = {}
    for i, utterance in enumerate(utterances):
        if reason := reason_to_withhold(utterance.text, known_names):
            found[i] = reason
        if is_off_record(utterance.text):
            found.setdefault(i, OFF_RECORD)
            before = utterances[i - 1].text if i else ""  # of somebody: then it is that, and nothing said earlier, that is to stay out
            of_one = reason_to_withhold(before, known_names) is not None or _names_a_stranger(before, known_names)
            silent = True  # whether who objects has said nothing since: what others said before that was let pass
            for back in range(i - 1, max(-1, i - LOOK_BACK - 1), -1):
                own = utterances[back].speaker == utterance.speaker
                if back == i - 1 or (not own and not of_one and (silent or utterances[back].speaker == utterances[i - 1].speaker)):
                    found.setdefault(back, OFF_RECORD)
                silent = silent and not own
    for i in sorted(found):  # the sentence that goes on after a name or an illness belongs to it
        for near in (i - 1, i + 1):
            if found[i] in (PATIENT, HEALTH) and 0 <= near < len(utterances) and near not in found and (
                    utterances[near].speaker == utterances[i].speaker) and (
                    _HEALTH.search(utterances[near].text) or _unfinished(utterances[min(near, i)].text)):
                found[near] = found[i]
    return found


def _unfinished(text: str) -> bool:
    return text.rstrip().endswith((",", "och", "som", "att"))
