"""One meeting through the stages: cache, resume, progress, output."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from models.catalogue import ModelStore, sha256_of
from models.language import Answer, LanguageModel, Prompting, Request
from models.loading import (
    AUTO,
    NONE,
    chosen_language,
    chosen_speech,
    identity,
    load_language,
    load_speech,
    load_voices,
)
from pipeline import __version__
from pipeline.errors import DocumentError, UsageError
from pipeline.facts import meeting_facts
from pipeline.gather import Found, Part
from pipeline.group import Group, without_names
from pipeline.join import Heard as HeardPart
from pipeline.join import joined
from pipeline.meeting import (
    Draft,
    DraftSection,
    Gap,
    Kind,
    Meeting,
    Ms,
    Provenance,
    Section,
    Statement,
    Transcript,
    Turn,
    Utterance,
    Word,
    timecode,
)
from pipeline.settings import Settings
from pipeline.stages import condense as condense_stage
from pipeline.stages import ingest as ingest_stage
from pipeline.stages.attribute import persons_of, utterances_of, with_terms
from pipeline.stages.compare import checked_transcript
from pipeline.stages.diarize import diarize, named_turns
from pipeline.stages.render import Look, render_docx, render_pdf, render_text, review_points
from pipeline.stages.segment import segment
from pipeline.stages.transcribe import Heard, transcribe
from pipeline.store import Store, key_of, write_atomically
from pipeline.swedish.messages import UNTITLED
from pipeline.swedish.sounds import Term

STAGES = ("ingest", "transcribe", "diarize", "attribute", "segment", "condense", "render")
SHARED_TIME: Ms = 20_000
SHARED_SHARE = 0.2
TRANSCRIBE_VERSION = "3"
DIARIZE_VERSION = "2"
Report = Callable[[str, float], None]


@dataclass
class Options:
    """What the user asked for."""

    look: Look = field(default_factory=Look)
    speech_model: str = "auto"
    language_model: str = "auto"
    restart_from: str | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)
    compare: bool = True


@dataclass(frozen=True)
class Drafted:
    """A draft with its transcript, how long each stage took (s) and why statements were chosen."""

    draft: Draft
    transcript: Transcript
    seconds: dict[str, float]
    trace: dict[str, tuple[str, ...]]


class _Clock:
    """Times each stage and passes progress on."""

    def __init__(self, report: Report) -> None:
        self.seconds: dict[str, float] = {}
        self._report = report

    def stage(self, name: str) -> Callable[[float], None]:
        self._name, self._began = name, time.perf_counter()
        self._report(name, 0.0)
        return lambda share: self._report(name, share)

    def done(self) -> None:
        self.seconds[self._name] = time.perf_counter() - self._began
        self._report(self._name, 1.0)


_ANSWER = TypeAdapter(Answer)


class CachedModel:
    """A language model whose answers are kept, loaded only when one is missing."""

    def __init__(self, load: Callable[[], LanguageModel], identifier: str, prompting: Prompting, store: Store,
                 *, fresh: bool = False) -> None:
        self._load, self._identifier, self._store, self._fresh = load, identifier, store, fresh
        self._model: LanguageModel | None = None
        self.prompting: Prompting = prompting
        self.name = identifier

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        keys = [key_of("sure answer", self._identifier, r.text, r.messages, r.grammar, temperature, seed) for r in requests]
        answers = [None if self._fresh or (kept := self._store.get(k)) is None else _ANSWER.validate_json(kept) for k in keys]
        missing = [i for i, a in enumerate(answers) if a is None]
        if missing:
            if self._model is None:
                self._model = self._load()
            made = self._model.answer([requests[i] for i in missing], temperature=temperature, seed=seed)
            for i, answer in zip(missing, made, strict=True):
                answers[i] = answer
                self._store.put(keys[i], _ANSWER.dump_json(answer).decode())
        return [a or Answer("") for a in answers]

    def close(self) -> None:
        if self._model is not None:
            self._model.close()


def cached_model(name: str, settings: Settings, models: ModelStore, store: Store, *, fresh: bool = False) -> CachedModel | None:
    """The language model of a name, folder or address, loaded at the first answer that is not stored; None for "none"."""
    if name == NONE:
        return None

    def load() -> LanguageModel:
        model = load_language(name, settings, models)
        assert model is not None
        return model

    entry = models.models.get(name)
    return CachedModel(load, identity(name, models), entry.prompting if entry else "chat", store, fresh=fresh)


def read_speakers(path: Path) -> dict[str, str]:
    """Names of speakers from a TOML file ("Talare 1" = "Anna Berg"). Raises DocumentError."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(f"Filen med talare, {path}, går inte att läsa: {error}") from error
    rows = rows.get("talare", rows)
    if not all(isinstance(v, str) for v in rows.values()):
        raise DocumentError(f'{path} ska ha rader som "Talare 1" = "Anna Berg".')
    return {str(k): v for k, v in rows.items()}


