"""`lexicon suggest` and `lexicon accept`: the words of the home's own reviews find their attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from core.config import Project
from core.errors import InputError
from core.interfaces import Store, Understood
from core.models import RELEVANT, Reading
from fengping.assembly import Assembly, find_home, opened
from fengping.jsonform import line
from fengping.terminal import HomeOption, JsonOption, bars, put, say
from nlp.lexicon import check_overlays, load_lexicon
from nlp.overlay import Accepted, Addition
from nlp.overlay import accept as accepted
from nlp.suggest import LEAST, Suggestion, Tally
from nlp.vocabulary import industries_of

PAGE = 1000
_SHOWN = 5
IndustryOption = Annotated[str, typer.Option(help="Whose lexicon (default: the project's).")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Teach the lexicons the words of your own reviews.")
    group.command()(suggest)
    group.command()(accept)
    app.add_typer(group, name="lexicon")


def suggest(
    home: HomeOption = None,
    json: JsonOption = False,
    industry: IndustryOption = "",
    least: Annotated[int, typer.Option("--min", help="Leave out what fewer mentions say.", min=1)] = LEAST,
    limit: Annotated[int, typer.Option(help="The most suggestions to print.", min=0)] = 50,
) -> None:
    """Print terms that no attribute takes, grouped, with counts and quotes. Counts as measures do: no duplicates."""
    with opened(home) as assembly:
        tallies = _tallies(assembly, industry)
        _collect(assembly, tallies)
    found = sorted(
        (s for tally in tallies.values() for s in tally.suggestions(least)),
        key=lambda s: (-s.mentions, s.term, s.industry),
    )
    for suggestion in found[:limit]:
        put(line(suggestion) if json else _lines(suggestion, named=len(tallies) > 1))
    if not found:
        say(f"no term without an attribute stands in {least} mentions or more.")
    elif not json:
        say("next: `fengping lexicon accept TERM ATTRIBUTE` for those that name one.")


def accept(
    term: Annotated[str, typer.Argument(help="A term, as suggested.")],
    attribute: Annotated[str, typer.Argument(help="The path of an attribute, such as battery/charging.")],
    home: HomeOption = None,
    industry: IndustryOption = "",
    zh: Annotated[str, typer.Option(help="Makes a new attribute: its Chinese name.")] = "",
    en: Annotated[str, typer.Option(help="Makes a new attribute: its English name.")] = "",
) -> None:
    """Add a term to an attribute, in the home's own lexicon file."""
    place = find_home(home)
    project = place.project()
    check_overlays(place.lexicons, industries_of(project))
    chosen = _one_industry(project, industry, place.lexicons)
    done = accepted(Addition(term, attribute, zh, en), chosen, place.lexicons / f"{chosen}.toml")
    say(_accepted_line(term.strip(), done))
    if done.key:
        say(
            "next: `fengping read`, which maps stored mentions again without asking the model, then `fengping index`; "
            "`fengping up` does both."
        )


def _tallies(assembly: Assembly, industry: str) -> dict[str, Tally]:
    """One for each industry that is looked at. Raises ConfigError for one there is not."""
    project, overlays = assembly.project, assembly.home.lexicons
    check_overlays(overlays, industries_of(project))
    chosen = (_used(project, industry, overlays),) if industry else industries_of(project)
    return {i: Tally(load_lexicon(i, overlays / f"{i}.toml"), project.brands) for i in chosen}


def _used(project: Project, industry: str, overlays: Path) -> str:
    """Raises ConfigError for an industry there is not, InputError for one that this project does not read with."""
    load_lexicon(industry, overlays / f"{industry}.toml")
    if industry not in industries_of(project):
        raise InputError(
            f"no brand of this project is of the industry {industry!r}; it reads with: "
            f"{', '.join(industries_of(project))}. `industry` in fengping.toml says so."
        )
    return industry


def _one_industry(project: Project, industry: str, overlays: Path) -> str:
    there = industries_of(project)
    if not industry and len(there) > 1:
        raise InputError(f"this project reads with several lexicons; give --industry: {', '.join(there)}.")
    return _used(project, industry or there[0], overlays)


def _collect(assembly: Assembly, tallies: dict[str, Tally]) -> None:
    """Raises InputError where nothing has been read that could be looked at."""
    with bars() as report:
        for understood in _scanned(assembly.store, report):
            reading = _counted(understood)
            if reading is not None and reading.industry in tallies:
                tallies[reading.industry].add(understood.mention.text, reading)
    if not any(tally.mentions for tally in tallies.values()):
        raise InputError(
            f"{assembly.home.path} holds no mention of {' or '.join(tallies)} that was read. "
            "`fengping import FILE --read` brings some in; 200 are enough to begin with."
        )


def _counted(understood: Understood) -> Reading | None:
    """The reading, if it is of the text as it now is and the mention is one that measures count."""
    reading, relation = understood.reading, understood.relation
    if reading is None or reading.revision != understood.mention.revision or reading.relevance < RELEVANT:
        return None
    return None if relation is not None and relation.duplicate_of else reading


def _scanned(store: Store, report: Callable[[str, int, int], None]) -> Iterator[Understood]:
    """Every stored mention, a page at a time."""
    total, done, page = store.totals().total, 0, store.scan(n=PAGE)
    while page:
        yield from page
        done += len(page)
        report("terms", done, total)
        page = store.scan(page[-1].mention.id, PAGE)


def _lines(found: Suggestion, named: bool) -> str:
    """A suggestion for the terminal: the term with its counts, then who says it."""
    head = f"{found.term}: {found.mentions} mention{'s' * (found.mentions != 1)}, {found.negative} negative"
    others = [f"{t.term} {t.mentions}" for t in found.terms[1:]]
    more = [f"{len(others) - _SHOWN} more"] if len(others) > _SHOWN else []
    notes = [
        f"with {', '.join(others[:_SHOWN] + more)}" if others else "",
        f"near {found.near}" if found.near else "",
        found.industry if named else "",
    ]
    quotes = [f"  “{' '.join(q.text.split())}” {q.mention_id}" for q in found.quotes]
    return "\n".join(["; ".join(filter(None, (head, *notes))), *quotes])


def _accepted_line(term: str, done: Accepted) -> str:
    called = f"{done.attribute.path} ({done.attribute.zh}, {done.attribute.en})"
    if not done.key:
        return f"{term} names {called} already; nothing was changed."
    former = f" Until now a word in it made it {done.former}." if done.former not in {"", done.attribute.path} else ""
    inside = " As one character it counts only inside a longer aspect." if done.key == "within" else ""
    return f"{term} names {called} now: {done.place}, {done.key}.{former}{inside}"
