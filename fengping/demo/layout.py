"""How the demo sites look: one frame, one style sheet, and every text escaped."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from html import escape
from importlib.resources import files
from typing import Any

from fengping.demo.records import WorldPost

CHINA = timezone(timedelta(hours=8))
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029\x7f"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_STYLE = files("fengping.demo").joinpath("words", "style.css").read_text(encoding="utf-8")


def frame(title: str, site: str, body: str, head: str = "", language: str = "zh-CN") -> str:
    """A whole page. `title` and `site` are plain text, `body` and `head` markup."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(site)}</title><style>{_STYLE}</style>{head}</head><body>"
        f'<header><a href="/">{escape(site)}</a></header><main>{body}</main>'
        "<footer>演示站点：品牌、产品和文字都是虚构的 · a demo site, all invented</footer></body></html>"
    )


def json_ld(node: dict[str, Any]) -> str:
    """A JSON-LD block. Nothing in it can end the script element, and halves of surrogate pairs stay escaped."""
    written = json.dumps(node, ensure_ascii=False).translate(_ESCAPES)
    written = _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    return f'<script type="application/ld+json">{written}</script>'


def local(time: datetime) -> str:
    """As people in China write it."""
    return time.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def iso(time: datetime) -> str:
    """With China's offset, as shops there publish it."""
    return time.astimezone(CHINA).isoformat()


def stars(rating: int | None) -> str:
    return f'<span class="stars" title="{rating} / 5">{"★" * rating}{"☆" * (5 - rating)}</span>' if rating else ""


def article(post: WorldPost, permalink: str = "") -> str:
    """A post as a visitor sees it."""
    title = f"<h2>{escape(post.title)}</h2>" if post.title else ""
    link = f'<a href="{escape(permalink or post.url)}">链接</a>'
    counts = f"<span>👍 {post.likes}</span><span>💬 {post.replies}</span>"
    region = f"<span>{escape(post.region)}</span>" if post.region else ""
    return (
        f'<article id="{escape(post.id)}">{title}<div class="meta"><b>{escape(post.author)}</b>{stars(post.rating)}'
        f'<time datetime="{iso(post.time)}">{local(post.time)}</time>{region}</div>'
        f'<div class="text">{escape(post.text)}</div><div class="meta">{counts}{link}</div></article>'
    )


def pages(path: str, number: int, more: bool) -> str:
    """Links to the page before and the page after."""
    newer = f'<a rel="prev" href="{path}?page={number - 1}">上一页</a>' if number > 1 else "<span></span>"
    older = f'<a rel="next" href="{path}?page={number + 1}">下一页</a>' if more else "<span></span>"
    return f'<nav class="pages">{newer}<span>{number}</span>{older}</nav>'


def permalink_page(site: str, post: WorldPost, parent: WorldPost | None, answers: list[WorldPost]) -> str:
    """The page of one post: what it answers, itself, what answers it."""
    above = f"<p>回应：</p>{article(parent)}" if parent else ""
    below = f"<p>追评与回应：</p>{''.join(map(article, answers))}" if answers else ""
    heading = f"<h1>{escape(post.title or post.product)}</h1>"
    return frame(post.title or post.text[:24], site, heading + above + article(post) + below)


def missing(site: str, path: str) -> str:
    return frame("404", site, f"<h1>404</h1><p>没有这一页：{escape(path)}</p><p>There is no such page.</p>")