class Run:
    """Drafts meetings with one set of models and one store."""

    def __init__(self, settings: Settings, options: Options, report: Report = lambda _, __: None) -> None:
        if options.restart_from and options.restart_from not in STAGES:
            raise UsageError(f"Okänt steg ”{options.restart_from}”. Välj bland: {', '.join(STAGES)}.")
        chosen = {"speech_model": options.speech_model, "language_model": options.language_model}
        self.settings = settings.model_copy(update={k: v for k, v in chosen.items() if v != AUTO})
        self.options, self._report = options, report
        self.models = ModelStore(settings.models_folder)
        self.store = Store(settings.steps_folder)

    def _fresh(self, stage: str) -> bool:
        start = self.options.restart_from
        return start is not None and STAGES.index(stage) >= STAGES.index(start)

    def draft(self, found: Found) -> Drafted:
        """The draft of a meeting. Raises ProtokollistError with a message for the user."""
        clock = _Clock(self._report)
        listened = any(p.recording and (self.options.compare or not p.transcript) for p in found.parts)
        speech_name = chosen_speech(self.settings, self.models) if listened else None
        invited, group = meeting_facts(found.sources), found.sources.group
        terms = [*invited.names, *(t.written for t in group.terms)]
        parts = [HeardPart(p.name, p.start, self._part(p, speech_name, terms, found, clock)) for p in found.parts]
        transcript = joined(parts)
        clock.stage("attribute")
        corrected = with_terms(transcript.utterances, group.terms, expected_names(invited))
        meeting = meeting_facts(found.sources, corrected, self.options.speakers, _shared_names(transcript))
        utterances = persons_of(meeting, corrected, self.options.speakers)
        clock.done()
        clock.stage("segment")
        sections = segment(meeting, utterances)
        clock.done()
        language_name = chosen_language(self.settings)
        progress = clock.stage("condense")
        condensed = self._condense(meeting, sections, language_name, progress)
        if group.avidentifiera:
            condensed = tuple(_deidentified(c, meeting, group) for c in condensed)
        clock.done()
        titles = {i.id: i.title for i in meeting.agenda}
        draft = Draft(
            meeting=meeting,
            sections=tuple(DraftSection(item=c.item, title=titles.get(c.item or "", meeting.title or UNTITLED),
                                        statements=c.statements)
                           for c in condensed if c.item is not None or not titles),
            gaps=transcript.gaps, recordings=transcript.recordings, open_actions=found.sources.open_actions,
            withheld=tuple(w for c in condensed for w in c.withheld),
            speakers={u.speaker: u.person or u.speaker for u in utterances},
            warnings=tuple(dict.fromkeys((*found.warnings, *transcript.warnings))),
            provenance=Provenance(
                program=f"Protokollist {__version__}", speech_model=speech_name,
                language_model=language_name, prompt_version=condense_stage.VERSION, sources=dict(found.files or {}),
                checksums={n: identity(n, self.models) for n in (speech_name, language_name) if n}))
        return Drafted(draft, transcript.model_copy(update={"utterances": utterances}), clock.seconds,
                       {c.item or "": c.trace for c in condensed})

    def write_item(self, meeting: Meeting, transcript: Transcript, item: str | None, group: Group) -> tuple[Statement, ...]:
        """The statements of one item from a transcript as it stands, with names and corrections. Raises ProtokollistError.

        Every item is gone through, so that what belongs where and how much is said are judged as in a whole draft;
        only what was changed is asked of the model again.
        """
        condensed = self._condense(meeting, segment(meeting, transcript.utterances), chosen_language(self.settings), lambda _: None)
        found = (_deidentified(c, meeting, group) if group.avidentifiera else c for c in condensed)
        return tuple(s for c in found if c.item == item for s in c.statements)

    def hear(self, found: Found) -> None:
        """Listen to every recording of a meeting and keep the result. Raises ProtokollistError."""
        clock = _Clock(self._report)
        for part in found.parts:
            if part.recording and (self.options.compare or not part.transcript):
                self._listen(part.recording, chosen_speech(self.settings, self.models), found, clock)

    def _part(self, part: Part, speech_name: str | None, terms: Sequence[str], found: Found, clock: _Clock) -> Transcript:
        """What was said in one recording: as Teams wrote it, as we hear it, or Teams' text checked by our hearing."""
        written = part.transcript
        if part.recording is None or (written and not self.options.compare):
            assert written is not None
            return written
        assert speech_name is not None
        words, turns, heard = self._listen(part.recording, speech_name, found, clock)
        if written is None:
            return heard
        clock.stage("attribute")
        checked = checked_transcript(written, heard, words, turns, terms)
        clock.done()
        return checked

    def _condense(self, meeting: Meeting, sections: tuple[Section, ...], name: str,
                  progress: Callable[[float], None]) -> tuple[condense_stage.Condensed, ...]:
        model = cached_model(name, self.settings, self.models, self.store, fresh=self._fresh("condense"))
        try:
            return condense_stage.condense(meeting, sections, model, progress)
        finally:
            if model is not None:
                model.close()

    def _listen(self, recording: Path, speech_name: str, found: Found, clock: _Clock
                ) -> tuple[list[Word], list[Turn], Transcript]:
        """Words, voices and transcript of a recording, each from the store when they are there."""
        content = sha256_of(recording) if recording.is_file() and recording.stat().st_size else recording.name
        words_key = key_of("transcribe", TRANSCRIBE_VERSION, content, identity(speech_name, self.models), self.settings.beam_size)
        turns_key = key_of("diarize", DIARIZE_VERSION, content, identity(self.settings.speaker_model, self.models))
        heard_row = None if self._fresh("transcribe") else self.store.get(words_key)
        turns_row = None if self._fresh("diarize") else self.store.get(turns_key)
        if heard_row is None or turns_row is None:
            progress = clock.stage("ingest")
            with ingest_stage.decode(recording, progress) as audio:
                clock.done()
                if heard_row is None:
                    progress = clock.stage("transcribe")
                    from models.speech import voiced_spans

                    speech = load_speech(speech_name, self.settings, self.models)
                    heard = transcribe(audio, speech, voiced_spans, _expected_words(found), progress)
                    del speech
                    heard_row = _heard_row(heard, audio.duration, audio.warnings)
                    self.store.put(words_key, heard_row)
                    clock.done()
                if turns_row is None:
                    progress = clock.stage("diarize")
                    from models.pyannote import PyannotePipeline
                    from models.voices import FRAME_OFFSET, FRAME_STEP, mel_features

                    voices = load_voices(self.settings, self.models)
                    found_turns = (named_turns(voices.spans(audio.piece(0, audio.duration))) if isinstance(voices, PyannotePipeline)
                             else diarize(audio, voices, mel_features, (FRAME_OFFSET, FRAME_STEP), progress))
                    turns_row = [[t.start, t.end, t.speaker] for t in found_turns]
                    self.store.put(turns_key, turns_row)
                    clock.done()
                del audio
        words = [Word(start=a, end=b, text=t, probability=p) for a, b, t, p in heard_row["words"]]
        turns = [Turn(start=a, end=b, speaker=s) for a, b, s in turns_row]
        return words, turns, Transcript(
            utterances=utterances_of(words, turns), gaps=tuple(Gap(start=a, end=b) for a, b in heard_row["gaps"]),
            duration=heard_row["duration"], source=speech_name, warnings=tuple(heard_row["warnings"]))


