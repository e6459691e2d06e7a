"""Swedish number words to digits, as a secretary writes them.

``digits`` rewrites a stretch of talk: cardinals ("hundranittiotvåtusen" → "192 000"), decimals
("tre komma två" → "3,2"), halves ("en och en halv" → "1,5"), side-by-side ranges ("fyra fem
patienter" → "4–5"), percent, clock times ("halv tre" → "14.30") and dates ("tolfte i tredje" →
"12 mars"). It is deliberately conservative: "en" and "ett" stay words unless they are clearly
counted, and vague amounts ("ett par hundra", "några tusen") keep their words.

``figures`` lists the figures of a text in one canonical spelling, for comparing what was said with
what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

TEXTS_KEPT = 8192  # texts whose reading is remembered: a draft asks for the same utterances a hundred times

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

_UNITS = (
    "noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
    "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton",
)
_TENS = {
    "tjugo": 20, "trettio": 30, "fyrtio": 40, "femtio": 50,
    "sextio": 60, "sjuttio": 70, "åttio": 80, "nittio": 90,
}
_SPOKEN_TENS = {
    "tretti": 30, "förti": 40, "förtio": 40, "fyrti": 40, "femti": 50, "sexti": 60,
    "sjutti": 70, "åtti": 80, "nitti": 90,
}
_ORDINAL_UNITS = (
    "nollte", "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde",
    "nionde", "tionde", "elfte", "tolfte", "trettonde", "fjortonde", "femtonde", "sextonde",
    "sjuttonde", "artonde", "nittonde",
)
_SCALES = {"miljon": 10**6, "miljoner": 10**6, "miljard": 10**9, "miljarder": 10**9}
_VAGUE = {"par", "några", "nåra", "flera", "fler", "många", "tiotals", "hundratals"}


def _below_hundred() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_UNITS)}
    words |= {"en": 1, "aderton": 18, "nie": 9, "tie": 10, "älva": 11}
    for tens, value in (_TENS | _SPOKEN_TENS | {"tju": 20}).items():
        if tens != "tju":
            words[tens] = value
        for unit in range(1, 10):
            words[tens + _UNITS[unit]] = value + unit
        words[tens + "en"] = value + 1
    return words


def _ordinals() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_ORDINAL_UNITS) if value}
    words |= {"förste": 1, "andre": 2}
    for tens, value in _TENS.items():
        words[tens + "nde"] = value
        for unit in range(1, 10):
            words[tens + _ORDINAL_UNITS[unit]] = value + unit
        words[tens + "förste"] = value + 1
        words[tens + "andre"] = value + 2
    for tens, value in _SPOKEN_TENS.items():
        for unit in range(1, 10):
            words.setdefault(tens + _ORDINAL_UNITS[unit], value + unit)
    return words


SMALL = _below_hundred()
ORDINALS = _ordinals()
# What is called by its number: a ward, a machine, an item ("på fyran").
NAMED_BY_NUMBER = {word: value for value, word in enumerate(
    ("ettan", "tvåan", "trean", "fyran", "femman", "sexan", "sjuan", "åttan", "nian", "tian"), 1)}


def _below_thousand(word: str) -> int | None:
    """The value of one word below 2 100 ("trehundrafyrtio", "tolvhundra", "tjugotjugosex")."""
    if word in SMALL:
        return SMALL[word]
    if "hundra" in word:
        left, _, right = word.partition("hundra")
        head = 1 if not left else SMALL.get(left)
        right = right.removeprefix("och")
        tail = 0 if not right else SMALL.get(right)
        return None if head is None or tail is None else head * 100 + tail
    if word.startswith("tjugo") and SMALL.get(word[5:], 0) >= 10:
        return 2000 + SMALL[word[5:]]
    return None


def cardinal(word: str) -> int | None:
    """The value of a cardinal written as one word (0 to 999 999), else None.

    >>> cardinal("hundranittiotvåtusen"), cardinal("tvåtusentjugosex"), cardinal("mötet")
    (192000, 2026, None)
    """
    word = word.casefold()
    if (value := _below_thousand(word)) is not None:
        return value
    if "tusen" not in word:
        return None
    left, _, right = word.partition("tusen")
    if left and _below_thousand(left) is None and left.endswith("et"):
        left += "t"  # "ettusen" has lost a t: fyrtioettusen
    head = 1 if left in ("", "et") else _below_thousand(left)
    right = right.removeprefix("och")
    tail = 0 if not right else _below_thousand(right)
    return None if head is None or tail is None or tail >= 1000 else head * 1000 + tail


def spell(value: float, *, year: bool = False) -> str:
    """A figure as written in Swedish minutes: decimal comma, thousands parted by a space.

    >>> spell(192000), spell(1.5), spell(2026, year=True)
    ('192 000', '1,5', '2026')
    """
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    if len(whole) > 3 and not year:
        whole = f"{int(whole):,}".replace(",", " ")
    return whole + ("," + decimals if decimals else "")


_BROKEN_ORDINAL = re.compile(rf"(?i)\b(\d{{1,2}})\s?[-:]?(?:onde|ende|nde|te|de|e|a)\b(?=\s+(?:{'|'.join(MONTHS)})\b)")
_GLUED_PERCENT = re.compile(r"(?i)\b(\w{3,})(procents?)\b")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[^\w\s]|_|\s+")


@dataclass
class _Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.casefold()


def _tokens(text: str) -> list[_Token]:
    return [_Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text) if not m[0].isspace()]


@dataclass
class _Number:
    """A number read from the tokens [first, last)."""

    value: float
    first: int
    last: int
    words: bool  # spelt with words at least in part
    written: str = ""


def _adjacent(tokens: list[_Token], text: str, i: int) -> bool:
    """Whether token i follows token i-1 with nothing but blanks between."""
    return text[tokens[i - 1].end:tokens[i].start].strip() == ""


_AND_A_HALF = {(a, b, c) for a in ("och", "å") for b, c in (("en", "halv"), ("ett", "halvt"))}


def _plain(word: str) -> float | None:
    if re.fullmatch(r"\d+", word):
        return float(word)
    if re.fullmatch(r"\d+,\d+", word):
        return float(word.replace(",", "."))
    value = cardinal(word)
    return None if value is None else float(value)


def _read_number(tokens: list[_Token], i: int) -> _Number | None:
    """The longest number that begins at token i, or None.

    A lone "en" or "ett" is an article and no number; a lone digit token is left as it stands.
    """
    first, n = i, len(tokens)
    value = _plain(tokens[i].low)
    if value is None:
        return None
    article = tokens[i].low in ("en", "ett", "et")
    i += 1
    # "två komma fem", "noll komma noll fem"
    if i + 1 < n and tokens[i].low == "komma":
        decimals, j = "", i + 1
        while j < n and tokens[j].low == "noll":
            decimals, j = decimals + "0", j + 1
        tail = _plain(tokens[j].low) if j < n else None
        if tail is not None and tail == int(tail) and tail < 1000:
            decimals, j = decimals + str(int(tail)), j + 1
        if decimals:
            value, i, article = float(f"{int(value)}.{decimals}"), j, False
    # "hundra nittio två", "trettio fyra", "fyrtioett tusen trehundra"
    if value == 20 and tokens[i - 1].low == "tjugo" and i < n and 20 < SMALL.get(tokens[i].low, 0) < 40:
        value, i = 2000 + SMALL[tokens[i].low], i + 1  # "tjugo tjugosex", the year
    group, total = value, 0.0
    while i < n:
        word = tokens[i].low
        if word == "hundra" and group is not None and 0 < group < 100 and group == int(group):
            group, i, article = group * 100, i + 1, False
            continue
        if group and group % 100 == 0 and group < 1000 and word.endswith("tusen") and word != "tusen" \
                and (head := _below_thousand(word.removesuffix("tusen"))) is not None and head < 100:
            total, group, i, article = (group + head) * 1000, 0.0, i + 1, False  # "hundra nittiotvåtusen"
            continue
        hundreds = bool(group) and group % 100 == 0 and group < 10_000 and tokens[i - 1].low.endswith("hundra")  # "nittonhundra tusen"
        if word == "tusen" and group is not None and (group < 1000 or hundreds or (i == first + 1 and group < 10_000 and tokens[first].text[0].isdigit())):
            total, group, i, article = total + group * 1000, 0.0, i + 1, False
            continue
        if word in _SCALES and group is not None:
            break  # "3,2 miljoner" keeps its word
        if word in ("och", "å") and i + 1 < n and group is not None and group >= 100 and (
                (tail := _plain(tokens[i + 1].low)) is not None) and tail < 100 \
                and tokens[i + 1].low not in ("en", "ett") and group % 100 == 0:
            group, i = group + tail, i + 2
            continue
        tail = _plain(word) if not word[0].isdigit() else None
        if tail is None or (word in ("en", "ett") and not group):
            break
        room = next((s for s in (1000, 100) if group and group % s == 0 and 0 < tail < s), None)
        tens = group % 100 >= 20 and group % 10 == 0 and 0 < tail < 10 and word not in ("en", "ett")
        if group == 0 and total:
            room = 1000 if tail < 1000 else None
        if tokens[i - 1].text[0].isdigit() or not (room or tens):
            break
        group, i, article = group + tail, i + 1, False
    value = total + group
    # "två och en halv", "en och en halv"
    if tuple(t.low for t in tokens[i:i + 3]) in _AND_A_HALF:
        value, i, article = value + 0.5, i + 3, False
    elif i + 1 < n and [t.low for t in tokens[i:i + 2]] == ["en", "halv"] and not article \
            and value < 20 and tokens[first].low not in ("en", "ett"):
        value, i = value + 0.5, i + 2
    if article and i == first + 1:
        return None
    words = any(not t.text[0].isdigit() for t in tokens[first:i])
    spelt = "".join(t.low for t in tokens[first:i])
    year = value == int(value) and 1900 <= value <= 2099 and (
        "hundra" in spelt or spelt.startswith(("tjugotjugo", "tvåtusen", "tjugo")) or not words)
    written = tokens[first].text if not words and i == first + 1 else spell(value, year=year)
    return _Number(value, first, i, words, written)


_HOUR_WORDS = {word: value for word, value in SMALL.items() if 1 <= value <= 24}


def _hour(word: str) -> int | None:
    if re.fullmatch(r"\d{1,2}", word) and 0 < int(word) <= 24:
        return int(word)
    return _HOUR_WORDS.get(word)


# The part of the day told with an hour; "i morgon" is another day, and no part of this one.
_PART = r"(?:(?P<am>natt(?:en)?|morse|(?<!\bi )(?:morgon(?:en)?|morron(?:en)?)|förmiddag(?:en)?)|(?P<pm>eftermiddag(?:en|arna)?|kväll(?:en|arna)?))\b"
PART_OF_DAY = re.compile(rf"(?i)\b{_PART}")
_PART_AFTER = re.compile(rf"(?i)\b(?:på|i) {_PART}")
_WORDS_BEFORE = 8


def _half_of_day(hour: int, before: list[str], after: list[str]) -> int:
    """Meetings speak of working hours: one to five o'clock is the afternoon unless told otherwise, in the words just before or after."""
    told = [*PART_OF_DAY.finditer(" ".join(before)), *filter(None, [_PART_AFTER.search(" ".join(after))])]  # the last of them decides
    part = told[-1].lastgroup if told else None
    if hour < 12 and part:
        return hour + 12 if part == "pm" else hour
    return hour + 12 if 1 <= hour <= 5 else hour


