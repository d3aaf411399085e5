"""Personal data goes, everything else stays, and every span holds."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.privacy import PLACEHOLDER, author_digest, mask

PERSONAL = [
    # text, what has to go, kind
    ("我的电话13800138000欢迎骚扰", "13800138000", "phone"),
    ("打138 0013 8000找我", "138 0013 8000", "phone"),
    ("打138-0013-8000找我", "138-0013-8000", "phone"),
    ("打1380 013 8000找我", "1380 013 8000", "phone"),
    ("号码１３８００１３８０００", "１３８００１３８０００", "phone"),
    ("加1 3 8 0 0 1 3 8 0 0 0聊", "1 3 8 0 0 1 3 8 0 0 0", "phone"),
    ("+86 13912345678", "+86 13912345678", "phone"),
    ("86-13912345678，谢谢", "86-13912345678", "phone"),
    ("tel:19912345678.", "19912345678", "phone"),
    ("座机010-62345678没人接", "010-62345678", "phone"),
    ("座机(021)52345678没人接", "(021)52345678", "phone"),
    ("打0755-8888 1234转人工", "0755-8888 1234", "phone"),
    ("拨02087654321也行", "02087654321", "phone"),
    ("电话：62345678", "62345678", "phone"),
    ("call +1 650-253-0000 now", "+1 650-253-0000", "phone"),
    ("call +44 20 7946 0018 now", "+44 20 7946 0018", "phone"),
    ("香港热线+852 2123 4567", "+852 2123 4567", "phone"),
    ("call (650) 253-0000 now", "(650) 253-0000", "phone"),
    ("链接https://wa.me/8613912345678", "8613912345678", "phone"),
    ("身份证11010519491231002X", "11010519491231002X", "identity"),
    ("身份证11010519491231002x被要求上传", "11010519491231002x", "identity"),
    ("证件440524188001010014", "440524188001010014", "identity"),
    ("证件110105 19491231 002X", "110105 19491231 002X", "identity"),
    ("老身份证130503670401001还在用", "130503670401001", "identity"),
    ("卡号6222021234567890128扣了两次", "6222021234567890128", "card"),
    ("卡6222 0212 3456 7890 128扣了", "6222 0212 3456 7890 128", "card"),
    ("Visa 4111 1111 1111 1111 was charged", "4111 1111 1111 1111", "card"),
    ("card 5500-0000-0000-0004", "5500-0000-0000-0004", "card"),
    ("amex 378282246310005", "378282246310005", "card"),
    ("jcb 3530111333300000", "3530111333300000", "card"),
    ("发到xiao.mei_88@example.com吧", "xiao.mei_88@example.com", "email"),
    ("mail me: a+b@mail.example.co.uk.", "a+b@mail.example.co.uk", "email"),
    ("邮箱ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ", "email"),
    ("车牌京A12345停门口", "京A12345", "plate"),
    ("粤B·D1234那辆", "粤B·D1234", "plate"),
    ("沪A12K45追尾", "沪A12K45", "plate"),
    ("绿牌粤BD12345", "粤BD12345", "plate"),
    ("浙A12345D占车位", "浙A12345D", "plate"),
    ("教练车苏E1234学", "苏E1234学", "plate"),
    ("车牌新A12345", "新A12345", "plate"),
    ("寄到北京市朝阳区建国路88号现代城5号楼1203室，别丢", "北京市朝阳区建国路88号现代城5号楼1203室", "address"),
    ("我家住在人民路12号", "人民路12号", "address"),
    ("地址：浙江省杭州市西湖区文三路259号", "浙江省杭州市西湖区文三路259号", "address"),
    ("上海市浦东新区世纪大道100号", "上海市浦东新区世纪大道100号", "address"),
    ("送到阳光花园3栋2单元501室", "阳光花园3栋2单元501室", "address"),
    ("广东省深圳市南山区科技园南路18号A座1502", "广东省深圳市南山区科技园南路18号A座1502", "address"),
    ("海淀区中关村大街27号502室", "海淀区中关村大街27号502室", "address"),
    ("ship to 221 Baker Street, Apt 4", "221 Baker Street, Apt 4", "address"),
    ("订单号：202611021234567890一直不发", "202611021234567890", "order"),
    ("订单编号 TB20261102X99887", "TB20261102X99887", "order"),
    ("快递单号SF1234567890123", "SF1234567890123", "order"),
    ("运单号是773112345678901", "773112345678901", "order"),
    ("YT2512345678901停在中转站", "YT2512345678901", "order"),
    ("order no. 112-3456789-1234567 is late", "112-3456789-1234567", "order"),
    ("Order #A1234567 never came", "A1234567", "order"),
    ("730519842是我的订单编号哦", "730519842", "order"),
    ("护照号E12345678", "E12345678", "order"),
    ("微信号：abc_123456", "abc_123456", "chat"),
    ("加微信xiaomei88领红包", "xiaomei88", "chat"),
    ("加v：fanxian666", "fanxian666", "chat"),
    ("vx:hello_world9", "hello_world9", "chat"),
    ("WeChat ID: zhang-san01", "zhang-san01", "chat"),
    ("QQ:12345678", "12345678", "chat"),
    ("加qq 98765432", "98765432", "chat"),
    ("扣扣号是3344556677", "3344556677", "chat"),
    ("加群8757013咨询", "8757013", "chat"),
]

HARMLESS = (
    """
