"""`label`: how right the reader is on your own mentions, by labels of people."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import Busy, InputError
from core.timeparse import parse_time
from fengping.assembly import Assembly, now, opened
from fengping.terminal import HomeOption, JsonOption, bars, figures, put, say

if TYPE_CHECKING:
    from fengping.label_files import Names
    from nlp.seen import Seen

SIZE = 300
"""Mentions drawn at first: more than the 200 labels that intervals need, since some are skipped or unsure."""
ByOption = Annotated[str, typer.Option(help="Who labels (default: your user name).", metavar="NAME")]


def register(app: typer.Typer) -> None:
    app.command()(label)


def label(
    home: HomeOption = None,
    json: JsonOption = False,
    by: ByOption = "",
    attributes: Annotated[bool, typer.Option(help="Ask for attributes too.")] = True,
    draw: Annotated[int, typer.Option(help="Only draw so many more mentions.", min=0, metavar="N")] = 0,
    brand: Annotated[str, typer.Option(help="With --draw: only mentions of this brand.")] = "",
    since: Annotated[str, typer.Option(help="With --draw: only mentions published since.", metavar="DATE")] = "",
    seed: Annotated[int | None, typer.Option(help="Of the drawing (default: how many drawings there are).")] = None,
    report: Annotated[bool, typer.Option("--report", help="Print how right the reader is.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Write the proposed threshold into fengping.toml.")
    ] = False,
    import_: Annotated[Path | None, typer.Option("--import", help="Take labels from a file.", metavar="FILE")] = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the sample to a .csv or .jsonl.", metavar="FILE")
    ] = None,
) -> None:
    """Label a sample of your mentions with the keyboard; it is drawn at the first start, and goes on where you left."""
    if sum(map(bool, (draw, report, calibrate, import_, export))) > 1:
        raise InputError("give one of --draw, --report, --calibrate, --import and --export: each is done by itself.")
    if (brand or since) and not draw:
        raise InputError("--brand and --since say what to draw from; give --draw N with them.")
    with opened(home) as assembly:
        if report or calibrate:
            _report(assembly, json, calibrate)
        elif import_ is not None:
            _import(assembly, import_, _person(by), json)
        elif draw:
            drawn = _draw(assembly, draw, seed, brand, since)
            figures({"drawn": drawn, "sample": len(assembly.store.sample())}, [("drawn", drawn)], json)
        else:
            person = _person(by)
            if not assembly.store.sample():
                _draw_first(assembly, seed)
            _export(assembly, export, person, json) if export is not None else _label(assembly, person, attributes)


def _person(by: str) -> str:
    """Who labels. Raises InputError where nobody is named and the user has no name: one that is no account here."""
    try:
        return by.strip() or getpass.getuser()
    except (KeyError, OSError, ImportError) as error:
        raise InputError("your user has no name on this machine; say who labels with --by NAME.") from error


def _draw_first(assembly: Assembly, seed: int | None) -> None:
    """The first sample; where somebody else draws it at the same time, theirs."""
    try:
        _draw(assembly, SIZE, seed, "", "")
    except Busy as error:
        if not assembly.store.sample():
            raise
        say(str(error))


def _draw(assembly: Assembly, n: int, seed: int | None, brand: str, since: str) -> int:
    """Raises InputError where there is nothing to draw from."""
    from index.label_sample import Wanted
    from index.label_turns import draw_into

    if brand and assembly.project.brand(brand) is None:
        raise InputError(f"--brand {brand!r}: fengping.toml names no such brand.")
    chosen = seed if seed is not None else len(assembly.store.draws()) + 1
    wanted = Wanted(n, chosen, brand, _date(assembly, since) if since else None)
    with bars() as report:
        drawn = draw_into(assembly.store, wanted, now(), lambda done, of: report("draw", done, of))
    if not drawn and not assembly.store.sample():
        raise InputError(
            f"{assembly.home.path} holds no mention that was read and counts. "
            "`fengping import FILE --read` brings some in."
        )
    say(f"drew {drawn} mentions, by source, predicted side and brand")
    return drawn


def _date(assembly: Assembly, written: str) -> datetime:
    parsed = parse_time(written, now(), assembly.project.zone())
    if parsed.at is None:
        raise InputError(f"--since {written!r} is no date; write it as 2026-11-01.")
    return parsed.at


def _label(assembly: Assembly, by: str, attributes: bool) -> None:
    from fengping.label_keys import keys
    from fengping.label_session import Session

    store = assembly.store
    Session(store, by, _names(assembly), assembly.clock, keys(), say, assembly.project.zone(), attributes).run()
    given, sample = len(store.labels(by)), len(store.sample())
    say(f"\n{by} has labelled {given} of {sample}. `fengping label --report` says how right the reader is.")


def _names(assembly: Assembly) -> Names:
    from fengping.label_files import Names
    from nlp.vocabulary import project_lexicons, vocabulary

    lexicons = project_lexicons(assembly.project, assembly.home.lexicons)
    words = vocabulary(assembly.project, lexicons, {})
    return Names(words.names["attribute"], words.names["brand"], lexicons)


def _export(assembly: Assembly, out: Path, by: str, json: bool) -> None:
    from fengping.label_files import export_sample

    rows = export_sample(assembly.store, by, out, assembly.project.zone())
    figures({"rows": rows, "file": str(out)}, [("rows", rows), ("file", out)], json)
    if not json:
        say("fill in polarity (positive, neutral, negative, unsure) and, where you like, opinions (充电:negative; -)")


def _import(assembly: Assembly, place: Path, by: str, json: bool) -> None:
    from fengping.jsonform import jsonable
    from fengping.label_files import bad_lines, import_labels

    done = import_labels(assembly.store, place, by, _names(assembly), now())
    rows = [("labels", done.labels), ("not in the sample", done.outside), ("empty", done.empty), ("bad", len(done.bad))]
    form = {"labels": done.labels, "outside": done.outside, "empty": done.empty, "bad": jsonable(done.bad)}
    figures(form, rows, json)
    for line in bad_lines(done.bad):
        say(line)


def _report(assembly: Assembly, json: bool, calibrate: bool) -> None:
    from fengping import label_print
    from fengping.jsonform import line
    from fengping.label_threshold import propose, write_threshold
    from index.label_agreement import agreements
    from index.label_report import report
    from index.label_turns import reads_of
    from nlp.reader import sure_of

    store = assembly.store
    reads, labels = reads_of(store), store.labels()
    if not reads:
        raise InputError("no mention of the sample is labelled yet. `fengping label` begins.")
    found = propose(reads, _seen(assembly, [r.text for r in reads]), sure_of(assembly.project))
    known = store.understood([r.mention_id for r in reads])
    told, people = report(reads, labels), agreements(labels)
    put(line(label_print.form(told, people, found, known))) if json else label_print.show(told, people, found, known)
    if not calibrate:
        return
    if found.then is None or found.then.sure == found.now.sure:
        say(f"fengping.toml stays as it is: {found.reason or 'the threshold is right already'}.")
        return
    write_threshold(assembly.home.config, found.then.sure)
    say(f"{assembly.home.config}: a side is named from {found.then.sure:g} on.")
    say(
        "next: `fengping read`, which asks the model for every mention again, then `fengping index`; "
        "`fengping up` does both."
    )


def _seen(assembly: Assembly, texts: list[str]) -> list[Seen]:
    """What the model sees in the labelled texts: their probabilities are not stored."""
    from nlp.model import Model

    model, found = Model(assembly.project.model), []
    with bars() as report:
        for start in range(0, len(texts), 64):
            found += model.see(texts[start : start + 64])
            report("look", len(found), len(texts))
    return found