def _read_clock(tokens: list[_Token], i: int) -> tuple[str, int] | None:
    """A clock time that begins at token i: ("14.30", index after it), or None.

    Reads "halv tre", "kvart i nio", "tio över tre", "fem i halv två", "klockan tretton",
    "tretton noll noll", "tretton och trettio" is not a time.
    """
    words = [t.low for t in tokens[i:i + 9]]
    before = [t.low for t in tokens[max(0, i - _WORDS_BEFORE):i]]
    n = len(words)

    def time(hour: int, minute: int, used: int) -> tuple[str, int]:
        hour = _half_of_day((hour + minute // 60 - 1) % 24 + 1 if minute >= 0 else hour, before, words[used:used + 4])
        return f"{hour % 24:02d}.{minute % 60:02d}", i + used

    if words[0] == "halv" and n > 1 and (hour := _hour(words[1])) and hour <= 12:
        return time((hour - 2) % 12 + 1, 30, 2)
    minutes = {"kvart": 15, "fem": 5, "tio": 10, "tjugo": 20, "tjugofem": 25, "5": 5, "10": 10,
               "20": 20}.get(words[0])
    if minutes and n > 2 and words[1] in ("i", "över"):
        if words[2] == "halv" and n > 3 and (hour := _hour(words[3])) and hour <= 12:
            minute = 30 - minutes if words[1] == "i" else 30 + minutes
            return time((hour - 2) % 12 + 1, minute, 4)
        if (hour := _hour(words[2])) and hour <= 12 and not words[2][0].isdigit():
            follows = words[3] if n > 3 else ""
            if words[1] == "över":
                return time(hour, minutes, 3)
            if follows not in ("fall", "av", "procent", "patienter"):
                return time((hour - 2) % 12 + 1, 60 - minutes, 3)
    if n > 2 and words[0] == "noll" and 0 < SMALL.get(words[1], 0) < 10 and 10 <= SMALL.get(words[2], 0) < 60:
        return f"0{SMALL[words[1]]}.{SMALL[words[2]]}", i + 3
    if n > 2 and (hour := _hour(words[0])) and words[1] == "noll" and (
            words[2] == "noll" or SMALL.get(words[2], 99) < 10):
        return f"{hour:02d}.0{SMALL[words[2]]}", i + 3
    if words[0] in ("klockan", "kl") and n > 1:
        skip = 2 if words[1] == "." else 1
        if n > skip and (inner := _read_clock(tokens, i + skip)):
            return f"kl. {inner[0]}", inner[1]  # "klockan tjugo över åtta"
        hour = _hour(words[skip]) if n > skip else None
        if hour:
            later = SMALL.get(words[skip + 1]) if n > skip + 1 else None
            if later is not None and 10 <= later < 60 and later not in (10, 11, 12):
                text, end = time(hour, later, skip + 2)
                return f"kl. {text}", end
            if n > skip + 2 and words[skip + 1] == "noll" and words[skip + 2] == "noll":
                return f"kl. {hour:02d}.00", i + skip + 3
            if not words[skip][0].isdigit():
                text, end = time(hour, 0, skip + 1)
                return f"kl. {text}", end
    if n > 1 and (hour := _hour(words[0])) and hour >= 7 and words[1] in (
            "trettio", "fyrtiofem", "femton") and not words[0][0].isdigit() and hour <= 19:
        last = before[-1] if before else ""
        if last in ("vid", "till", "från", "kl", "klockan", "mars", "april", "maj") or (
                n > 2 and words[2] in ("på", "till") and hour <= 17 and last in (",", "")):
            return f"{hour:02d}.{SMALL[words[1]]:02d}", i + 2
    return None


def _read_date(tokens: list[_Token], i: int) -> tuple[str, int] | None:
    """A date that begins at token i ("tolfte i tredje", "tolfte mars", "den tjugonde"), or None."""
    low = tokens[i].low
    day = ORDINALS.get(low)
    if day is None or not 1 <= day <= 31:
        return None
    nxt = tokens[i + 1].low if i + 1 < len(tokens) else ""
    after = tokens[i + 2].low if i + 2 < len(tokens) else ""
    before = tokens[i - 1].low if i else ""
    if nxt in MONTHS:
        return f"{day} {nxt}", i + 2
    if (last := ORDINALS.get(nxt, 0)) == day + 1 and after in MONTHS:
        return f"{day}–{last} {after}", i + 3
    beyond = tokens[i + 3].low if i + 3 < len(tokens) else ""
    if nxt in ("och", "å", "till", "eller", ",") and after in ORDINALS and beyond in MONTHS:
        return str(day), i + 1  # "den fjärde och femte maj"
    named_before = any(t.low in MONTHS for t in tokens[max(0, i - 2):i])
    if nxt in ("till", "och") and named_before and day < ORDINALS.get(after, 0) <= 31:  # "i september, sjuttonde till artonde"
        return f"{day}{'–' if nxt == 'till' else ' och '}{ORDINALS[after]}", i + 3
    if nxt == "i" and after in ORDINALS and ORDINALS[after] <= 12:
        return f"{day} {MONTHS[ORDINALS[after] - 1]}", i + 3
    if nxt in ORDINALS and ORDINALS[nxt] <= 12 and before in ("den", "senast", "till", "före") \
            and nxt not in ("första", "andra"):
        return f"{day} {MONTHS[ORDINALS[nxt] - 1]}", i + 2
    if day > 3 and (before == "den" or (before in ("till", "och", "senast") and day > 12)):
        nominal = nxt and nxt.isalpha() and nxt not in (
            "och", "i", "på", "så", "är", "då", "men", "om", "ja", "det", "vi", "eller", "till",
            "för", "nu", "kan", "har", "ska", "skulle", "som", "va", "blir", "klockan", "kl", "att",
            "säger", "skriver", "passar", "funkar", "tar", "hade", "var", "kör", "nästa", "inte")
        return None if nominal else (str(day), i + 1)
    return None


_NO_RANGE_AFTER = {"punkt", "paragraf", "nummer", "sal", "rum", "årskurs", "version", "kod"}


def _range_with(left: _Number, right: _Number, follows: str) -> bool:
    """Whether two figures side by side are a range ("fyra fem patienter", "tio femton")."""
    a, b = left.value, right.value
    if a != int(a) or b != int(b) or not 0 < a < b:
        return False
    if b - a == 1 and b <= 20:
        return True
    round_steps = a % 5 == 0 and b % 5 == 0 and a >= 5
    return round_steps and b <= 2 * a and (a >= 10 or b <= 10) and follows not in MONTHS


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, replacement) for every stretch of the text that ``digits`` rewrites."""
    tokens = _tokens(text)
    i = 0
    while i < len(tokens):
        token = tokens[i]
        before = tokens[i - 1].low if i else ""
        if token.text[0].isalpha():
            if clock := _read_clock(tokens, i):
                written, last = clock
                yield token.start, tokens[last - 1].end, written
                i = last
                continue
            if dated := _read_date(tokens, i):
                written, last = dated
                yield token.start, tokens[last - 1].end, written
                i = last
                continue
        number = _read_number(tokens, i)
        vague = before in _VAGUE and token.low in ("hundra", "tusen")
        if number is None or vague:
            i += 1
            continue
        last, written, words = number.last, number.written, number.words
        follow = _read_number(tokens, last) if last < len(tokens) else None
        if follow and follow.words and words and before not in _NO_RANGE_AFTER and _adjacent(tokens, text, last):
            after = tokens[follow.last].low if follow.last < len(tokens) else ""
            if _range_with(number, follow, after):
                written, last = f"{written}–{follow.written}", follow.last
        nxt = tokens[last].low if last < len(tokens) else ""
        if nxt == "procent":
            written, last, words = f"{written} %", last + 1, True
        if words:
            yield token.start, tokens[last - 1].end, written
        i = last


_TURN_OF_YEAR = re.compile(r"(?i)(?<=årsskiftet )(\d\d) (\d\d)\b")


@lru_cache(maxsize=TEXTS_KEPT)
def digits(text: str) -> str:
    """The text with its number words written as a secretary writes them.

    >>> digits("vi gick från fyra fem till nio patienter, sjutton procent, vecka tio")
    'vi gick från 4–5 till 9 patienter, 17 %, vecka 10'
    >>> digits("senast den tjugonde februari halv tre")
    'senast den 20 februari 14.30'
    """
    text = _BROKEN_ORDINAL.sub(r"\1", text)
    text = _GLUED_PERCENT.sub(lambda m: f"{m[1]} {m[2]}" if cardinal(m[1]) else m[0], text)
    out, at = [], 0
    for start, end, written in _pieces(text):
        out.append(text[at:start])
        out.append(written)
        at = end
    out.append(text[at:])
    return _TURN_OF_YEAR.sub(lambda m: f"{m[1]}/{m[2]}" if int(m[2]) == int(m[1]) + 1 else m[0], "".join(out))


FIGURE = re.compile(r"(?<![\w,.])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,:]\d+)*")


def figures(text: str) -> list[str]:
    """Every figure of a text in reading order, in canonical spelling ("192000", "3,2", "14.30").

    Number words count; ranges give both ends.
    """
    return list(_figures(text))


@lru_cache(maxsize=TEXTS_KEPT)
def _figures(text: str) -> tuple[str, ...]:
    found = []
    for match in FIGURE.finditer(digits(text)):
        raw = re.sub(r"[ \u00a0\u202f]", "", match[0]).replace(":", ".")
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", raw):
            raw = raw.replace(".", "")
        if clock := re.fullmatch(r"(\d{1,2})\.(\d\d)", raw):
            raw = f"{int(clock[1])}.{clock[2]}"
        elif re.fullmatch(r"0\d", raw):
            raw = raw[1:]
        found.append(raw)
    return tuple(found)
