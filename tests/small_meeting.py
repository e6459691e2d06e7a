"""A small meeting built by hand, and a language model that answers as told, for tests of the stages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models.language import Answer, Request
from pipeline.agenda import parse_agenda
from pipeline.meeting import Draft, DraftSection, Evidence, Gap, Kind, Meeting, Person, Presence, Provenance, Statement, Utterance

AGENDA = parse_agenda("1. Mötets öppnande\n2. Föregående anteckningar\n3. Lägesrapport\n   - Linköping\n   - Kalmar\n4. Upphandling\n"
                      "5. Övriga frågor\n6. Nästa möte").agenda
TALK = [
    ("Anna Berg", "Hör ni mig nu?"), ("Åsa Öberg", "Ja, vi hör dig."),
    ("Anna Berg", "Då öppnar jag mötet, välkomna. Är dagordningen okej?"), ("Åsa Öberg", "Ja."),
    ("Anna Berg", "Då går vi till punkt två, föregående anteckningar. Kan vi lägga dem till handlingarna?"), ("Åsa Öberg", "Ja, det gör vi."),
    ("Anna Berg", "Då går vi vidare till lägesrapport. Linköping, Per?"),
    ("Per Ek", "Vi har fått två nya kameror. Driftstart är preliminärt planerad till vecka elva, nej förlåt, vecka tio."),
    ("Anna Berg", "Tack. Kalmar då?"), ("Åsa Öberg", "Antalet undersökningar har ökat med sjutton procent."),
    ("Anna Berg", "Kan du skicka ut statistiken till nästa möte?"), ("Åsa Öberg", "Ja, det kan jag göra."),
    ("Anna Berg", "Nästa punkt är upphandlingen. Kan vi besluta om den?"), ("Per Ek", "Ja."),
    ("Anna Berg", "Då beslutar vi att avtalet förlängs till den trettionde juni."),
    ("Anna Berg", "Övriga frågor? Inget. Då tar vi nästa möte. Det blir onsdagen den elfte mars klockan tretton."),
    ("Anna Berg", "Tack för i dag, hej då."),
]


def small_talk(talk: Sequence[tuple[str, str]] = TALK) -> tuple[Utterance, ...]:
    return tuple(Utterance(start=n * 10_000, end=n * 10_000 + 9_000, speaker=s, text=t, person=s) for n, (s, t) in enumerate(talk))


def small_meeting(**changes: object) -> Meeting:
    people = tuple(Presence(person=Person(name=n), present=p) for n, p in (
        ("Anna Berg", True), ("Åsa Öberg", True), ("Per Ek", True), ("Tomas Hedin", False)))
    fields: dict[str, object] = {
        "title": "RAG nuklearmedicin", "date": dt.date(2026, 2, 11), "start": dt.time(13), "end": dt.time(14), "place": "Teams",
        "chair": "Anna Berg", "attendance": people, "agenda": AGENDA}
    return Meeting.model_validate(fields | changes)


def small_draft() -> Draft:
    evidence = (Evidence(recording="1", start=751_000, end=760_000, digest="x"),)
    return Draft(
        meeting=small_meeting(), provenance=Provenance(program="Protokollist"), gaps=(Gap(start=1000, end=5000),),
        sections=tuple(DraftSection(item=i.id, title=i.title, statements=(
            Statement(id="1", kind=Kind.DECISION, text="Avtalet <b>förlängs</b>.", evidence=evidence, made_by="compression"),
            Statement(id="2", kind=Kind.ACTION, text="Skickar statistiken.", owner="Talare 2", due="nästa möte", evidence=evidence,
                      made_by="compression", uncertain_at=751_000),
        ) if i.title == "Upphandling" else ()) for i in AGENDA), speakers={"Talare 2": "Åsa Öberg"})


class Scripted:
    """A language model that answers as told, to test what becomes of its answers."""

    name, prompting = "scripted", "minutes"

    def __init__(self, reply: str, sureness: tuple[float, ...] = ()) -> None:
        self.reply, self.sureness, self.requests = reply, sureness, []  # type: ignore[var-annotated]

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        self.requests += requests
        return [Answer(self.reply, self.sureness) for _ in requests]

    def close(self) -> None: ...
