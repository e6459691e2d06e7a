"""The command ``protokollist``."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models.loading import keep_offline

keep_offline()

from models.catalogue import EMBEDDED, ModelStore  # noqa: E402
from models.loading import chosen_language, chosen_speech  # noqa: E402
from pipeline import __version__, cli_archive, cli_web  # noqa: E402
from pipeline.console import INTERRUPTED, out, told_in_swedish  # noqa: E402
from pipeline.errors import DocumentError, OutputError, RecordingError, UsageError  # noqa: E402
from pipeline.gather import OUTPUT_FOLDER, Found, gather, single  # noqa: E402
from pipeline.meeting import Draft  # noqa: E402
from pipeline.progress import reporter  # noqa: E402
from pipeline.run import STAGES, Options, Run, cached_model, read_speakers, write_draft  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.stages.house_template import check_template  # noqa: E402
from pipeline.stages.render import DEFAULT_TEMPLATE, Look  # noqa: E402
from pipeline.store import Store, write_atomically  # noqa: E402

app = typer.Typer(no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False,
                  help="Från inspelat Teams-möte till utkast till minnesanteckningar, helt på den egna datorn.")
models_app = typer.Typer(no_args_is_help=True, help="Modeller: visa, hämta och kontrollera.")
cache_app = typer.Typer(no_args_is_help=True, help="Mellanresultat som gör att färdiga steg inte körs om.")
templates_app = typer.Typer(no_args_is_help=True, help="Egna Word-mallar.")
app.add_typer(models_app, name="models")
app.add_typer(templates_app, name="templates")
app.add_typer(cache_app, name="cache")
cli_archive.register(app)
cli_web.register(app)


def _output_folder(material: Path, chosen: Path | None) -> Path:
    if chosen:
        return chosen
    return material / OUTPUT_FOLDER if material.is_dir() else material.parent / f"{material.stem}-utkast"


def _check_writable(folder: Path) -> None:
    """Raises OutputError before the long work when its result could not be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(f"Det går inte att skriva i {folder}: {error.strerror}. Ange en annan mapp med --out.") from error


@app.command()
def draft(
    material: Annotated[Path, typer.Argument(help="Inspelning, transkript (.vtt, .docx) eller en mapp med mötets filer.")],
    agenda: Annotated[Path | None, typer.Option(help="Dagordning: .md, .txt, .docx eller .ics.")] = None,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Mapp för utkastet.")] = None,
    template: Annotated[str | None, typer.Option(
        help="Mall: minnesanteckningar, beslutsprotokoll, diskussionsprotokoll eller en egen .docx.")] = None,
    first_paragraph: Annotated[int, typer.Option(min=1, help="Första paragrafens nummer i ett protokoll.")] = 1,
    model: Annotated[str, typer.Option(help="Talmodell: namn ur katalogen eller mapp.")] = "auto",
    language_model: Annotated[str, typer.Option(
        help="Språkmodell: namn ur katalogen, mapp, .gguf-fil, http-adress till egen server, eller none.")] = "auto",
    speakers: Annotated[Path | None, typer.Option(help='TOML-fil med namn på talare ("Talare 1" = "Anna Berg").')] = None,
    group: Annotated[Path | None, typer.Option(help="Gruppfil (grupp.toml): medlemmar, stående dagordning, ordlista, mall.")] = None,
    previous: Annotated[Path | None, typer.Option(
        help="Föregående mötes anteckningar (.docx, .md, .txt eller draft.json): öppna åtgärder tas med.")] = None,
    compare: Annotated[bool, typer.Option(
        help="Lyssna även på inspelningen när det finns ett Teams-transkript, och jämför.")] = True,
    restart_from: Annotated[str | None, typer.Option("--from", help=f"Kör om från ett steg: {', '.join(STAGES)}.")] = None,
    evidence: Annotated[bool, typer.Option(help="Visa tidskoder i .docx, .pdf och .html.")] = True,
    explain: Annotated[bool, typer.Option(help="Visa vad som föreslogs, valdes bort och varför.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Inget förlopp.")] = False,
    json_log: Annotated[bool, typer.Option("--json-log", help="Förlopp som JSON-rader.")] = False,
) -> None:
    """Skriv ett utkast från en inspelning, ett transkript eller en mapp.

    Exempel: protokollist draft mote.mp4 --agenda dagordning.md
    """
    with told_in_swedish():
        if not material.exists():
            raise RecordingError(f"{material} finns inte.")
        found = gather(material, group, previous) if material.is_dir() else single(material, agenda, group, previous)
        if material.is_dir() and agenda:
            raise UsageError("Ange antingen en mapp (där dagordningen hittas) eller en fil med --agenda.")
        _draft(found, _output_folder(material, out_folder), Options(
            look=Look(template or found.sources.group.mall or DEFAULT_TEMPLATE, evidence, first_paragraph), compare=compare,
            speech_model=model, language_model=language_model, restart_from=restart_from,
            speakers=read_speakers(speakers) if speakers else {}), quiet, json_log, explain)


