"""From what a source wrote to a Mention: masked, dated, rated, with its id. Pure and fast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core import identity
from core.collected import Collected
from core.language import guess_language
from core.markup import as_read
from core.models import Kind, Mention
from core.privacy import author_digest, mask
from core.ratings import NO_RATING, parse_rating
from core.timeparse import NO_TIME, lasting, parse_time

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MOST = 10**12
"""More likes than this nobody has: the column holds something else."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a crawl or an import knows of all its items. `brand` and `product` stand where an item names none."""

    source: str
    platform: str
    kind: Kind
    zone: ZoneInfo
    secret: bytes
    run: str
    brand: str = ""
    product: str = ""
    raw: str = ""


def to_mention(item: Collected, context: Context, now: datetime, id: str = "") -> Mention:
    """Makes the Mention of an item. `now` is aware UTC; `id` overrides the item's own (rows of a file have another).

    Personal data in title and text is masked in place, HTML tags are taken out of the text, lone surrogates and NULs
    become U+FFFD; times, ratings and counters that cannot be believed are left empty.
    """
    title = _storable(item.title).strip()
    text = _storable(as_read(item.text)).strip()
    title, text = mask(title).text if title else "", mask(text).text
    time = parse_time(item.date, now, context.zone) if item.date else NO_TIME
    rating = parse_rating(item.rating, item.rating_low, item.rating_high) if item.rating else NO_RATING
    return Mention(
        id=id or item_id(item, context, now),
        source=context.source,
        platform=context.platform,
        kind=item.kind or context.kind,
        text=text,
        collected_at=now,
        url=_storable(item.url),
        native_id=_storable(item.native_id),
        parent_id=identity.native(context.source, item.parent_native_id) if item.parent_native_id else "",
        title=title,
        language=guess_language(text or title),
        author=author_digest(item.author, context.secret),
        author_followers=_counter(item.author_followers),
        published_at=time.at,
        published_precision=time.precision,
        rating=rating.value,
        rating_scale=rating.scale,
        likes=_counter(item.likes) or 0,
        replies=_counter(item.replies) or 0,
        shares=_counter(item.shares) or 0,
        views=_counter(item.views),
        brand=_storable(item.brand).strip() or context.brand,
        product=_storable(item.product).strip() or context.product,
        region=_storable(item.region).strip(),
        images=tuple(_storable(image) for image in item.images),
        raw=context.raw,
        run=context.run,
        revision=identity.revision(title, text),
    )


def item_id(item: Collected, context: Context, now: datetime) -> str:
    """The id that `to_mention` gives an item, for asking whether it is known before anything is made of it."""
    if item.native_id:
        return identity.native(context.source, item.native_id)
    date = lasting(item.date, now, context.zone) if item.date else ""
    page = item.product_url or item.url
    return identity.crawled(context.source, page, item.author, date, item.rating, item.text)


def _storable(text: str) -> str:
    """NULs and halves of a surrogate pair cannot be stored or sent; each becomes U+FFFD."""
    return _UNSTORABLE.sub("�", text) if text else text


def _counter(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= _MOST else None
