"""`crawl` and `import`: mentions come in. Both only store, unless --read says to go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from core.config import Source
from core.errors import ConfigError, InputError
from core.plugins import names
from crawlers.run import CrawlOutcome, CrawlProgress, SourceOutcome
from fengping import jsonform, pipeline
from fengping.assembly import Assembly, now, opened
from fengping.terminal import HomeOption, JsonOption, bars, put, say

if TYPE_CHECKING:
    from crawlers.import_work import ImportReport

ReadOption = Annotated[bool, typer.Option("--read", help="Go on: read, index and watch what came in.")]


def register(app: typer.Typer) -> None:
    app.command()(crawl)
    app.command("import")(import_)


def crawl(
    spider: Annotated[str, typer.Argument(help="reviews, recipe or feed; none: every configured source.")] = "",
    urls: Annotated[list[str] | None, typer.Argument(help="Where to start.", metavar="URL…")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
    recipe: Annotated[Path | None, typer.Option(help="The recipe's TOML file.")] = None,
    source: Annotated[str, typer.Option(help="The source's name (default: the host), or a configured one.")] = "",
    brand: Annotated[str, typer.Option(help="The brand these pages are about.")] = "",
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Allow loopback and private addresses.")
    ] = False,
    own: Annotated[bool, typer.Option("--own", help="The site is yours: robots.txt is not asked.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Walk everything, known ground too.")] = False,
    concurrency: Annotated[int, typer.Option(help="Pages at once.", min=1, max=64)] = 8,
    autothrottle: Annotated[bool, typer.Option(help="Slow down when the site does.")] = True,
    read: ReadOption = False,
) -> None:
    """Collect pages: the address given, or every configured source."""
    with opened(home) as assembly:
        if urls or recipe:
            made = _source(spider, tuple(urls or ()), recipe, source)
            extra = {
                "brand": brand,
                "allow_private": allow_private,
                "own": own,
                "concurrency": concurrency,
                "autothrottle": autothrottle,
            }
            sources = [made.model_copy(update=extra)]
        else:
            sources = configured(assembly, source or spider)
        outcome = run_crawl(assembly, sources, full)
        for row in outcome.sources:
            put(jsonform.line(crawl_form(row))) if json else say(crawl_line(row))
        if read:
            _go_on(assembly)
    raise typer.Exit(1 if outcome.error or any(s.error for s in outcome.sources) else 0)


def _source(spider: str, urls: tuple[str, ...], recipe: Path | None, name: str) -> Source:
    if spider not in names("crawlers.spiders"):
        raise InputError(f"no spider is called {spider!r}; there are: {', '.join(names('crawlers.spiders'))}.")
    if spider == "recipe" and recipe is None:
        raise InputError("the recipe spider needs --recipe FILE (docs/adding-a-source.md shows one).")
    host = urlsplit(urls[0]).hostname if urls else recipe.stem if recipe else ""
    if not host:
        raise InputError(f"{urls[0]!r} is no web address; it begins with http:// or https://.")
    return Source(name=name or host, spider=spider, urls=urls, recipe=str(recipe.resolve()) if recipe else "")


def configured(assembly: Assembly, name: str) -> list[Source]:
    """The configured sources, or the one with this name. Raises ConfigError when there is none."""
    known = assembly.project.sources
    chosen = [s for s in known if name in {"", s.name}]
    if not chosen:
        if not name:
            raise ConfigError(f"{assembly.home.config}: no source is configured. Add one, or give a spider and a URL.")
        there = ", ".join(s.name for s in known) or "none yet"
        raise ConfigError(
            f"{assembly.home.config}: no source is called {name!r} (there are: {there}). "
            "Give a spider and a URL, or add it."
        )
    return chosen


def run_crawl(assembly: Assembly, sources: list[Source], full: bool = False) -> CrawlOutcome:
    """Crawls with a bar for each source."""
    with bars() as report:

        def progress(step: CrawlProgress) -> None:
            report(step.source, step.done, step.done + step.waiting)

        return pipeline.collect(assembly, sources, full, progress)


def crawl_form(found: SourceOutcome) -> dict[str, jsonform.Json]:
    """SourceHealth of this crawl, added up, with what became of the mentions."""
    sums = jsonform.health(found.health)
    counts = {"new": found.new, "changed": found.changed, "same": found.same}
    return {"source": found.source, **sums, **counts, "error": found.error or None}


def crawl_line(found: SourceOutcome) -> str:
    """One line for the terminal, with the notes of the source under it."""
    form = jsonform.health(found.health)
    text = (
        f"{found.source}: {form['answered']} of {form['asked']} pages answered "
        f"({form['refused']} refused, {form['failed']} failed), {form['items']} items: "
        f"{found.new} new, {found.changed} changed, {found.same} known"
    )
    notes = sorted({note for row in found.health for note in row.notes if note not in found.error})
    return "\n  ".join([text, *notes, *([found.error] if found.error else [])])


def import_(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, JSONL or Excel.")],
    home: HomeOption = None,
    json: JsonOption = False,
    map: Annotated[
        str, typer.Option(help="text=review,rating=stars,product=sku,time=date", metavar="FIELD=COLUMN,…")
    ] = "",
    scale: Annotated[str, typer.Option(help="The scale of the ratings, e.g. 1-5 or 0-10.")] = "",
    source: Annotated[str, typer.Option(help="The source's name (default: the file's).")] = "",
    brand: Annotated[str, typer.Option(help="The brand all rows are about.")] = "",
    product: Annotated[str, typer.Option(help="The product all rows are about.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come in; store nothing.")] = False,
    read: ReadOption = False,
) -> None:
    """Bring in a file of yours. Rows that cannot be read are listed in a file; none is lost silently."""
    with opened(home) as assembly:
        report = _import(assembly, file, map, scale, source or file.stem, brand, product, dry_run)
        put(jsonform.line(report)) if json else say(_import_lines(file, report))
        if read and not dry_run:
            _go_on(assembly)
    raise typer.Exit(0)


def _import(
    assembly: Assembly, file: Path, map: str, scale: str, source: str, brand: str, product: str, dry: bool
) -> ImportReport:
    from crawlers.importing import Mapping, import_file, parse_scale  # openpyxl takes a while, and only this needs it

    bad = assembly.home.logs / f"{file.stem}.bad-rows.jsonl"
    with bars() as report:
        return import_file(
            file,
            source,
            Mapping.parse(map) if map else None,
            parse_scale(scale) if scale else None,
            assembly.store,
            assembly.home.secret(),
            assembly.project.zone(),
            now(),
            brand=brand,
            product=product,
            dry_run=dry,
            bad_rows=bad,
            on_progress=lambda rows, share: report("import", rows, round(rows / share) if share else rows),
        )


def _import_lines(file: Path, report: ImportReport) -> str:
    would = "would come in" if report.dry_run else "read"
    text = (
        f"{file.name} ({report.format}, {report.encoding}): {report.rows} rows {would}: {report.new} new, "
        f"{report.changed} changed, {report.same} known, {report.repeated} repeated, {report.bad} bad"
        + (f"; {report.unread} stored without a rating or a time" if report.unread else "")
    )
    columns = ", ".join(f"{field} from {column}" for field, column in report.columns)
    listed = [f"these rows are listed in {report.bad_file}"] if report.bad_file else []
    return "\n  ".join([text, columns, *report.notes, *report.reasons, *listed])


def _go_on(assembly: Assembly) -> None:
    with bars() as report:
        outcome = pipeline.chain(assembly, report)
    for trouble in outcome.troubles:
        say(f"trouble: {trouble}")
    for incident in outcome.new:
        say(f"incident: {incident.brand} {incident.attribute} since {incident.started_at:%Y-%m-%d %H:%M}")
