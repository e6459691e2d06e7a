"""Commands on the archive and the backlog: batch, worker, jobs, retention, audit, archive."""

from __future__ import annotations

import getpass
import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table

from models.catalogue import ModelStore
from pipeline.archive import Archive, carry_out, plan
from pipeline.archive import audit as audit_log
from pipeline.archive.archive import DONE, FAILED, OPEN, RUNNING, WAITING, JobView
from pipeline.archive.learning import export, sources
from pipeline.archive.reviews import current
from pipeline.bundle import bundle
from pipeline.console import out, told_in_swedish
from pipeline.errors import UsageError
from pipeline.masking import masked
from pipeline.settings import Settings
from pipeline.stages.render import DEFAULT_TEMPLATE, Look, render_docx, render_text
from pipeline.store import write_atomically
from pipeline.swedish.messages import STAGES

jobs_app = typer.Typer(no_args_is_help=True, help="Jobb: visa, försök igen, avbryt, pausa.")
retention_app = typer.Typer(no_args_is_help=True, help="Gallring enligt reglerna i protokollist.toml ([retention]).")
audit_app = typer.Typer(no_args_is_help=True, help="Loggen över vem som gjort vad.")
archive_app = typer.Typer(no_args_is_help=True, help="Arkivet: säkerhetskopia, återställning, gallringsstopp.")
pairs_app = typer.Typer(no_args_is_help=True, help="Par av samtal och anteckningar ur granskade möten, för att träna om modellen på plats.")
SETTLE = 30.0  # seconds that a file must lie unchanged before it is taken from a watched folder


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(batch)
    app.command()(worker)
    app.command("bundle")(make_bundle)
    for sub, name in ((pairs_app, "pairs"), (jobs_app, "jobs"), (retention_app, "retention"), (audit_app, "audit"), (archive_app, "archive")):
        app.add_typer(sub, name=name)


