"""The sites answer as a crawler and a visitor meet them."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest

from crawlers.parsers.feed import parse_feed
from crawlers.parsers.reviews import parse_reviews
from fengping.demo.http import Server
from fengping.demo.market import market
from fengping.demo.outlet_site import BAIT
from fengping.demo.records import World, WorldPost
from fengping.demo.serve import world_servers
from fengping.demo.world import generate

END = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)
TOKEN = "a-token-of-the-test"
SLOW = 0.3


@pytest.fixture(scope="module")
def world() -> World:
    return generate(5, 30, 60, end=END)


@pytest.fixture(scope="module")
def sites(world: World) -> Iterator[dict[str, Server]]:
    servers = world_servers(world.posts, END, TOKEN, slow_seconds=SLOW)
    for server in servers.values():
        server.start()
    yield servers
    for server in servers.values():
        server.stop()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(url: str, follow: bool = True) -> tuple[int, bytes]:
    opener = urllib.request.build_opener() if follow else urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def post(url: str, body: object, token: str = TOKEN) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(
        url + "/_new", json.dumps(body).encode(), {"Authorization": f"Bearer {token}"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def delivered(world: World, source: str) -> dict[str, WorldPost]:
    return {p.id: p for p in world.posts if p.source == source and p.delivered}


def walked(start: str, forbidden: str = "/private/") -> list[tuple[str, bytes]]:
    """All pages behind a page, as the ordinary spider follows them, a failing one asked again once."""
    waiting, seen, found = [start], {start}, []
    while waiting:
        url = waiting.pop()
        status, body = get(url, follow=False)
        if status == 503:
            status, body = get(url)
        if status != 200:
            continue
        found.append((url, body))
        for after in parse_reviews(body, url).next_urls:
            if after not in seen and forbidden not in after:
                seen.add(after)
                waiting.append(after)
    return found


def test_the_shop_gives_every_review_once_with_all_that_is_known(sites: dict[str, Server], world: World) -> None:
    items = [i for url, body in walked(sites["shop"].url + "/") for i in parse_reviews(body, url).items]
    expected = delivered(world, "shop")
    assert sorted(i.native_id for i in items) == sorted(expected)
    for item in items:
        one = expected[item.native_id]
        assert (item.text, item.author, item.brand, item.product) == (one.text, one.author, one.brand, one.product)
        assert datetime.fromisoformat(item.date) == one.time
        assert item.rating == ("" if one.rating is None else str(one.rating))
        assert (item.likes, item.replies, item.region) == (one.likes, one.replies, one.region)
        assert item.parent_native_id == one.parent
        assert item.url == sites["shop"].url + one.url


def test_one_page_of_the_shop_fails_the_first_time(world: World) -> None:
    servers = world_servers(world.posts, END, TOKEN)
    shop = servers["shop"]
    shop.start()
    try:
        url = shop.url + "/product/lanko-pad11?page=2"
        assert [get(url)[0] for _ in range(3)] == [503, 200, 200]
    finally:
        for server in servers.values():
            server.stop() if server is shop else server._server.server_close()


def test_the_outlet_forbids_a_part_and_puts_obstacles_in_the_way(sites: dict[str, Server], world: World) -> None:
    base = sites["shop"].url
    assert b"Disallow: /outlet/private/" in get(base + "/robots.txt")[1]
    index = get(base + "/outlet/")[1]
    targets = parse_reviews(index, base + "/outlet/").next_urls
    baits = [t for t in targets if "/private/" in t]
    assert baits and all(BAIT in parse_reviews(get(b)[1], b).items[0].text for b in baits)
    assert not any(BAIT in p.text for p in world.posts)
    allowed = [i for url, body in walked(base + "/outlet/") for i in parse_reviews(body, url).items]
    assert sorted(i.native_id for i in allowed) == sorted(delivered(world, "outlet"))
    broken = get(base + "/outlet/broken")
    assert broken[0] == 200 and not parse_reviews(broken[1], base + "/outlet/broken").items
    with pytest.raises(urllib.error.HTTPError, match="infinite loop"):
        urllib.request.urlopen(base + "/outlet/round", timeout=10)
    began = time.monotonic()
    assert get(base + "/outlet/slow")[0] == 200
    assert time.monotonic() - began >= SLOW


def test_the_forum_has_one_feed_over_all_its_pages(sites: dict[str, Server], world: World) -> None:
    url = sites["forum"].url + "/feed.atom"
    expected, items = delivered(world, "forum"), []
    while url:
        parsed = parse_feed(get(url)[1], url)
        assert not parsed.broken
        items += parsed.items
        url = parsed.next_urls[0] if parsed.next_urls else ""
    assert sorted(i.native_id for i in items) == sorted(expected)
    for item in items:
        one = expected[item.native_id]
        assert (item.title, item.text, item.author, item.replies) == (one.title, one.text, one.author, one.replies)
        assert datetime.fromisoformat(item.date) == one.time
        assert get(item.url)[0] == 200


def test_the_microblog_gives_every_post_through_its_json(sites: dict[str, Server], world: World) -> None:
    base, found = sites["microblog"].url, []
    for brand in market():
        page = get(f"{base}/topic/{brand.slug}")[1].decode()
        assert "microblog.js" in page and brand.name in page and "<article" not in page
        oldest, more = "", True
        while more:
            answer = json.loads(get(f"{base}/api/{brand.slug}?before={oldest}")[1])
            found += answer["posts"]
            more, oldest = answer["more"], answer["posts"][-1]["id"] if answer["posts"] else ""
    expected = delivered(world, "microblog")
    assert sorted(p["id"] for p in found) == sorted(expected)
    assert all(p["text"] == expected[p["id"]].text for p in found)


def test_every_post_has_a_page_of_its_own(sites: dict[str, Server], world: World) -> None:
    places = {"outlet": sites["shop"].url} | {name: server.url for name, server in sites.items()}
    picked = [p for p in world.posts if p.delivered][::97]
    for one in picked:
        status, body = get(urljoin(places[one.source], one.url))
        assert status == 200
        assert f'id="{one.id}"' in body.decode()
    hidden = next(p for p in world.posts if not p.delivered)
    assert get(places[hidden.source] + hidden.url)[0] == 404


def test_a_follow_up_shows_what_it_follows(sites: dict[str, Server], world: World) -> None:
    known = delivered(world, "shop")
    one = next(p for p in known.values() if p.parent)
    assert f'id="{one.parent}"' in get(sites["shop"].url + one.url)[1].decode()
    assert f'id="{one.id}"' in get(sites["shop"].url + known[one.parent].url)[1].decode()


@pytest.mark.parametrize(
    "path", ["/nothing", "/product/none", "/review/none", "/topic/x", "/status/x", "/thread/<b>", "/%00"]
)
def test_what_is_not_there_is_404(sites: dict[str, Server], path: str) -> None:
    for server in sites.values():
        status, body = get(server.url + path)
        assert status == 404 and b"<b>" not in body


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999999", "9" * 40])
def test_senseless_pages_are_still_pages(sites: dict[str, Server], page: str) -> None:
    assert get(f"{sites['shop'].url}/product/lanko-x7?page={page}")[0] == 200
    assert get(f"{sites['forum'].url}/feed.atom?page={page}")[0] == 200


@pytest.fixture
def fresh() -> Iterator[dict[str, Server]]:
    servers = world_servers((), END, TOKEN)
    for server in servers.values():
        server.start()
    yield servers
    for server in servers.values():
        server.stop()


def test_a_new_post_stands_on_top_at_once(fresh: dict[str, Server]) -> None:
    words = '新的一条："引号" <b> & </script> 😀'
    for site in ("shop", "microblog", "forum"):
        status, told = post(fresh[site].url, {"text": words, "product": "澜柯X7", "rating": 2, "id": f"new-{site}"})
        assert (status, told["id"]) == (201, f"new-{site}")
        assert get(fresh[site].url + told["url"])[0] == 200
    page = fresh["shop"].url + "/product/lanko-x7"
    item = parse_reviews(get(page)[1], page).items[0]
    assert (item.native_id, item.text, item.rating) == ("new-shop", words, "2")
    feed = fresh["forum"].url + "/feed.atom"
    assert parse_feed(get(feed)[1], feed).items[0].text == words
    assert json.loads(get(fresh["microblog"].url + "/api/lanko")[1])["posts"][0]["text"] == words


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "好", "rating": 9}, "rating"),
        ({"text": "好", "product": "没有的"}, "没有的"),
        ({"text": "好", "time": "2026-01-01T00:00:00"}, "offset"),
        ({"text": "好", "time": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "future"),
        ([1], "body"),
    ],
)
def test_a_body_that_makes_no_post_is_told_why(fresh: dict[str, Server], body: object, reason: str) -> None:
    status, told = post(fresh["shop"].url, body)
    assert status == 400 and reason in told["error"]


def test_only_the_token_opens_the_door_and_ids_are_taken_once(fresh: dict[str, Server]) -> None:
    assert post(fresh["shop"].url, {"text": "好"}, token="wrong")[0] == 401
    assert get(fresh["shop"].url + "/_new")[0] == 401
    assert post(fresh["shop"].url, {"text": "好", "id": "one"})[0] == 201
    assert post(fresh["shop"].url, {"text": "坏", "id": "one"})[0] == 409
