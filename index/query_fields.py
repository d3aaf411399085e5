"""The fields of the query language: their names in both languages, and the values that some of them hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from core.errors import QueryError
from core.models import KINDS, POLARITIES
from core.tree import OPINION_FIELDS, RANGE_FIELDS, TERM_FIELDS
from nlp.segment import normalise

OPINION = "opinion"
STARS = "stars"
FIELDS = (*TERM_FIELDS, *RANGE_FIELDS, OPINION, STARS)

_ALIASES = {
    "品牌": "brand", "产品": "product", "属性": "attribute", "情感": "polarity", "极性": "polarity", "来源": "source",
    "平台": "platform", "推广": "promoted", "类型": "kind", "评分": "rating", "日期": "date", "时间": "date",
    "作者": "author",
    "地区": "region", "地域": "region", "话题": "topic", "意图": "intent", "重复": "duplicate", "相关性": "relevance",
    "语言": "language", "行业": "industry", "观点": "opinion", "短语": "phrase", "收集": "collected",
    "采集": "collected", "互动": "engagement", "点赞": "likes", "阅读": "views", "星级": "stars",
    "sentiment": "polarity",
}  # fmt: skip
_YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "是": "yes", "否": "no"}
_VALUES: dict[str, dict[str, str]] = {
    "polarity": {
        **{p: p for p in POLARITIES},
        "正面": "positive", "积极": "positive", "好评": "positive", "中性": "neutral", "中立": "neutral",
        "负面": "negative", "消极": "negative", "差评": "negative", "不确定": "unsure",
    },
    "kind": {
        **{k: k for k in KINDS},
        "评价": "review", "评论": "review", "帖子": "post", "微博": "post", "留言": "comment", "回复": "comment",
        "文章": "article", "新闻": "article", "工单": "ticket",
    },
    "duplicate": _YES_NO,
    "promoted": _YES_NO,
}  # fmt: skip

Known = Mapping[str, Sequence[str]]


def field_named(written: str, position: int, inside_opinion: bool = False) -> str:
    """The field that was meant. Raises QueryError with the nearest name."""
    name = normalise(written)
    name = _ALIASES.get(name, name)
    allowed = OPINION_FIELDS if inside_opinion else FIELDS
    if name in allowed:
        return name
    if inside_opinion and name in FIELDS:
        raise QueryError(
            f"{written}: cannot stand inside opinion:( … ); there {', '.join(OPINION_FIELDS)} may stand. "
            f"Put {written}: outside the brackets.",
            position,
        )
    if name == "phrase":
        raise QueryError("phrase: stands inside opinion:( … ) only.", position, "opinion:(phrase:…)")
    near = get_close_matches(name, [*allowed, *_ALIASES], n=1, cutoff=0.5)
    suggestion = str(_ALIASES.get(near[0], near[0])) if near else ""
    hint = f"did you mean {suggestion}:?" if suggestion else "to find a colon in the text, put it in quotes."
    raise QueryError(f"no field is called {written!r} ({', '.join(allowed)}); {hint}", position, suggestion)


def value_of(field: str, written: str, position: int, known: Known) -> str:
    """The value that was meant. Raises QueryError where a field holds fixed or known values and this is none."""
    fixed = _VALUES.get(field)
    if fixed is not None:
        return _fixed(field, written, position, fixed)
    if field not in known or written in known[field]:
        return written
    folded: dict[str, list[str]] = {}
    for value in known[field]:
        folded.setdefault(normalise(value), []).append(value)
    alike = folded.get(normalise(written), [])
    if len(alike) == 1:
        return alike[0]
    raise _unknown(field, written, position, sorted(known[field]))


def _fixed(field: str, written: str, position: int, fixed: Mapping[str, str]) -> str:
    value = fixed.get(normalise(written))
    if value is None:
        raise _unknown(field, written, position, list(dict.fromkeys(fixed.values())))
    return value


def _unknown(field: str, written: str, position: int, values: Sequence[str]) -> QueryError:
    near = get_close_matches(written, values, n=1, cutoff=0.5)
    shown = ", ".join(values[:12]) + (f" and {len(values) - 12} more" if len(values) > 12 else "")
    hint = f" Did you mean {near[0]}?" if near else ""
    return QueryError(
        f"{field}: has no value {written!r}; there are: {shown}.{hint}", position, near[0] if near else ""
    )
