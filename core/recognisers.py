"""What counts as personal data, one recogniser a kind: each yields half-open spans of a flattened text.

Every pattern is bounded, so that no text makes one slow, and every number is checked (numbering plan, checksum, Luhn)
or needs a cue beside it: model numbers, prices, dates and versions stay. Service numbers (400, 95xxx) are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import phonenumbers

from core.addresses import addresses

Spans = Iterator[tuple[int, int]]

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CHAT_CUE = r"微信|薇信|威信|[vV]信|[wWvV][xX]|[wW]e[cC]hat|WECHAT|weixin|加[vV微]|[qQ]{2}|扣扣"
_ORDER_CUE = r"订单|定单|发票|单号|运单|流水号|交易号|护照|(?i:order|tracking|passport)"

SUSPECT = re.compile(
    r"[@＠]|\d[\d \-.()（）－　\xa0‐‑‒–—−]{4,30}?\d"
    rf"|[{_PROVINCES}][A-Za-zＡ-Ｚａ-ｚ]"
    r"|[路街道巷弄同园苑城区府村庭里厦寓][\d一二三四五六七八九十百]"
    r"|\d{1,5} (?:[NSEW]\.? )?[A-Z]"
    rf"|{_CHAT_CUE}|{_ORDER_CUE}"
)
"""A cheap first look: a text without a match holds nothing that a recogniser would find."""

_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}")
_URL = re.compile(r"https?://[\x21-\x7e]+")
_ID18 = re.compile(r"(?<!\d)([1-9]\d{5})[ -]?((?:18|19|20)\d{6})[ -]?(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_ID15 = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(\d{6})\d{3}(?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]\d|\d)")
_MOBILE = re.compile(
    r"(?<![\d.])(?:(?:\+|00)?86[ \-]?)?(?:"
    r"1[3-9]\d[ \-.]?\d{4}[ \-.]?\d{4}|1[3-9]\d{2}[ \-]\d{3}[ \-]\d{4}|1[3-9]\d[ \-]\d{3}[ \-]\d{5}"
    r"|1(?:[ \-]\d){10}|1[3-9]\d(?:[ \-]\d{2}){4}|1[3-9]\d{3}[ \-]\d{6}|1[3-9]\d{4}[ \-]\d{5})(?!\d|\.\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d.\-])(?:\(0\d{2,3}\)|0\d{2,3})[ \-]{0,2}\d{3,4}[ \-]?\d{4}(?:(?:转|-|ext\.? ?)\d{1,6})?(?![\d.]\d|\d)"
)
_LOCAL = re.compile(
    r"(?:电话|座机|致电|固话|手机号?|联系方式)(?:号码?)?(?:是|为)?[: ：]{0,3}"
    r"([2-8]\d{3}[ \-]?\d{3,4})(?![\d.\-/元块])"
)
_FOREIGN = re.compile(r"(?<![\d+])(?:\+|00)[1-9][\d ().\-]{5,20}\d(?!\d)")
_AMERICAN = re.compile(r"(?<![\d.\-+])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])\d{3}[-. ]\d{4}(?![\d\-]|\.\d)")
_PLATE = re.compile(
    rf"([{_PROVINCES}])([A-HJ-NP-Z])([·•.\- ]?)"
    r"([DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])"
)
_PLATE_CUE = re.compile(r"(?:车牌|车号|牌照|牌号|司机|号牌)[^。！？\n]{0,8}$")
_ORDER = re.compile(
    r"(?:(?:[订定]单|快递|运单|物流|交易|流水|运|包裹|发票)?(?:编号|单号|号码|号)|[订定]单|护照(?:号码?)?"
    r"|(?i:\b(?:order|tracking|passport) ?(?:no\.?|number|num|id|code)?))"
    r" ?(?:是|为|is)?[ :#：#]{0,4}([A-Za-z0-9](?:-?[A-Za-z0-9]){5,31})(?![A-Za-z0-9])"
)
_BEFORE_ORDER = re.compile(r"(?<![\dA-Za-z.\-])(\d{6,20})(?:是|为)(?:我的|这个|此)?(?:[订定]单|快递|运单|物流)")
_ORDER_WORD = re.compile(r"[订定]单|发票|单号|快递|运单|物流|交易|流水|包裹|护照|(?i:order|tracking|passport)")
_WAYBILL = re.compile(r"(?<![A-Za-z0-9])(?:SF|YT|ZTO|STO|JD[A-Z]{0,3}|JT|DPK|EMS|YD)\d{10,15}(?![A-Za-z0-9])")
_CHAT = re.compile(
    r"(?:(?:微信|薇信|威信|[vV]信|[wW]e[cC]hat|WECHAT|weixin)"
    r"(?: ?(?:号码?|ID|id)(?:是|为)?[: ：]{0,3}| ?(?:是|为)? ?[:：] ?)"
    r"|加(?:我)?(?:个)?(?:微信|[vV]信?|微|[wW][xX])[: ：]{0,3}|(?<![A-Za-z])[wWvV][xX](?:号)?[: ：]{0,3})"
    r"([A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_])"
)
_QQ = re.compile(r"(?:(?<![A-Za-z])[qQ]{2}|扣扣)(?:群|号码?|群号)?(?:是|为)?[: ：]{0,3}([1-9]\d{4,11})(?!\d|\.\d)")

_GROUP = re.compile(r"[加进入]群(?:号)?(?:是|为)?[: ：]{0,3}([1-9]\d{5,10})(?!\d|\.\d)")

_PROVINCE_CODES = frozenset(
    str(code)
    for area in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for code in range(*area)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PHONE_IN_URL = re.compile(r"(?:phone|mobile|tel|wa\.me/)[=:]?\+?$")


def _emails(text: str) -> Spans:
    if "@" in text:
        yield from (found.span() for found in _EMAIL.finditer(text))


def _identity_cards(text: str) -> Spans:
    for found in _ID18.finditer(text):
        digits = "".join(found.groups()).upper()
        if digits[:2] in _PROVINCE_CODES and _is_day(digits[6:14]) and _checked(digits):
            yield found.span()
    for found in _ID15.finditer(text):
        if found[1][:2] in _PROVINCE_CODES and _is_day("19" + found[2]):
            yield found.span()


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _checked(digits: str) -> bool:
    """GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _cards(text: str) -> Spans:
    links = _links(text)
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _issued(digits) and _luhn(digits) and not _in_link(found.start(), links, text):
            yield found.span()