def _draft(found: Found, folder: Path, options: Options, quiet: bool, json_log: bool, explain: bool) -> None:
    _check_writable(folder)
    with reporter(quiet=quiet, json_log=json_log) as report:
        run = Run(Settings(), options, report)
        drafted = run.draft(found)
        written = write_draft(drafted, folder, options.look)
    if explain:
        for item, lines in drafted.trace.items():
            out.print(f"\n{item or 'Utan punkt'}", style="bold", markup=False)
            for line in lines:
                out.print(f"  {line}", markup=False)
    if quiet:
        return
    table = Table(title="Utkastet", show_header=True)
    table.add_column("Fil")
    table.add_column("Innehåll")
    for kind, path in written.paths.items():
        table.add_row(str(path), _CONTENT[kind])
    out.print(table)
    times = Table(title="Tid per steg")
    times.add_column("Steg")
    times.add_column("Sekunder", justify="right")
    for stage, seconds in drafted.seconds.items():
        times.add_row(stage, f"{seconds:.1f}")
    out.print(times)
    for path in written.kept:
        out.print(f"{path.name} har redigerats och lämnades orörd; det nya utkastet har fått ett nummer.", markup=False)
    for warning in drafted.draft.warnings:
        out.print(f"Obs: {warning}", markup=False)
    heard = drafted.draft.provenance.speech_model or "Teams-transkript"
    out.print(f"Hört av {heard}, skrivet av {drafted.draft.provenance.language_model}. Granska mot inspelningen före utskick.",
              markup=False)


_CONTENT = {"docx": "utkastet i Word", "pdf": "utkastet som PDF", "md": "utkastet som text",
            "html": "utkastet att läsa, med granskningslista",
            "json": "allt med belägg", "vtt": "transkript (undertext)", "transcript": "transkript att läsa",
            "review": "att granska"}


@app.command()
def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Mapp för utkastet.")] = Path("demo-utkast"),
    language_model: Annotated[str, typer.Option(help="Språkmodell, eller none.")] = "auto",
) -> None:
    """Hämta de inbyggda modellerna om de saknas och skriv ett utkast från exempelinspelningen."""
    with told_in_swedish():
        store = ModelStore(Settings().models_folder)
        for entry in store.models.values():
            if entry.embedded and not store.is_present(entry.name):
                store.pull(entry.name, lambda line: out.print(line, markup=False))
        with as_file(files("samples")) as samples:
            found = gather(Path(samples) / "mote")
            _draft(found, out_folder, Options(language_model=language_model), False, False, False)


@models_app.command("list")
def models_list() -> None:
    """Visa katalogens modeller och vilka som finns på datorn."""
    store = ModelStore(Settings().models_folder)
    table = Table()
    for column in ("Namn", "Uppgift", "Licens", "Minne", "Finns", "Beskrivning"):
        table.add_column(column)
    for entry in store.models.values():
        table.add_row(entry.name, entry.task, entry.licence, f"{entry.memory_mb} MB",
                      "ja" if store.is_present(entry.name) else "nej", entry.title + (" [inbyggd]" if entry.embedded else ""))
    out.print(table)


@models_app.command("pull")
def models_pull(name: Annotated[str, typer.Argument(help=f"Modellens namn, eller {EMBEDDED} för alla inbyggda.")]) -> None:
    """Hämta en modell och kontrollera den. Det enda kommando som öppnar en förbindelse ut."""
    with told_in_swedish():
        for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
            os.environ.pop(variable, None)
        ModelStore(Settings().models_folder).pull(name, lambda line: out.print(line, markup=False))


