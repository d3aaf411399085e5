"""The sentences that stand behind an incident: few, different, and like most of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.models import DocumentOpinion, Evidence, Incident, SearchDocument

MOST = 5
_LONGEST = 160


def pick(documents: Sequence[SearchDocument], incident: Incident, n: int = MOST) -> tuple[Evidence, ...]:
    """Up to n quotes: the commonest phrases first, each phrase and each author once before any twice."""
    phrases = Counter(_phrase(d, incident) for d in documents)
    ranked = sorted(documents, key=lambda d: (-phrases[_phrase(d, incident)], -d.engagement, len(d.text), d.id))
    chosen: list[SearchDocument] = []
    for strict in (True, False):
        for candidate in ranked:
            if len(chosen) < n and candidate not in chosen and not (strict and _repeats(candidate, chosen, incident)):
                chosen.append(candidate)
    return tuple(Evidence(d.id, quote(d, incident), d.published_at) for d in chosen)


def quote(document: SearchDocument, incident: Incident) -> str:
    """The sentence with the opinion that counts for the incident; the beginning of the text where there is none."""
    opinion = _opinion(document, incident)
    text = document.text if opinion is None else opinion.quote.of(document.text)
    return text if len(text) <= _LONGEST else text[:_LONGEST]


def _repeats(candidate: SearchDocument, chosen: Sequence[SearchDocument], incident: Incident) -> bool:
    return any(
        (candidate.author and candidate.author == d.author)
        or _phrase(candidate, incident) == _phrase(d, incident)
        or candidate.duplicate_of in {d.id, d.duplicate_of} - {""}
        for d in chosen
    )


def _phrase(document: SearchDocument, incident: Incident) -> str:
    opinion = _opinion(document, incident)
    return opinion.phrase if opinion else document.text[:_LONGEST]


def _opinion(document: SearchDocument, incident: Incident) -> DocumentOpinion | None:
    wanted = "positive" if incident.kind == "campaign" else "negative"
    fitting = [o for o in document.opinions if o.polarity == wanted and o.target in {incident.brand, ""}]
    below = [o for o in fitting if f"{o.attribute}/".startswith(f"{incident.attribute}/")]
    return next(iter(below if incident.attribute else fitting), None)