def who_am_i() -> str:
    """The user of this computer, for the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "okänd"


_DOING = {"hear": "Lyssnar", "write": "Skriver", **STAGES}


def _overview(jobs: list[JobView]) -> Table:
    """Jobs with stage and percent, and the time left by the average of those done."""
    counts = {s: sum(j.status == s for j in jobs) for s in (DONE, RUNNING, WAITING, FAILED)}
    times = [(j.finished - j.started).total_seconds() for j in jobs if j.status == DONE and j.started and j.finished]
    left = f", ungefär {sum(times) / len(times) * (counts[WAITING] + counts[RUNNING]) / 60:.0f} min kvar" if times and (
        counts[WAITING] + counts[RUNNING]) else ""
    table = Table(title=f"{counts[DONE]} klara, {counts[RUNNING]} pågår, {counts[WAITING]} väntar, {counts[FAILED]} fel{left}")
    for column in ("Jobb", "Möte", "Status", "Steg", "%", "Anmärkning"):
        table.add_column(column)
    shown = [j for j in jobs if j.status != WAITING][-30:] + [j for j in jobs if j.status == WAITING][:10]
    for j in shown:
        table.add_row(j.id[:8], j.title, j.status, _DOING.get(j.stage or "", ""), str(j.percent) if j.status == RUNNING else "", j.error or "")
    return table


def batch(
    folder: Annotated[Path, typer.Argument(help="Mapp med möten: en undermapp per möte, eller lösa Teams-filer.")],
    out_folder: Annotated[Path | None, typer.Option("--out", help="Skriv varje utkast även hit, i en mapp per möte.")] = None,
    watch: Annotated[bool, typer.Option(help="Fortsätt och ta nya möten allteftersom de läggs i mappen.")] = False,
    template: Annotated[str | None, typer.Option(help="Mall för utkasten.")] = None,
    language_model: Annotated[str, typer.Option(help="Språkmodell, eller none.")] = "auto",
    queue_only: Annotated[bool, typer.Option(help="Köa bara; arbetet görs av protokollist worker.")] = False,
) -> None:
    """Arbeta igenom en hel mapp med möten. Kan avbrytas och fortsätta; samma möte köas bara en gång.

    Exempel: protokollist batch ~/inspelningar --out ~/utkast
    """
    from pipeline.backlog import Submitter, Worker, find_meetings

    with told_in_swedish():
        settings = Settings()
        archive = Archive(settings)
        options = {"language_model": language_model, **({"out": str(out_folder.resolve())} if out_folder else {}),
                   **({"template": template} if template else {})}
        submitter = Submitter(archive)

        known: dict[tuple[tuple[str, int, int], ...], str] = {}  # files as they lie → job: what has been read is not read again

        def take_in() -> set[str]:
            for found in find_meetings(folder):
                files = {p: p.stat() for p in found.files.values()}
                lie = tuple((str(p), s.st_size, s.st_mtime_ns) for p, s in files.items())
                settled = not watch or all(time.time() - s.st_mtime > SETTLE for s in files.values())
                if settled and lie not in known:
                    known[lie] = submitter.add(found, who=who_am_i(), options=options)[0]
            return set(known.values())

        mine = take_in()
        if not mine and not watch:
            raise UsageError(f"Inga inspelningar eller transkript hittades i {folder}.")
        if queue_only:
            out.print(f"{len(mine)} möten köade.", markup=False)
            return
        doing = Worker(archive)
        doing.start()
        try:
            with Live(_overview(archive.jobs()), console=out, refresh_per_second=1) as live:
                while True:
                    jobs = [j for j in archive.jobs() if j.id in mine]
                    live.update(_overview(jobs))
                    if not watch and not any(j.status in OPEN for j in jobs):
                        break
                    time.sleep(1)
                    if watch:
                        mine |= take_in()
        finally:
            doing.stop()
            submitter.close()
        failed = [j for j in archive.jobs() if j.id in mine and j.status == FAILED]
        for j in failed:
            out.print(f"{j.title}: {j.error}", markup=False)
        if failed:
            raise typer.Exit(1)


def worker(
    queues: Annotated[str, typer.Option(help="Köer att arbeta på: speech, language eller båda.")] = "speech,language",
) -> None:
    """Arbeta på kön tills programmet stoppas. Flera datorer kan dela databas och filarkiv."""
    from pipeline.backlog import Worker

    with told_in_swedish():
        doing = Worker(Archive(Settings()), [q.strip() for q in queues.split(",") if q.strip()], logs=True)
        doing.start()
        out.print(f"Arbetar som {doing.name} på {', '.join(doing.queues)}. Avsluta med Ctrl-C.", markup=False)
        try:
            while True:
                time.sleep(3600)
        finally:
            doing.stop()


@jobs_app.command("list")
def jobs_list(status: Annotated[str | None, typer.Option(help="Bara jobb med denna status.")] = None) -> None:
    """Visa jobben."""
    with told_in_swedish():
        out.print(_overview(Archive(Settings()).jobs(status=status)))


@jobs_app.command("show")
def jobs_show(job: Annotated[str, typer.Argument(help="Jobbets nummer, eller början av det.")]) -> None:
    """Visa ett jobb."""
    with told_in_swedish():
        j = Archive(Settings()).job(job)
        table = Table(show_header=False)
        for name, value in (("Jobb", j.id), ("Möte", f"{j.title} ({j.meeting_id})"), ("Status", j.status), ("Steg", j.stage), ("Försök", j.attempts),
                            ("Arbetare", j.worker), ("Köat", j.created), ("Påbörjat", j.started), ("Klart", j.finished), ("Fel", j.error)):
            table.add_row(name, "" if value is None else str(value))
        out.print(table)


def _change(job: str, what: str) -> None:
    from pipeline.backlog import Submitter

    with told_in_swedish():
        archive = Archive(Settings())
        submitter, found = Submitter(archive), archive.job(job)
        if what == "retry":
            submitter.retry(found, who_am_i())
        elif what == "cancel":
            submitter.cancel(found)
        else:
            submitter.pause(found)
        out.print(f"{found.title}: {archive.job(found.id).status}", markup=False)
        submitter.close()


@jobs_app.command("retry")
def jobs_retry(job: Annotated[str, typer.Argument(help="Jobbets nummer.")]) -> None:
    """Försök igen, eller fortsätt ett pausat jobb. Det som redan är hört hörs inte om."""
    _change(job, "retry")


@jobs_app.command("cancel")
def jobs_cancel(job: Annotated[str, typer.Argument(help="Jobbets nummer.")]) -> None:
    """Avbryt ett jobb."""
    _change(job, "cancel")


@jobs_app.command("pause")
def jobs_pause(job: Annotated[str, typer.Argument(help="Jobbets nummer.")]) -> None:
    """Håll ett jobb tillbaka tills det återupptas med retry."""
    _change(job, "pause")


@retention_app.command("plan")
def retention_plan() -> None:
    """Visa vad som skulle gallras nu, utan att göra det."""
    with told_in_swedish():
        settings = Settings()
        if not settings.retention:
            out.print('Inga gallringsregler finns. Skriv till exempel i protokollist.toml:\n[retention]\n'
                      'recording = "14d efter färdigställd"', markup=False)
            return
        table = Table()
        for column in ("Möte", "Slag", "Fil", "Regel"):
            table.add_column(column)
        for due in plan(Archive(settings), settings.retention):
            table.add_row(due.title, due.kind, due.name, due.rule)
        out.print(table)


@retention_app.command("run")
def retention_run(yes: Annotated[bool, typer.Option("--yes", help="Fråga inte.")] = False) -> None:
    """Gallra nu: filer och rader tas bort på riktigt, och raderingen loggas."""
    with told_in_swedish():
        settings = Settings()
        archive = Archive(settings)
        due = plan(archive, settings.retention)
        if due and not yes and not typer.confirm(f"{len(due)} saker gallras och kan inte återskapas. Fortsätta?"):
            return
        out.print(f"{carry_out(archive, due, who_am_i())} gallrade.", markup=False)


@audit_app.command("verify")
def audit_verify() -> None:
    """Kontrollera att ingen rad i loggen har ändrats eller tagits bort."""
    with told_in_swedish(), Archive(Settings()).session() as session:
        broken = audit_log.first_broken(session)
        out.print("Loggen är hel." if broken is None else f"Loggen är bruten vid rad {broken}.", markup=False)
        if broken is not None:
            raise typer.Exit(1)


@audit_app.command("export")
def audit_export(file: Annotated[Path, typer.Argument(help="Fil (.jsonl).")]) -> None:
    """Skriv loggen till en fil, en rad JSON per händelse."""
    with told_in_swedish(), Archive(Settings()).session() as session:
        write_atomically(file, "".join(f"{line}\n" for line in audit_log.exported(session)).encode())


@pairs_app.command("export")
def pairs_export(file: Annotated[Path, typer.Argument(help="Fil (.jsonl). Läs först igenom paren på sidan Lärande.")]) -> None:
    """Skriv par ur färdigställda möten till en fil, för de grupper som har valt det på sin sida.

    Möten utan grupp är med om learn_from_reviews = true.
    """
    with told_in_swedish():
        archive = Archive(Settings())
        if not sources(archive):
            raise UsageError("Det finns inget att lära av: inget färdigställt möte hör till en grupp som har valt det på sin sida. "
                             "För möten utan grupp: learn_from_reviews = true i protokollist.toml.")
        rows = export(archive, who_am_i())
        write_atomically(file, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode())
        out.print(f"{len(rows)} par i {file}. Läs igenom dem före träning.", markup=False)


@archive_app.command("backup")
def archive_backup(file: Annotated[Path, typer.Argument(help="Säkerhetskopians fil (.tar).")]) -> None:
    """Spara hela arkivet i en fil."""
    with told_in_swedish():
        Archive(Settings()).backup(file)
        out.print(f"Säkerhetskopian ligger i {file}.", markup=False)


@archive_app.command("restore")
def archive_restore(file: Annotated[Path, typer.Argument(help="Säkerhetskopian (.tar).")]) -> None:
    """Återställ arkivet från en säkerhetskopia, där det inte finns något arkiv."""
    with told_in_swedish():
        folder = Settings().archive_folder
        Archive.restore(file, folder)
        out.print(f"Arkivet är återställt i {folder}.", markup=False)


@archive_app.command("hold")
def archive_hold(meeting: Annotated[str, typer.Argument(help="Mötets nummer.")],
                 lift: Annotated[bool, typer.Option("--lift", help="Häv stoppet.")] = False) -> None:
    """Stoppa all gallring av ett möte (till exempel vid en begäran om utlämnande)."""
    with told_in_swedish():
        Archive(Settings()).set_hold(meeting, not lift, who_am_i())


@archive_app.command("export")
def archive_export(
    meeting: Annotated[str, typer.Argument(help="Mötets nummer (jobs show eller adressen i webbläsaren).")],
    file: Annotated[Path, typer.Argument(help="Fil som skrivs: .docx, .md eller .html.")],
    mask: Annotated[bool, typer.Option("--masked", help="Maskera personer, adresser och nummer, för utlämnande.")] = False,
    word: Annotated[list[str] | None, typer.Option(help="Ord som också maskeras, med alla ändelser. Kan anges flera gånger.")] = None,
    template: Annotated[str, typer.Option(help="Mall.")] = DEFAULT_TEMPLATE,
) -> None:
    """Skriv ett mötes anteckningar som de nu ser ut till en fil, vid behov maskerade.

    Vad som får lämnas ut avgör myndigheten. Läs alltid igenom en maskerad fil: programmet kan bara maskera det som det känner till.
    """
    with told_in_swedish():
        archive = Archive(Settings())
        draft, ending = current(archive, meeting).draft, file.suffix.lstrip(".")
        if mask:
            draft = masked(draft, word or ())
        look = Look(template, evidence=False)
        if ending == "docx":
            render_docx(draft, look, file)
        elif ending in ("md", "html"):
            write_atomically(file, render_text(draft, look, ending).encode())
        else:
            raise UsageError(f"{file.name}: ange en fil som slutar på .docx, .md eller .html.")
        with archive.session() as session:
            audit_log.record(session, who_am_i(), "utlämnat maskerat" if mask else "hämtat", meeting, file.name)
        out.print(f"{file} är skriven." + (" Läs igenom den innan den lämnas ut." if mask else ""), markup=False)


def make_bundle(
    folder: Annotated[Path, typer.Argument(help="Mapp som fylls.")],
    source: Annotated[Path, typer.Option(help="Mappen med källkoden.")] = Path("."),
    platform: Annotated[str | None, typer.Option(help="För ett annat system: linux, windows eller mac.")] = None,
) -> None:
    """Samla program, paket och modeller i en mapp för en dator helt utan nätverk."""
    with told_in_swedish():
        store = ModelStore(Settings().models_folder)
        count = bundle(source, folder, store, platform, lambda line: out.print(line, markup=False))
        out.print(f"{count} filer i {folder}. Se LÄSMIG.txt där.", markup=False)
