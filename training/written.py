"""Sentences written for training, from templates: plain statements without a side, and several comparisons in one.

The sets know hardly any neutral sentence, so that "bought a phone yesterday" came out positive; and none of them has
two comparisons that share a subject stated once.
"""

from __future__ import annotations

import random

from core.models import Span
from training.marked import NEUTRAL, Marked, Quintuple

_WHEN = (
    "昨天",
    "今天",
    "上周",
    "前天",
    "上个月",
    "刚刚",
    "周末",
    "去年",
    "双十一",
    "中午",
    "早上",
    "晚上",
    "3月5号",
    "前几天",
    "",
)
_WHO = ("", "", "", "我", "我们", "给我妈", "给家里", "帮朋友", "替同事", "公司", "老公", "孩子", "和同学一起")
_BUY = ("买了", "下单了", "订了", "入手了", "收到了", "换了", "拿到了", "选了", "又买了", "预订了", "领了", "点了")
_COUNT = ("一部", "一台", "两个", "一件", "一双", "一箱", "三盒", "一份", "一本", "一间", "一套", "一瓶", "")
_THING = (
    "手机", "笔记本", "平板", "耳机", "相机", "热水器", "洗发水", "苹果", "牛奶", "外套", "裙子", "鞋子", "书", "房间",
    "外卖", "奶茶", "汉堡", "米饭", "空调", "路由器", "键盘", "显示器", "电饭锅", "车", "轮胎", "面包", "咖啡", "牙刷",
)  # fmt: skip
_MAKER = ("", "", "", "云岫的", "华为", "小米的", "苹果", "海尔", "联想的", "格力", "蒙牛", "那家店的", "这个牌子的")
_COLOUR = ("黑色", "白色", "蓝色", "银色", "大号", "中号", "128G", "500ml", "16寸", "2米", "XL码", "十斤装", "标准间")
_TAIL = (
    "还没拆", "还没用", "明天到", "周三送到", "先放着", "等安装", "准备送人", "用了两天再来说", "还没打开看",
    "下周开始用", "发票在盒子里", "由京东配送", "快递放在门口",
    "在楼下取的", "家里人在用", "还在路上", "尺寸是标准的", "颜色选的默认",
)  # fmt: skip
_ASK = (
    "请问{t}什么时候发货", "{t}有几种颜色", "{m}{t}支持货到付款吗", "这个{t}是哪里产的", "{t}的保修期是多久",
    "怎么申请换货", "{t}多少钱", "有没有人用过{m}{t}", "{t}的说明书在哪里下载", "这个和{t}是同一款吗",
)  # fmt: skip
_SAY = (
    "{w}{p}{b}{n}{m}{t}。", "{w}{p}{b}{n}{m}{t}，{c}的。", "{w}{p}{b}{n}{m}{t}，{e}。", "{w}{b}{m}{t}，{c}，{e}。",
    "{t}是{c}的", "{m}{t}，{c}", "{w}到货，{e}", "{w}去店里看了{m}{t}", "{p}{w}去取{t}", "{w}{m}{t}发布了", "{e}，{e2}",
    "{m}{t}{w}开始预售", "第一次{b}{m}{t}，{e}", "{w}客服回复说{e}", "包装里有{t}、数据线和说明书", "型号是{c}，{w}{b}",
)  # fmt: skip
_NAMES = (
    "A7", "B9", "云岫X2", "青竹5", "T480", "M31", "ix35", "朗逸",
    "这款", "它", "上一代", "老款", "D90", "K5", "N95", "那款",
)  # fmt: skip
_ASPECT = {
    "屏幕": ("亮", "大", "清晰"), "电池": ("耐用", "大", "差"), "油耗": ("低", "高"), "空间": ("大", "小"),
    "音质": ("好", "差一些"), "价格": ("便宜", "贵", "高"), "做工": ("好", "细", "差"), "像素": ("高", "低"),
    "噪音": ("小", "大"), "动力": ("强", "弱"), "手感": ("好", "差"), "系统": ("流畅", "快", "慢"),
    "外观": ("漂亮", "好看", "丑"), "散热": ("好", "快", "差"), "配置": ("高", "低"),
}  # fmt: skip
_WORSE = {"差", "差一些", "弱", "丑", "慢", "贵"}
_WORSE_THERE = {("油耗", "高"), ("价格", "高"), ("空间", "小"), ("像素", "低"), ("噪音", "大"), ("配置", "低")}
_DEGREE = ("", "", "", "一点", "多了", "很多", "一些")


def statement(draw: random.Random) -> Marked:
    """A sentence that says what was done or asks something, and takes no side."""
    pattern = draw.choice(_ASK) if draw.random() < 0.25 else draw.choice(_SAY)
    text = pattern.format(
        w=draw.choice(_WHEN),
        p=draw.choice(_WHO),
        b=draw.choice(_BUY),
        n=draw.choice(_COUNT),
        m=draw.choice(_MAKER),
        t=draw.choice(_THING),
        c=draw.choice(_COLOUR),
        e=draw.choice(_TAIL),
        e2=draw.choice(_TAIL),
    )
    mark = draw.choice(("", "？")) if pattern in _ASK else ""
    return Marked("statements", text.rstrip("。") + (mark or draw.choice(("", "。"))), polarity=NEUTRAL, joined=True)


def two_comparisons(draw: random.Random) -> Marked:
    """A subject named once and compared in two or three aspects, each with its own rival and word."""
    subject, *rivals = draw.sample(_NAMES, 3)
    text = subject + draw.choice(("的", "", ""))
    found: list[Quintuple] = []
    named = Span(0, len(subject))
    aspects = draw.sample(sorted(_ASPECT), draw.choice((2, 2, 3)))
    for k, aspect in enumerate(aspects):
        text += draw.choice(("，", "，", "，但是", "；", "，而且")) if k else ""
        text, quintuple = _compared(text, named, aspect, rivals[k % 2], draw)
        found.append(quintuple)
    text += draw.choice(("。", "", "！"))
    return Marked("compared", text, group="comparison", comparative=1, quintuples=tuple(found), joined=True)


def _compared(text: str, subject: Span, aspect: str, rival: str, draw: random.Random) -> tuple[str, Quintuple]:
    """The text with one more comparison at its end, and its quintuple."""
    about = Span(len(text), len(text) + len(aspect))
    word = draw.choice(_ASPECT[aspect])
    kind = draw.random()
    if kind < 0.6:
        text += f"{aspect}比{rival}"
        word, preference = word + draw.choice(_DEGREE), _preference(aspect, word)
    elif kind < 0.85:
        text += f"{aspect}不如{rival}"
        named = Span(len(text) - len(rival), len(text))
        return text, (subject, named, about, Span(about.end, named.start), -1)
    else:
        text += f"{aspect}{draw.choice('和跟')}{rival}"
        word, preference = draw.choice(("一样", "差不多", "一样好")), 0
    named = Span(len(text) - len(rival), len(text))
    text += word
    return text, (subject, named, about, Span(named.end, len(text)), preference)


def _preference(aspect: str, word: str) -> int:
    return -1 if word in _WORSE or (aspect, word) in _WORSE_THERE else 1
