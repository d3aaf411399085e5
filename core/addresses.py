"""Postal addresses: a road or an estate with a number, taken with the region before it and the door after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COUNT = "[0-9一二三四五六七八九十百零〇]{1,6}"
_PLACES = """
北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南
湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆
香港 澳门 石家庄 唐山 保定 邯郸 太原 大同 沈阳 大连 鞍山 长春 哈尔滨 南京 苏州 无锡
常州 南通 扬州 徐州 镇江 泰州 盐城 连云港 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 台州
义乌 昆山 合肥 芜湖 蚌埠 福州 厦门 泉州 漳州 莆田 南昌 赣州 九江 济南 青岛 烟台
潍坊 临沂 淄博 威海 郑州 洛阳 开封 新乡 南阳 武汉 宜昌 襄阳 荆州 长沙 株洲 湘潭
衡阳 岳阳 广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 江门 湛江 肇庆 南宁 柳州 桂林
北海 海口 三亚 成都 绵阳 德阳 宜宾 贵阳 遵义 昆明 大理 丽江 拉萨 西安 咸阳 宝鸡
兰州 西宁 银川 乌鲁木齐 呼和浩特 包头
"""
_PLACE = "|".join(sorted(_PLACES.split(), key=len, reverse=True))
_NAME = "[^\\W\\d_在到住是的了往去从我你他她它们家于给寄送和与及至就请把发有为点还说叫这那]"
_REGION = (
    rf"(?:(?:(?:{_PLACE})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?[ ,，]?)+"
    rf"(?:{_NAME}{{1,5}}?(?:新区|区|县|市|旗|镇|乡)[ ,，]?){{0,2}}"
    rf"|(?:{_NAME}{{2}}(?:新区|区|县|市|镇|乡)[ ,，]?){{1,2}})"
)
_DOOR = (
    rf"(?:[ ,，]?(?:[^\W\d_的了很也都]{{0,6}}?(?:小区|花园|公寓|大厦|广场|家园|苑|城|园|府|中心))?"
    rf"[ ,，]?(?:[A-Za-z]|{_COUNT})(?:号楼|栋|幢|座|单元|层|楼|室|房|户|弄|号(?!线))){{0,5}}"
    r"(?:[ -]?[0-9]{3,4}(?:室|房|户)?(?![0-9元块次天个平.\-]))?"
)
_ROAD = re.compile(
    rf"(?:大道|胡同|[路街巷弄])[ ]?({_COUNT})(?:-[0-9]{{1,4}})?"
    r"(号(?![线发到收下买来就才晚早去那])|弄|巷|栋|幢)"
)
_ESTATE = re.compile(
    rf"(?:小区|花园|公寓|家园|新村|佳苑|[苑城园府庭里湾村])[ ]?(?:[A-Za-z]|{_COUNT})(?:号楼|栋|幢|座|区)"
    rf"[ ]?(?:{_COUNT}单元[ ]?)?(?:{_COUNT}(?:层|楼)[ ]?)?(?:{_COUNT}(?:室|房|户|号(?!线))"
    r"|[0-9]{3,4}(?![0-9元块次天个平.\-]))"
)
_CUE = re.compile(r"(?:地址|住在|家住|住址|寄到|送到|寄往|收货|位于|我家|邮寄|发到|搬到)[^。！？\n]{0,16}$")
_BEFORE = re.compile(rf"(?:{_REGION})?{_NAME}{{1,6}}$")
_HAS_REGION = re.compile(_REGION)
_MORE = re.compile(_DOOR)
_ENGLISH = re.compile(
    r"(?<![\d.$€£¥])\d{1,5} (?:[NSEW]\.? )?(?:[A-Z][a-z]{1,20} ){1,3}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct)\b\.?"
    r"(?:,? (?:Apt|Apartment|Suite|Unit|#)\.? ?[0-9A-Za-z]{1,5})?"
)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of addresses. A road with a number is one where a region, a door or a cue goes with it."""
    for found in _ROAD.finditer(text):
        start = _start(text, found.start())
        door = _MORE.match(text, found.end())
        end = door.end() if door else found.end()
        if start < found.start() and _private(text, start, found, end):
            yield start, end
    for found in _ESTATE.finditer(text):
        start = _start(text, found.start())
        if start < found.start():
            yield start, found.end()
    yield from (found.span() for found in _ENGLISH.finditer(text))


def _start(text: str, road: int) -> int:
    """Where the region and the name before a road or estate begin; `road` itself when nothing does."""
    window = max(0, road - 40)
    best = road
    for found in _HAS_REGION.finditer(text, window, road):
        if re.fullmatch(rf"{_NAME}{{0,8}}", text[found.end() : road]):
            best = min(best, found.start())
    if best < road:
        return best
    named = re.search(rf"{_NAME}{{1,4}}$", text[max(0, road - 4) : road])
    return road - len(named[0]) if named else road


def _private(text: str, start: int, road: re.Match[str], end: int) -> bool:
    if end > road.end() or _HAS_REGION.match(text, start, road.start()):
        return True
    number = road[1]
    # A day of the month reads like a door (走路3号到); beyond 31 it is a door.
    return (number.isdigit() and int(number) > 31) or bool(_CUE.search(text[max(0, start - 24) : start]))