def _issued(digits: str) -> bool:
    """Whether an issuer's prefix and the length go together: UnionPay, Visa, Mastercard, Amex, JCB, Discover."""
    length, prefix = len(digits), int(digits[:4])
    return (
        (digits[:2] in {"62", "60"} and length >= 16)
        or (prefix == 9558 and length == 19)
        or (digits[0] == "4" and length in {13, 16, 19})
        or ((5100 <= prefix <= 5599 or 2221 <= prefix <= 2720) and length == 16)
        or (digits[:2] in {"34", "37"} and length == 15)
        or (3528 <= prefix <= 3589 and length == 16)
        or (digits[:2] == "65" and length == 16)
    )


def _luhn(digits: str) -> bool:
    odd = sum(int(digit) for digit in digits[-1::-2])
    return (odd + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def _phones(text: str) -> Spans:
    links = _links(text)
    for pattern, region in ((_FOREIGN, None), (_MOBILE, "CN"), (_LANDLINE, "CN"), (_AMERICAN, "US")):
        for found in pattern.finditer(text):
            if not _in_link(found.start(), links, text) and _dialled(found[0], region):
                yield found.span()
    yield from (found.span(1) for found in _LOCAL.finditer(text))


def _links(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _URL.finditer(text)]


def _in_link(start: int, links: list[tuple[int, int]], text: str) -> bool:
    """Shops number their pages in the shape of phones and cards; only what a link itself calls a phone is one."""
    inside = any(first <= start < last for first, last in links)
    return inside and not _PHONE_IN_URL.search(text[max(0, start - 12) : start])


def _dialled(written: str, region: str | None) -> bool:
    """Whether the numbering plan knows the number and it is no service number."""
    number = re.sub(r"(?:转|ext).*", "", written)
    if region == "CN":
        digits = re.sub(r"[^\d-]", "", number)
        number = re.sub(r"-\d{1,6}$", "", digits) if digits.startswith("0") and digits.count("-") > 1 else digits
        number = re.sub(r"^(?:00)?86(?=-?1)", "", number)
    elif number.startswith("00"):
        number = "+" + number[2:]
    if region == "US" and number.lstrip("(")[:3] in {"400", "800", "888", "877", "866", "855"}:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _plates(text: str) -> Spans:
    for found in _PLATE.finditer(text):
        digits = sum(mark.isdigit() for mark in found[4])
        # 新 and 黑 are everyday words before a model's name (全新RX5500): they need the plate's dot or a cue.
        bare = found[1] in "新黑" and found[3] != "·"
        if digits >= 3 and not (bare and not _PLATE_CUE.search(text[max(0, found.start() - 14) : found.start()])):
            yield found.span()


def _orders(text: str) -> Spans:
    for found in _ORDER.finditer(text):
        cued = _ORDER_WORD.search(text, max(0, found.start() - 6), found.start(1))
        if cued and sum(mark.isdigit() for mark in found[1]) >= 6:
            yield found.span(1)
    yield from (found.span(1) for found in _BEFORE_ORDER.finditer(text))
    yield from (found.span() for found in _WAYBILL.finditer(text))


def _chats(text: str) -> Spans:
    for pattern in (_CHAT, _QQ, _GROUP):
        yield from (found.span(1) for found in pattern.finditer(text))


RECOGNISERS: tuple[tuple[str, Callable[[str], Spans]], ...] = (
    ("email", _emails),
    ("order", _orders),
    ("identity", _identity_cards),
    ("card", _cards),
    ("phone", _phones),
    ("plate", _plates),
    ("chat", _chats),
    ("address", addresses),
)
"""In this order: a number with a cue is what its cue says."""
