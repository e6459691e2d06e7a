"""What talk raises as its matter, and what is told of it without naming it: by a pronoun, in an answer, in figures without a verb.

As in ``written``, words that say something of the matter are those of the talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.swedish.clauses import COUNTED, FINITE
from pipeline.swedish.numbers import MONTHS, figures
from pipeline.swedish.register import FILLER, FIRST_PERSON, sentence
from pipeline.swedish.spoken import without_fillers, written_forms
from pipeline.swedish.written import LONGEST_WORDS, OPENERS, SHORTEST_WORDS, TAIL

_PREPOSITION = re.compile(r"(?i)^(?:på|i|till|från|med|om|för|vid|hos|av|under|efter|innan)\b")
_LONGEST_TOPIC = 8
_ECHOED = re.compile(r"(?i)\d|\b(?:\w+del(?:ar)?|hälften|halva|något|någon|några|mer|annat)\b")  # "11 veckor?", "en tredjedel?", "något mer?" raise no matter
_ASKS = re.compile(r"(?i)^(?:vad|hur|när|var|varför|vem|vilka?|vilket|vart)\b")
_PRESENTED = re.compile(  # "det är löpbandet", "sista saken är RayStation", "sen har vi ventilationen"
    r"(?i)^(?:(?:det|sista (?:saken|punkten)|det (?:sista|andra|tredje))(?: då)?,? (?:det )?(?:är|var|gäller)(?: det)?|(?:är|var) det|har vi) (?:ju |väl |bara |framför allt |mest |också |det här med )*"
    r"(?=[^\W\d_]{4,}(?:en|et|an|na|n)(?:$|,| (?:på|i|av|för|till|med|hos|som)\b))")
_NO_TOPIC = re.compile(r"(?i)(?:de|det|den|alla|båda|ingen|inget|inga|någon|något|några|många|flera|ganska|mycket|väldigt|samma|själva saken|vilken|vilka)\b")
_NO_VERBS = re.compile(  # what ends as a verb and is none: after a preposition, a name's genitive, plurals
    r"\b(?i:på|i|till|från|med|om|för|vid|hos|av|under|efter|per) [\w/-]+|^[A-ZÅÄÖÉ][a-zåäöé]+s\b|^[a-zåäöé]{4,}er(?= (?:på|i|till|från|om|för|vid|hos|av)\b)")
_WAS_TO = re.compile(  # "du skulle ta fram en lathund för osteoporos"
    r"(?i)\b(?:du|vi|ni|jag) skulle (?:ju )?(?!kunna|vilja|behöva)[a-zåäö]+(?: (?:fram|upp|in|ut|med|på))? (?:en|ett|den|det) (?P<what>[^,.?!]{4,50})[.?!]?$")


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
    several = asked.rstrip().endswith("?") and re.search(r"(?i)\w{5,}(?:or|ar|er)$", words[0])  # "och halksockor?"
    return topic if re.search(r"(?i)\w{3,}(?:en|et|n|t|na|a)$", words[0]) or several or len(words) > 1 else None


_LONGEST_PLACE = 4


def says_where(said: str) -> bool:
    """Whether a sentence only says where or of what the matter raised before it is ("Certifikatet, ja." "På remissportalen.")."""
    rest = _fragment(said)
    return _PREPOSITION.match(rest) is not None and len(rest.split()) <= _LONGEST_PLACE and not FINITE.search(rest) and not re.search(r"\d", rest)


_PRONOUN_FIRST = re.compile(r"(?i)^(?:(?:ja|jo|nej|nä|mm|okej|så|och|men|alltså|eh)[,\s]+)*(?P<who>den|det|de|dom|dem) (?P<verb>\w+)\b")
_EXPLETIVE = re.compile(  # "det" that stands for nothing raised: "det är 9 som saknas", "det finns", "det är mögel i duschen"
    r"(?i)^det (?:(?:är|var|blir|blev) (?:ju |bara |ungefär |drygt |cirka )?(?:\d|en som|någon som|inget\b|ingen\b|inga\b|[A-ZÅÄÖÉ]\w+ som|"
    r"(?!(?:klar|beställ|gjor|bra|igång|lugnt)\w*\b)[a-zåäö]{3,} (?:i|på|hos|bland) (?!gång\b|plats\b|drift\b|väg\b))|"
    r"finns|fanns|saknas|behövs|krävs|kommer|blir|gäller|står|ska (?:inte )?(?:stå|in))\b")
_OF_TWO = re.compile(r"(?i)^(?P<which>(?:den|det|de) (?:nya|gamla|andra|första|stora|lilla|ena)) (?P<verb>\w+)\b")


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


_OBJECT_PRONOUN = re.compile(r"(?i)^(?P<before>(?!det |den |de )[^,.]*?\b(?P<verb>\w+)(?: (?:om|upp|in|ut|av|ner|fram|till))?) (?:det|den|dem)(?= (?:i|på|till|vecka|nästa|under|före|efter|senast|om)\b|[,.]|$)")


def with_object_asked(spoken: str, topic: str) -> str:
    """An answer with the matter that was asked after in place of its object: "golvet då?" – "de lägger om det i påsk" → "de lägger om golvet i påsk"."""
    text = without_fillers(spoken)
    match = _OBJECT_PRONOUN.match(text)
    if not match or not FINITE.fullmatch(match["verb"]):
        return spoken
    return f"{match['before']} {topic[:1].lower()}{topic[1:]}{text[match.end():]}"


def _fragment(spoken: str) -> str:
    """What a verbless sentence tells, without what speech puts before and after it."""
    return TAIL.sub("", OPENERS.sub("", written_forms(without_fillers(spoken)).rstrip(" .!…"))).strip(" ,")


def _figures_alone(fragment: str) -> str | None:
    """What a sentence with figures and without a verb tells, or None for any other, for a question and for what one says of oneself."""
    rest = _fragment(fragment)
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or FINITE.search(COUNTED.sub(" ", rest)):
        return None
    return None if FIRST_PERSON.search(rest) or FILLER.search(rest) else rest


_SO_MANY = re.compile(r"(?i)^(?:(?:ja|jo|mm|alltså)[,. ]+)*(?:det|de) (?:är|var|blir|blev) (?:ju |nu )?(?P<what>(?:ungefär |cirka |drygt |knappt )?\d.*)$")
_LONGEST_ANSWER = 14


def how_many(topic: str, said: str) -> str | None:
    """A number under the matter that was raised ("Avvikelser." – "Det är 41 sedan sist." → "Avvikelser: 41 sedan sist."), or None."""
    match = _SO_MANY.match(_fragment(said))
    if not match or said.rstrip().endswith("?") or FIRST_PERSON.search(match["what"]) or " som " in match["what"]:
        return None
    return sentence(f"{topic}: {match['what']}") if len(match["what"].split()) <= _LONGEST_ANSWER else None


_DEFINITE = re.compile(r"(?:en|et|an|na)$")
_SEVERAL = re.compile(r"(?:arna|erna|orna)$")
_BEGINS_WITH_FIGURE = re.compile(r"(?i)(?:(?:ungefär|cirka|drygt|knappt|runt|nästan) )?\d")


def under_topic(topic: str, fragment: str) -> str | None:
    """Verbless figures under the matter that was raised ("Väntetiden är 96 dagar på koloskopi."), as minutes may put it, or None."""
    rest = _figures_alone(fragment)
    if rest is None or not SHORTEST_WORDS <= len(rest.split()) + len(topic.split()) <= LONGEST_WORDS:
        return None
    is_so = _DEFINITE.search(topic.split()[0]) and not _SEVERAL.search(topic.split()[0]) and _BEGINS_WITH_FIGURE.match(rest)
    return sentence(f"{topic} är {rest[:1].lower()}{rest[1:]}" if is_so else f"{topic}: {rest}")


_NO_MATTER = rf"(?i:vecka|senast|från|till|ungefär|cirka|drygt|knappt|minus|plus|kanske|bara|totalt|sammanlagt|alltså|under|efter|före|mellan|mest|fler|mindre|nästa|bland|varav|paragraf|punkt|kapitel|\w*dag(?:en)?|{'|'.join(MONTHS)})\b"
_OF_A_MATTER = re.compile(
    rf"^(?!{_NO_MATTER})(?P<matter>(?:[A-ZÅÄÖÉ]?[a-zåäöé/-]{{3,}}(?:en|et|an|na|n|r|ing)|[A-ZÅÄÖÉ][\w/-]{{3,}})(?: (?:i|på|för|till|av|hos|vid|om|per) [\w/-]+){{0,2}}),? "
    r"(?P<what>(?:(?:ungefär|cirka|drygt|knappt|minus|plus|runt|över|under|nästan|totalt) )?\d.*)$")


def of_a_matter(fragment: str) -> str | None:
    """Verbless figures that name their matter ("svarsfrekvensen, 38 %" → "Svarsfrekvensen: 38 %."), as minutes may put them, or None."""
    rest = _figures_alone(fragment) or ""
    match = _OF_A_MATTER.match(rest[:1].upper() + rest[1:])
    if not match:
        return None
    return sentence(f"{match['matter']}: {match['what']}") if SHORTEST_WORDS - 1 <= len(rest.split()) <= LONGEST_WORDS else None


_COUNTED_THINGS = re.compile(r"(?i)^\d[\d ,.]* [a-zåäö]{5,}(?:er|ar|or)$")  # "108 trombolyser" ends as verbs do


def with_fragment(written: str, fragment: str) -> str | None:
    """A written sentence with the verbless figures that followed it ("…, en i maj och en i augusti."), or None."""
    rest = _fragment(fragment)
    if re.fullmatch(r"\d[\d ,.]*", rest) and set(figures(rest)) <= set(figures(written)):  # said once more
        return written
    if (again := re.match(r"\d+(?:[ ,.]\d+)*(?= )", rest)) and written.endswith(f" {again[0]}."):  # "6. 6 terabyte"
        return f"{written[:-len(again[0]) - 1]}{rest}."
    whole = f"{written.rstrip('.')}, {rest[:1].lower()}{rest[1:]}."
    if fragment.rstrip().endswith("?") or not re.search(r"\d", rest) or FINITE.search(_COUNTED_THINGS.sub(" ", rest)) or FIRST_PERSON.search(rest):
        return None
    return whole if len(whole.split()) <= LONGEST_WORDS and not FILLER.search(rest) else None


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