价格12345.67元，比上月便宜1380013元 ¦ 型号RTX4090，主板B650M ¦ 2026-11-02 12:30:45下的单 ¦ 生产日期20261102 ¦
版本v13.8.0.0138 ¦ 好评率98.765432% ¦ 5555555哭了 ¦ 666666666666666 ¦ 999感冒灵 ¦ 满5000-200的券 ¦
续航400-500公里 ¦ 屏幕2560x1440@165Hz ¦ 客服4008208888没人接 ¦ 打400-820-8888投诉 ¦ 打95588问过 ¦ 12315举报 ¦
拨打10086 ¦ 微信支付很方便 ¦ 微信小程序打不开 ¦ 微信Android8.0闪退 ¦ QQ音乐连不上 ¦ QQ2024版 ¦ QQ飞车卡 ¦
走路3号到 ¦ 地铁5号线旁边 ¦ 我住8号楼，房间很大 ¦ 味道5号香水 ¦ 知道1号发货 ¦ 我走路2号到的 ¦ 全新RX5500显卡 ¦
新A17芯片 ¦ 黑K60PRO ¦ 新SU7Ultra ¦ 京东A12很快 ¦ @小明 你看 ¦ 抽奖@3位朋友 ¦ a@b ¦ @@@@ ¦ 订单一直不发货 ¦
订单多得很 ¦ 单号查不到 ¦ order was late ¦ Order now! ¦ 订单2026年才到 ¦ IMEI尾号1234 ¦ 比例16:9 ¦
分辨率3840 2160 ¦ 100000000000次点赞 ¦ 1/2/3/4/5/6/7 ¦ 192.168.100.200 ¦ 0.123456789012 ¦ 3.14159265358979 ¦
https://item.example.com/13812345678.html ¦ https://example.com/p?id=6222021234567890128&sku=100012043978 ¦
ISBN 9787111054252 ¦ 电池5000mAh充电120W ¦ 尺寸160.5x74.2x7.9 ¦ 1380013800 ¦ 6222021234567890123 ¦
110105194912310021 ¦ 12345678901234567890 ¦ 第13800138号 ¦ 骁龙8gen3跑分2138001 ¦ 0571年 ¦ 2008/02/29-2008/08/30 ¦
中山路店的服务不错 ¦ 南京路步行街 ¦ 这家店在路口 ¦ 电话打不通 ¦ 电话2023年换的 ¦ 手机3999元 ¦ 京A ¦ 川菜12345 ¦
浙江12345 ¦ 加v ¦ vx
""".replace("\n", " ")
    .strip()
    .split(" ¦ ")
)


@pytest.mark.parametrize(("text", "secret", "kind"), PERSONAL)
def test_personal_data_is_replaced_and_nothing_else(text: str, secret: str, kind: str) -> None:
    found = mask(text)
    assert found.text == text.replace(secret, PLACEHOLDER * len(secret))
    assert found.counts == {kind: 1}


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_written(text: str) -> None:
    found = mask(text)
    assert found.text == text
    assert found.counts == {}


def test_the_tables_are_large() -> None:
    assert len(PERSONAL) >= 60
    assert len(HARMLESS) >= 60


def test_several_in_one_text_are_counted_by_kind() -> None:
    text = "电话13800138000或13912345678，邮箱a@example.com，住在人民路12号"
    found = mask(text)
    assert found.counts == {"phone": 2, "email": 1, "address": 1}
    assert len(found.text) == len(text)
    assert found.text.startswith("电话███████████或███████████，邮箱")


_PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [row[0] for row in PERSONAL] + HARMLESS + ["１３８", "路", "号", "@", "-", " ", "😀", "\ud800", "\n"]
    ),
)
TEXTS = st.lists(_PIECES, max_size=6).map("".join)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_masking_keeps_every_span_and_is_idempotent(text: str) -> None:
    once = mask(text).text
    assert len(once) == len(text)
    assert all(after in (before, PLACEHOLDER) for before, after in zip(text, once, strict=True))
    assert mask(once).text == once


@given(st.text(alphabet="电池很好用充电慢屏幕亮，。！？😀 \n"))
@settings(max_examples=50, deadline=None)
def test_text_without_digits_signs_or_cues_is_never_touched(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "a" * 100_000 + "@",
        "1-" * 50_000,
        "路1号" * 30_000,
        "+" * 99_999 + "1",
        "订单" * 50_000,
        "(0" * 50_000,
    ],
)
def test_no_text_makes_masking_slow(text: str) -> None:
    # The run's own time limit is the judge: anything quadratic would take minutes here.
    assert len(mask(text).text) == len(text)


def test_an_author_is_an_hmac_of_the_trimmed_name() -> None:
    secret = b"k" * 32
    assert author_digest(" 小明 ", secret) == hmac.new(secret, "小明".encode(), "sha256").hexdigest()
    assert author_digest("小明", secret) != author_digest("小明", b"j" * 32)
    assert author_digest("", secret) == author_digest("  ", secret) == ""
    assert author_digest("\ud800", secret)
