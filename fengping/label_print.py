"""The report on labels as a terminal shows it, and its fixed JSON form."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.interfaces import Understood
from fengping.jsonform import Json, jsonable
from fengping.label_threshold import Effect, Proposal
from index.label_agreement import Agreement
from index.label_report import Estimate, Report
from index.powered import FEWEST_LABELS

QUOTED, SHOWN = 60, 8
RATES = (
    ("named", "reader says more than “unsure”"),
    ("accuracy", "accuracy"),
    ("right_when_named", "accuracy where it says more"),
    ("macro_f1", "macro-F1"),
    ("attribute_precision", "attributes, precision"),
    ("attribute_recall", "attributes, recall"),
    ("opinion_precision", "attributes with their side, precision"),
    ("opinion_recall", "attributes with their side, recall"),
)


def form(report: Report, people: Sequence[Agreement], threshold: Proposal, known: Sequence[Understood]) -> Json:
    """`{…the report's fields…, "agreement": […], "threshold": {…}, "quotes": {id: {"text", "url"}}}`"""
    wanted = {i for c in report.confusions for i in c.examples} | {i for a in report.attributes for i in a.examples}
    quotes = {u.mention.id: {"text": u.mention.text, "url": u.mention.url} for u in known if u.mention.id in wanted}
    found = jsonable(report)
    assert isinstance(found, dict)
    return {**found, "agreement": jsonable(people), "threshold": jsonable(threshold), "quotes": quotes}


def show(report: Report, people: Sequence[Agreement], threshold: Proposal, known: Sequence[Understood]) -> None:
    """Prints tables to standard output; ids are links to the posts where the terminal knows links."""
    console, by = Console(highlight=False), {u.mention.id: u for u in known}
    console.print(
        f"{report.labels} labels of {report.mentions} mentions ({report.unsure} unsure, {report.skipped} skipped); "
        "figures stand for all mentions that count",
        soft_wrap=True,
    )
    console.print(_rates(report))
    if report.confusions:
        console.print(_confusions(report, by))
    if report.attributes:
        console.print(_attributes(report, by))
    if people:
        console.print(_agreement(people))
    if report.reliability:
        console.print(_reliability(report))
    for line in _threshold(threshold):
        console.print(line, soft_wrap=True)
    if report.mentions < FEWEST_LABELS:
        left = FEWEST_LABELS - report.mentions
        console.print(f"{left} more until the dashboard's intervals are put right by labels.", soft_wrap=True)


def percent(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.1%}"
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"


def _rates(report: Report) -> Table:
    table = Table("", "95 %", "mentions", title="How right", title_justify="left")
    for name, words in RATES:
        estimate: Estimate = getattr(report, name)
        table.add_row(words, percent(estimate), str(estimate.n))
    return table


def _confusions(report: Report, known: dict[str, Understood]) -> Table:
    table = Table("people", "reader", "share", "labels", "for example", title="Worst confusions", title_justify="left")
    for c in report.confusions[:SHOWN]:
        table.add_row(c.people, c.reader, f"{c.share:.1%}", f"{c.labels:g}", _examples(c.examples, known))
    return table


def _attributes(report: Report, known: dict[str, Understood]) -> Table:
    table = Table("attribute", "right", "wrong", "missed", "for example", title="Attributes", title_justify="left")
    for a in report.attributes[:SHOWN]:
        table.add_row(a.attribute, f"{a.right:g}", f"{a.wrong:g}", f"{a.missed:g}", _examples(a.examples, known))
    return table


def _examples(ids: Sequence[str], known: dict[str, Understood]) -> Text:
    lines = []
    for id in ids:
        mention = known[id].mention
        words = (mention.text or mention.title).replace("\n", " ")
        quote = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
        lines.append(Text.assemble((id[:8], f"link {mention.url}" if mention.url else ""), f" {quote}"))
    return Text("\n").join(lines)


def _agreement(people: Sequence[Agreement]) -> Table:
    table = Table("people", "mentions", "agree", "kappa", title="Agreement between people", title_justify="left")
    for a in people:
        kappa = "–" if a.kappa is None else f"{a.kappa:.2f}"
        if a.low is not None and a.high is not None:
            kappa += f" ({a.low:.2f} to {a.high:.2f})"
        table.add_row(", ".join(a.people), str(a.n), f"{a.agreed:.0%}", kappa)
    return table


def _reliability(report: Report) -> Table:
    table = Table("|score|", "mean", "its side is right", "mentions", title="Scores", title_justify="left")
    for b in report.reliability:
        table.add_row(f"{b.low:g}–{b.high:g}", f"{b.score:.2f}", percent(b.right), str(b.right.n))
    return table


def _threshold(found: Proposal) -> list[str]:
    lines = [f"A side is named from {found.now.sure:g} on: {_effect(found.now)}"]
    if found.then is None:
        return [*lines, f"No other threshold is proposed: {found.reason}."]
    if found.then.sure == found.now.sure:
        return [*lines, "Your labels ask for no other threshold."]
    lines.append(f"Proposed by the other half of your labels: {found.then.sure:g}: {_effect(found.then)}")
    return [*lines, "`fengping label --calibrate` writes it into fengping.toml."]


def _effect(effect: Effect) -> str:
    return f"{percent(effect.named)} of mentions get one, {percent(effect.right)} of those rightly."
