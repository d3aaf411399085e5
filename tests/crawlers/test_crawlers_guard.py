"""No crawl reaches a private network that its source does not list."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed, Unreachable
from crawlers.addresses import NEVER, block, refusal
from crawlers.guard import Guard

NAMES = {
    "shop.example.org": ("93.184.215.14",),
    "inside.example.org": ("93.184.215.14", "10.0.0.7"),
    "box.lan": ("192.168.1.5",),
    "meta.example.org": ("169.254.169.254",),
}


async def resolve(host: str) -> tuple[str, ...]:
    try:
        return (str(ip_address(host)),)
    except ValueError:
        if host not in NAMES:
            raise OSError("no such name") from None
        return NAMES[host]


def checked(url: str, *listed: str) -> tuple[str, ...]:
    return asyncio.run(Guard(resolve, listed).check(url))


DISGUISES = [
    "127.0.0.1", "::1", "0.0.0.0", "::", "10.1.1.1", "172.31.0.1", "192.168.0.1", "169.254.1.1", "fe80::1%eth0",
    "fd00::1", "100.64.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "240.0.0.1",
    "168.63.129.16", "::127.0.0.1", "64:ff9b:1::7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", DISGUISES)
def test_private_addresses_in_every_disguise_are_refused(address: str) -> None:
    assert refusal(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_refused_unless_it_is_public(address: IPv4Address) -> None:
    public = address.is_global and not address.is_multicast and str(address) != "168.63.129.16"
    assert (block(str(address)) == "") == public


def test_names_are_judged_by_every_address_they_stand_for() -> None:
    assert checked("https://shop.example.org/x") == ("93.184.215.14",)
    with pytest.raises(NotAllowed, match=r"10\.0\.0\.7"):
        checked("https://inside.example.org/x")
    with pytest.raises(Unreachable, match="misspelt"):
        checked("https://nowhere.example.org/")


def test_a_listed_host_opens_its_own_network_and_no_other() -> None:
    assert checked("http://box.lan/", "http://box.lan/reviews") == ("192.168.1.5",)
    assert checked("http://192.168.9.9/", "http://box.lan/reviews") == ("192.168.9.9",)
    for other in ("http://127.0.0.1/", "http://10.0.0.1/", "http://meta.example.org/"):
        with pytest.raises(NotAllowed):
            checked(other, "http://box.lan/reviews")


def test_a_metadata_service_is_never_asked_though_listed() -> None:
    with pytest.raises(NotAllowed, match=NEVER):
        checked("http://169.254.169.254/latest", "http://169.254.169.254/")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://shop.example.org/", "http:///x", "data:text/html,x"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(NotAllowed, match="only http and https"):
        checked(url)