def _shared_names(transcript: Transcript) -> list[str]:
    """Teams names of people under which two voices each speak for long."""
    voiced: dict[str, Counter[str]] = defaultdict(Counter)
    for u in transcript.utterances:
        if u.voice and u.voice != u.speaker:
            voiced[u.speaker][u.voice] += u.end - u.start
    return [name for name, times in voiced.items() if len(times) > 1 and (second := times.most_common(2)[1][1]) >= SHARED_TIME
            and second >= SHARED_SHARE * sum(times.values())]


def _deidentified(c: condense_stage.Condensed, meeting: Meeting, group: Group) -> condense_stage.Condensed:
    """What is told of staff without their names; who has a task or was elected is still told."""
    return replace(c, statements=tuple(
        s if s.kind is not Kind.INFORMATION else s.model_copy(update={"text": without_names(s.text, meeting.names, group)})
        for s in c.statements))


def _heard_row(heard: Heard, duration: int, warnings: tuple[str, ...]) -> dict[str, Any]:
    return {"words": [[w.start, w.end, w.text, w.probability] for w in heard.words],
            "gaps": [[g.start, g.end] for g in heard.gaps], "duration": duration,
            "warnings": [*warnings, *heard.warnings]}


def expected_names(meeting: Meeting) -> list[Term]:
    """The names of those invited, whole and by their parts, for the correction of what we heard ourselves."""
    return [Term(part) for name in meeting.names for part in dict.fromkeys((name, *name.split()))]


