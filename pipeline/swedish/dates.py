"""Days and times in talk, told against the date of the meeting."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.swedish.numbers import MONTHS, WEEKDAYS, digits
from pipeline.swedish.repairs import without_retractions

_DAY_MONTH = re.compile(rf"(?i)\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b")
_BARE_DAY = re.compile(rf"(?i)\bden (\d{{1,2}})(?! (?:{'|'.join(MONTHS)}|\d))(?=[\s,.?!]|$)(?!\s+(?:procent|%|kronor))")
_PAST = re.compile(r"(?i)\b(?:var|hade|kom|fick|gick|skedde|inträffade|har \w+[tds]\b|(?!planera|beräkna)\w{3,}ade|\w+ades|\w+tes|sedan|förra|senaste)\b")
_CLOCK = re.compile(r"\b(?:kl\.\s*)?(\d{1,2})\.(\d\d)\b")
_HOUR = re.compile(r"(?i)\b(?:klockan|kl\.?|från|vid) (\d{1,2})\b(?!\s*(?:%|mars|april|maj|juni))")
_CLOSING = re.compile(r"(?i)\btackar (?:jag|vi|för|er|alla)\b|\bhej då\b|\bmötet (?:är )?avslutat\b")
_MONTH = re.compile(rf"(?i)\b({'|'.join(MONTHS)})\b")
_WEEKDAY_BEFORE = re.compile(rf"(?i)\b({'|'.join(WEEKDAYS)})(?:en)?,? $")
_WEEKDAY_DATE = re.compile(rf"(?i)\b({'|'.join(WEEKDAYS)})(?:en)?,? (?:den )?(\d{{1,2}}) ({'|'.join(MONTHS)})\b")
A_QUARTER = 92  # days
PAST_DAYS, COMING_DAYS = 120, 330  # that a meeting speaks of by day and month alone
_WEEKDAY = re.compile(rf"(?i)\b({'|'.join(WEEKDAYS)})(?:en)?\b")


def nearest_day(day: int, meeting: dt.date, *, past: bool = False) -> dt.date | None:
    """The date that "den 20" means: the next one from the meeting on, or the last one before it."""
    year, month = meeting.year, meeting.month
    for _ in range(14):
        try:
            candidate = dt.date(year, month, day)
            if (candidate < meeting) if past else (candidate >= meeting):
                return candidate
        except ValueError:
            pass
        month += -1 if past else 1
        year, month = (year - 1, 12) if month == 0 else (year + 1, 1) if month == 13 else (year, month)
    return None


def _on_weekday(day: int, weekday: int, meeting: dt.date, *, past: bool) -> dt.date | None:
    """The date nearest to the meeting that has this day of the month and this day of the week, at most a quarter away.

    What is not told as past is rather to come.
    """
    near = (meeting + dt.timedelta(days=n) for n in sorted(range(-A_QUARTER, A_QUARTER), key=lambda n: -2 * n if n < 0 and not past else abs(n)))
    return next((d for d in near if d.day == day and d.weekday() == weekday), None)


def with_months(text: str, meeting: dt.date | None, talk: str = "") -> str:
    """A written sentence in which "den 20" has its month: by the day of the week where that is told, else the next or the last one.

    Where the talk that it rests on names another month, the day is left as it was said.

    >>> with_months("Rekonstruktionen är klar den 20.", dt.date(2026, 2, 5))
    'Rekonstruktionen är klar den 20 februari.'
    >>> with_months("Nätet låg nere torsdagen den 12.", dt.date(2026, 3, 18))
    'Nätet låg nere torsdagen den 12 mars.'
    """
    if meeting is None:
        return text
    past = _PAST.search(text) is not None
    months = {MONTHS.index(m.casefold()) + 1 for m in _MONTH.findall(talk)}

    def named(match: re.Match[str]) -> str:
        weekday = _WEEKDAY_BEFORE.search(text[:match.start()])
        if weekday:
            found = _on_weekday(int(match[1]), WEEKDAYS.index(weekday[1].casefold()), meeting, past=past)
        elif before := _DAY_MONTH.findall(text[:match.start()]):  # "den ena börjar 1 november och den andra den 15"
            return f"{match[0]} {before[-1][1].casefold()}"
        else:
            found = nearest_day(int(match[1]), meeting, past=past)
        if found is None or (months and found.month not in months):
            return match[0]
        return f"{match[0]} {MONTHS[found.month - 1]}"

    return _BARE_DAY.sub(named, text)


def no_such_day(text: str, meeting: dt.date) -> str | None:
    """A day of the week and a date that do not go together near the meeting, as they are written; None where all do.

    >>> no_such_day("Stoppet gäller från måndag den 20 maj.", dt.date(2026, 4, 15))
    'måndag den 20 maj'
    """
    for match in _WEEKDAY_DATE.finditer(text):
        month, weekday = MONTHS.index(match[3].casefold()) + 1, WEEKDAYS.index(match[1].casefold())
        meant = [meeting + dt.timedelta(days=n) for n in range(-PAST_DAYS, COMING_DAYS)]
        if not any((d.day, d.month, d.weekday()) == (int(match[2]), month, weekday) for d in meant):
            return match[0]
    return None


@dataclass(frozen=True)
class Appointment:
    day: dt.date | None
    clock: str | None


def appointment(turns: list[str], meeting: dt.date, start: dt.time | None) -> tuple[Appointment, int] | None:
    """The day and time of the next meeting that talk settles on: the last one named, and the turn it was named in.

    "samma tid" is the time of this meeting.
    """
    day: dt.date | None = None
    clock: str | None = None
    where = -1
    for number, turn in enumerate(turns):
        if day and _CLOSING.search(turn):  # what is said of the time now is no time of the next meeting
            break
        text = without_retractions(digits(turn))
        dated = [(m.start(), int(m[1]), MONTHS.index(m[2].casefold()) + 1) for m in _DAY_MONTH.finditer(text)
                 if not re.search(r"(?i)\b(?:inte|ej)\s+(?:den )?$", text[:m.start()])]
        if dated:
            _, d, m = dated[-1]
            try:
                found = dt.date(meeting.year + (m < meeting.month), m, d)
            except ValueError:
                found = None
            if found:
                day, where = found, number
        else:
            bare = [m for m in _BARE_DAY.finditer(text) if not re.search(r"(?i)\binte\s+$", text[:m.start()])]
            if bare and (found := nearest_day(int(bare[-1][1]), day.replace(day=1) if day else meeting)):
                day, where = found, number
        if times := _CLOCK.findall(text):
            clock = f"{int(times[-1][0]):02d}.{times[-1][1]}"
        elif hours := _HOUR.findall(text):
            hour = int(hours[-1])
            clock = f"{hour + 12 if 1 <= hour <= 5 else hour:02d}.00"
        elif start and re.search(r"(?i)\bsamma tid\b|\bvanlig tid\b|\bsom vanligt\b", text):
            clock = f"{start:%H.%M}"
    return (Appointment(day, clock), where) if day else None


def written_day(day: dt.date) -> str:
    """"torsdagen den 12 mars"."""
    return f"{WEEKDAYS[day.weekday()]}en den {day.day} {MONTHS[day.month - 1]}"