@models_app.command("verify")
def models_verify() -> None:
    """Kontrollera kontrollsumman för varje modell som finns."""
    with told_in_swedish():
        store = ModelStore(Settings().models_folder)
        for entry in store.models.values():
            if store.is_present(entry.name):
                for note in store.path(entry.name).glob(".*.checked"):
                    note.unlink()
                store.verify(entry.name)
                out.print(f"{entry.name}: kontrollsumman stämmer", markup=False)


@app.command()
def doctor() -> None:
    """Visa vad som kommer att användas, vad som saknas, minne, trådar och GPU."""
    with told_in_swedish():
        import ctranslate2

        settings = Settings()
        store = ModelStore(settings.models_folder)
        speech, language = chosen_speech(settings, store), chosen_language(settings)
        needed = [n for n in (speech, language, settings.speaker_model) if n in store.models]
        missing = [n for n in needed if not store.is_present(n)]
        rows = {
            "Version": __version__, "Python": platform.python_version(), "System": platform.platform(),
            "Trådar": str(settings.threads), "GPU": str(ctranslate2.get_cuda_device_count()),
            "Minne": _memory(), "Ledigt diskutrymme": f"{shutil.disk_usage(Path.home()).free // 2**30} GB",
            "Modeller i": str(settings.models_folder), "Mellanresultat i": str(settings.cache_folder),
            "Talmodell": speech, "Språkmodell": language, "Röstmodell": settings.speaker_model,
            "Saknas": ", ".join(missing) or "inget",
        }
        table = Table(show_header=False)
        for name, value in rows.items():
            table.add_row(name, value)
        out.print(table)
        if missing:
            out.print(f"Hämta det som saknas: protokollist models pull {EMBEDDED}", markup=False)
            raise typer.Exit(5)


def _memory() -> str:
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**20} MB"
    return "okänt"


@templates_app.command("check")
def templates_check(
    file: Annotated[Path, typer.Argument(help="Word-mall (.docx) med fält enligt docs/templates.md.")],
    preview: Annotated[Path | None, typer.Option(help="Skriv ett prov med påhittat innehåll hit.")] = None,
) -> None:
    """Kontrollera en egen Word-mall: okända fält, fält som saknas, och ett prov."""
    with told_in_swedish():
        if not file.is_file():
            raise DocumentError(f"Mallen {file} finns inte.")
        shown = preview or file.with_name(f"{file.stem}-prov.docx")
        report = check_template(file, shown)
        for field in report.unknown:
            out.print(f"Okänt fält: {field}", markup=False)
        for field, told in report.missing.items():
            out.print(f"Saknas: {field} ({told})", markup=False)
        if not report.usable:
            raise DocumentError("Mallen kan inte användas förrän de okända fälten är rättade eller borttagna.")
        out.print(f"Mallen kan användas. Ett prov ligger i {shown}.", markup=False)


@cache_app.command("clear")
def cache_clear() -> None:
    """Ta bort alla mellanresultat (transkript och förslag)."""
    with told_in_swedish():
        out.print(f"{Store(Settings().steps_folder).clear()} mellanresultat borttagna.", markup=False)


@app.command("schema")
def schema() -> None:
    """Skriv JSON-schemat för draft.json."""
    print(json.dumps(Draft.model_json_schema(), ensure_ascii=False, indent=1))


@app.command("evaluate-pairs")
def evaluate_pairs(
    pairs: Annotated[Path, typer.Argument(help="Par av samtal och anteckningar (.jsonl).")],
    out_file: Annotated[Path, typer.Option("--out", help="Fil för förslagen (.jsonl).")],
    language_model: Annotated[str, typer.Option(help="Språkmodell, eller none.")] = "auto",
) -> None:
    """Skriv modellens förslag för varje par, i poängsättarens form."""
    from models.minutes.pairs import read_pairs
    from pipeline.evaluation import predict

    with told_in_swedish():
        settings = Settings(language_model=language_model)
        store = ModelStore(settings.models_folder)
        name = chosen_language(settings)
        listed = list(read_pairs(pairs))
        loaded = cached_model(name, settings, store, Store(settings.steps_folder))
        rows: list[dict[str, Any]] = predict(listed, loaded)
        write_atomically(out_file, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode())
        out.print(f"{len(rows)} par skrivna till {out_file}", markup=False)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Visa version.")] = False) -> None:
    if version:
        print(f"protokollist {__version__}")
        raise typer.Exit()


def main() -> None:
    """Entry point: Ctrl-C before a command has begun is told like any other."""
    try:
        app()
    except KeyboardInterrupt:
        print("Avbrutet.", file=sys.stderr)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
