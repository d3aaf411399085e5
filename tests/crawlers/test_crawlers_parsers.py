"""Every page case, what extruct says of the same pages, and pages that nobody wrote on purpose."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from extruct.jsonld import JsonLdExtractor
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.parsers.decode import decoded
from crawlers.parsers.feed import parse_feed
from crawlers.parsers.links import local_id, reachable, without_paging
from crawlers.parsers.parsed import Parsed, document
from crawlers.parsers.recipe import count, parse_recipe
from crawlers.parsers.reviews import parse_reviews
from crawlers.parsers.structured import json_ld
from crawlers.recipe import FIELDS, load_recipe, parse_recipe_file
from crawlers.visit import Trail, page_request

CASES = Path(__file__).resolve().parents[1] / "cases"
URL = "https://shop.example.org/p/1"
RECIPE = parse_recipe_file('items = "li"\nnext = "a"\n[fields]\ntext = ".//text()"\n', "r.toml")
FOLDERS = sorted(p for kind in ("reviews", "recipe", "feed") for p in CASES.glob(f"{kind}-*"))


def parsed(folder: Path) -> Parsed:
    body, url = next(folder.glob("input.*")).read_bytes(), (folder / "url.txt").read_text().strip()
    kind = folder.name.partition("-")[0]
    if kind == "recipe":
        return parse_recipe(body, url, load_recipe(folder / "recipe.toml"))
    return (parse_reviews if kind == "reviews" else parse_feed)(body, url)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_page_gives_what_its_case_says(folder: Path) -> None:
    found = parsed(folder)
    items = [{k: v for k, v in asdict(i).items() if v not in ("", 0, None, ())} for i in found.items]
    written = {"items": items, "next_urls": found.next_urls, "incomplete": found.incomplete, "broken": found.broken}
    assert json.loads(json.dumps(written)) == json.loads((folder / "output.json").read_text(encoding="utf-8"))


def test_each_parser_has_cases_and_one_is_half_empty() -> None:
    for kind in ("reviews", "recipe", "feed"):
        names = [folder.name for folder in FOLDERS if folder.name.startswith(kind)]
        assert len(names) >= 3 and f"{kind}-half-empty" in names


@pytest.mark.parametrize("name", ["reviews-json-ld", "reviews-index"])
def test_our_json_ld_is_extructs(name: str) -> None:
    text = (CASES / name / "input.html").read_text(encoding="utf-8")
    ours = [place.node for place in json_ld(document(text)).places if place.owner is None]
    assert ours == JsonLdExtractor().extract(text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400))
def test_no_body_makes_a_parser_raise(body: bytes | str) -> None:
    for found in (parse_reviews(body, URL), parse_feed(body, URL), parse_recipe(body, URL, RECIPE)):
        assert isinstance(found, Parsed)


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("Review"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "review", "author", "reviewBody", "reviewRating", "name", "@graph", "image"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None)
@given(NODES)
def test_no_json_ld_makes_the_parser_raise(node: object) -> None:
    page = f'<script type="application/ld+json">{json.dumps(node)}</script>'.replace("</s", "<\\/s", 1)
    assert isinstance(parse_reviews(page, URL), Parsed)
    assert isinstance(parse_reviews(f'<script type="application/ld+json">{json.dumps(node)}</script>', URL), Parsed)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12).filter(lambda t: t.strip().isprintable() and t.strip()), max_size=6))
def test_every_review_of_a_page_comes_home_once(texts: list[str]) -> None:
    reviews = [{"@type": "Review", "@id": f"r{n}", "reviewBody": text} for n, text in enumerate(texts)]
    node = json.dumps({"@type": "Product", "name": "P", "review": reviews}).replace("</", "<\\/")
    found = parse_reviews(f'<script type="application/ld+json">{node}</script>', URL)
    assert [item.native_id for item in found.items] == [f"r{n}" for n in range(len(texts))]
    assert [item.text for item in found.items] == [text.strip() for text in texts]


def page_of(*ids: str) -> str:
    reviews = [{"@type": "Review", "@id": id, "reviewBody": "同一句话。"} for id in ids]
    return f'<script type="application/ld+json">{json.dumps({"@type": "Product", "review": reviews})}</script>'


def test_places_on_a_page_are_no_ids() -> None:
    assert [i.native_id for i in parse_reviews(page_of("#review-1", "#review-2"), URL).items] == [""]
    assert [i.native_id for i in parse_reviews(page_of("#review-21", "#review-22"), URL + "?page=2").items] == [
        "/p/1#review-21",
        "/p/1#review-22",
    ]
    assert [i.native_id for i in parse_reviews(page_of("_:b0"), URL).items] == [""]


def test_ids_outlive_host_and_paging() -> None:
    assert local_id("http://127.0.0.1:8000/r/7", "http://127.0.0.1:9000/p") == "/r/7"
    assert local_id("https://other.example.org/r/7", URL) == "https://other.example.org/r/7"
    assert local_id("urn:x:7", URL) == "urn:x:7"
    assert without_paging("https://a.example.org/p/1?page=3&sort=new#x") == "https://a.example.org/p/1?sort=new"
    assert without_paging("https://a.example.org/list/page/12/") == "https://a.example.org/list/"


def test_only_the_same_site_is_followed() -> None:
    urls = ["/a", "a", "//evil.example.net/", "mailto:x@example.org", "http://shop.example.org:81/", "#x", "http://["]
    assert reachable(urls, URL) == ("https://shop.example.org/a", "https://shop.example.org/p/a")


@pytest.mark.parametrize("words", ["下一页", "下一頁 »", "Next", "next page >", "后页", "›", "Older reviews"])
def test_a_link_that_says_next_is_followed(words: str) -> None:
    page = (
        f'<html><body><a href="/1">上一页</a><a href="/3"><span>{words}</span></a><a href="/4">下一站</a></body></html>'
    )
    assert parse_reviews(page, URL).next_urls == ("https://shop.example.org/3",)


@pytest.mark.parametrize(
    "wrapped", ["//<![CDATA[\n{}\n//]]>", "/* <![CDATA[ */{}/* ]]> */", "<!--\n{}\n//-->", "{};\n"]
)
def test_a_block_in_a_comment_is_read(wrapped: str) -> None:
    block = wrapped.replace("{}", '{"@type": "Review", "reviewBody": "很好 // 真的 http://shop.example.org"}')
    page = f'<html><script type="application/ld+json">{block}</script></html>'
    assert [item.text for item in parse_reviews(page, URL).items] == ["很好 // 真的 http://shop.example.org"]


def test_items_nested_without_end_are_counted_as_broken() -> None:
    page = "<html>" + "<div itemscope itemprop=review itemtype=http://schema.org/Review>" * 3000
    found = parse_reviews(page, URL)
    assert found.items == () and found.incomplete == 1


@pytest.mark.parametrize("part", ["\n", "/*", ";\n", "//\n"])
def test_no_block_makes_reading_slow(part: str) -> None:
    page = f'<html><script type="application/ld+json">{part * 300_000}</script></html>'
    assert parse_reviews(page, URL).items == ()


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><item><title>新品</title><description>电池不错</description></item></channel></rss>",
        '{"items": [{"content_text": "电池不错"}]}',
    ],
)
def test_an_entry_without_an_id_is_the_same_on_another_page(feed: str) -> None:
    pages = [parse_feed(feed, f"https://blog.example/feed?page={n}").items[0] for n in (1, 2)]
    assert pages[0].native_id == "" and pages[0].product_url == pages[1].product_url


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_encodings_are_found_out(encoding: str) -> None:
    text = "<html>龘靐齉爩，续航很好</html>"
    assert decoded(text.encode(encoding)) == text
    assert decoded(f'<meta charset="big5">{"電池很好"}'.encode("big5")).endswith("電池很好")
    assert decoded("续航很好".encode("gb18030"), "utf-8") == "续航很好"


def test_deep_and_long_pages_are_read_or_said_to_be_broken() -> None:
    deep = '{"review":' * 3000 + "1" + "}" * 3000
    assert parse_reviews(f'<script type="application/ld+json">{deep}</script>', URL).incomplete >= 1
    assert parse_reviews("<div>" * 5000, URL).items == ()
    assert parse_feed('{"items":' + "[" * 50_000, URL).broken
    long = json.dumps({"@type": "Review", "reviewBody": "长" * 100_000})
    assert len(parse_reviews(f'<script type="application/ld+json">{long}</script>', URL).items[0].text) == 100_000
    assert parse_reviews(b"\x89PNG\x00\x00", URL).broken and parse_reviews(b"", URL).broken


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused_however_it_is_written(encoding: str) -> None:
    bomb = (CASES / "feed-bomb" / "input.xml").read_text(encoding="utf-8")
    found = parse_feed(bomb.encode(encoding), URL)
    assert found.items == () and "entities" in found.broken


@pytest.mark.parametrize(
    ("written", "number"), [("1,234", 1234), ("1.2万", 12000), ("3k 赞", 3000), ("赞", 0), ("9" * 40, 0), (".", 0)]
)
def test_counters_are_read_as_sites_write_them(written: str, number: int) -> None:
    assert count(written) == number


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=30) | st.from_regex(r"(https?:)?//[^ ]{0,20}", fullmatch=True), max_size=5))
def test_whatever_a_page_links_to_can_be_asked_for_or_is_left_out(urls: list[str]) -> None:
    for url in reachable(urls, URL):
        assert page_request(url, Trail(URL)).fingerprint


def test_the_recipe_in_the_documentation_is_one() -> None:
    text = (CASES.parents[1] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in text.split("```toml\n")[1:]]
    (recipe,) = [parse_recipe_file(block, "docs") for block in blocks if "[fields]" in block]
    assert set(re.findall(r"`(\w+)`", text.partition("Fields:")[2].partition(".\n")[0])) == set(FIELDS)
    assert recipe.browser
