"""Where a comparison is not meant: as a condition, a question, a question that needs no answer, or in mockery.

如果A比B便宜, A比B好吗, 谁说A不如B, A比B强个屁: nobody won.
"""

from __future__ import annotations

import re

from core.models import Span
from nlp.scene import Scene
from nlp.segment import normalise
from nlp.standards import is_standard

_CONDITION = re.compile(
    r"(?<!要不是)(?:如果|要是|假如|假设|假使|倘若|若是|万一|除非|要(?=能比)|若(?=比|能|不如))(?!不是)"
    r"|\b(?:if|unless|whether)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"谁(?:说|讲|告诉)|凭(?:什么|啥)(?:说|讲|认为|觉得)|难道|怎么(?:可能|会)|哪(?:里|儿|点|方面)?(?=比|不如)|(?<!为)(?:什么|啥)(?=比)|以为"
    r"|(?:不|没|没有|并不)(?:觉得|认为|感觉|相信)|(?:是不是|会不会|是否|能不能)"
)
_MOCKERY = re.compile(r"个[屁鬼毛锤]|才怪|[吗么]\s*[？?，,。！!~～]*$")
_AFFIRMED = re.compile(r"(?<!是)不(?:就)?是|不也|要不是")
"""Makes a statement of a question: 这不是比B强吗."""


def supposed(place: Scene) -> tuple[Span, ...]:
    """The clauses of a text that hold two things against each other and mean it not, from the word on that says so."""
    measured = [h.span.start for h in place.hits if is_standard(h, place)]
    held = [c for c in place.clauses if any(c.start <= at < c.end for at in measured)]
    normal = normalise(place.text) if held else ""
    return tuple(Span(start, c.end) for c in held if (start := _from(normal, c)) is not None)


def _from(normal: str, clause: Span) -> int | None:
    """Where a clause begins not to be meant; None where it is."""
    condition = _CONDITION.search(normal, *clause)
    if condition:
        return condition.start()
    denied = _DENIAL.search(normal, *clause)
    if not (denied or _MOCKERY.search(normal, *clause)) or _AFFIRMED.search(normal, *clause):
        return None
    return denied.start() if denied else clause.start