def _expected_words(found: Found) -> list[str]:
    """Names and terms that the recogniser should expect: from agenda, invitation and attendance."""
    meeting = meeting_facts(found.sources)
    terms: list[str] = []
    for item in meeting.agenda:
        terms.append(item.title)
    names = list(meeting.names)
    places = [e.name for e in meeting.endpoints]
    return [meeting.title, *meeting.glossary, *names, *terms, *places]


# ------------------------------------------------------------------ output


def transcript_vtt(transcript: Transcript) -> str:
    """The transcript as WebVTT with voice tags."""
    def stamp(ms: int) -> str:
        return f"{timecode(ms)}.{max(0, ms) % 1000:03d}"

    def safe(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    cues = [f"{n}\n{stamp(u.start)} --> {stamp(u.end)}\n<v {safe(_speaker(u))}>{safe(u.text)}</v>"
            for n, u in enumerate(transcript.utterances, 1)]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def transcript_md(transcript: Transcript) -> str:
    """The transcript to read, with times and gaps."""
    lines = ["# Transkript", ""]
    marks = sorted([*((u.start, f"**{_speaker(u)}** [{timecode(u.start)}] {u.text}") for u in transcript.utterances),
                    *((g.start, f"[ohörbart {timecode(g.start)}–{timecode(g.end)}]") for g in transcript.gaps)])
    for _, line in marks:
        lines += [line, ""]
    return "\n".join(lines)


def _speaker(u: Utterance) -> str:
    return u.person if u.person and u.person == u.speaker else (f"{u.person} ({u.speaker})" if u.person else u.speaker)


def review_md(draft: Draft) -> str:
    """The reviewer's list."""
    points = review_points(draft)
    return "# Att granska\n\n" + ("\n".join(f"- {p}" for p in points) if points else "Inget särskilt att kontrollera.") + "\n"


MANIFEST = ".protokollist.json"


FileKind = Literal["docx", "pdf", "md", "html", "json", "vtt", "transcript", "review"]


@dataclass(frozen=True)
class Written:
    """The files of a draft: path by kind, and those that a person had edited and that were left alone."""

    paths: dict[FileKind, Path]
    kept: tuple[Path, ...]


def write_draft(drafted: Drafted, folder: Path, look: Look) -> Written:
    """Write the documents of a draft. A file that was edited since we wrote it is never overwritten:
    the new one gets a number. Raises OutputError, DocumentError.
    """
    draft = drafted.draft
    with tempfile.TemporaryDirectory(prefix="protokollist-") as scratch:
        word = Path(scratch) / "utkast.docx"
        render_docx(draft, look, word)
        plain = replace(look, evidence=False)
        contents: list[tuple[FileKind, str, bytes]] = [
            ("docx", f"{look.name}.docx", word.read_bytes()),
            ("pdf", f"{look.name}.pdf", render_pdf(draft, look)),
            ("md", f"{look.name}.md", render_text(draft, plain, "md").encode()),
            ("html", f"{look.name}.html", render_text(draft, look, "html").encode()),
            ("json", "draft.json", draft.model_dump_json(indent=1).encode()),
            ("vtt", "transcript.vtt", transcript_vtt(drafted.transcript).encode()),
            ("transcript", "transcript.md", transcript_md(drafted.transcript).encode()),
            ("review", "att-granska.md", review_md(draft).encode()),
        ]
    manifest_path = folder / MANIFEST
    try:
        manifest: dict[str, str] = json.loads(manifest_path.read_text("utf-8"))
    except (OSError, ValueError):
        manifest = {}
    paths: dict[FileKind, Path] = {}
    kept: list[Path] = []
    for kind, name, data in contents:
        path = _free_path(folder / name, manifest)
        if path.name != name:
            kept.append(folder / name)
        write_atomically(path, data)
        manifest[path.name] = hashlib.sha256(data).hexdigest()
        paths[kind] = path
    write_atomically(manifest_path, json.dumps(manifest, indent=1).encode())
    return Written(paths, tuple(kept))


def _free_path(path: Path, manifest: Mapping[str, str]) -> Path:
    """The path itself when it is free or still as we wrote it, else the first numbered one that is."""
    candidate, number = path, 2
    while candidate.exists():
        if manifest.get(candidate.name) == sha256_of(candidate):
            return candidate
        candidate = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return candidate
