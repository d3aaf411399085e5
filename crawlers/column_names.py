"""The names that columns of exported reviews usually have, by field; the most telling first."""

from __future__ import annotations

_WRITTEN = {
    "text": """
        text 评论内容 评价内容 评论正文 评论文本 内容 正文 评论 评价 点评 点评内容 评语 初评内容 初次评价
        首次评价 评论详情 反馈内容 帖子内容 微博正文 微博内容 发布内容 笔记内容 文本 原文 review reviewtext
        reviewbody reviewcontent content comment comments commenttext body message feedback description 工单内容
        问题描述 reviewcontents contents sentence tweet post
    """,
    "title": """
        title 标题 评论标题 评价标题 帖子标题 主题 reviewtitle headline subject summary reviewheadline
    """,
    "rating": """
        rating 星级 评分 评价星级 评论星级 打分 分数 得分 评价等级 总评分 综合评分 好评星级 满意度 star stars
        score rate reviewrating starrating overall ratingvalue nps csat
    """,
    "product": """
        product 商品 商品名称 产品 产品名称 商品标题 宝贝名称 宝贝标题 型号 产品型号 商品型号 店铺名称 门店名称
        酒店名称 productname producttitle item itemname sku model asin productid skuname 菜品 房型
    """,
    "brand": """
        brand 品牌 品牌名称 品牌名 brandname 厂商
    """,
    "time": """
        time 时间 评论时间 评价时间 发布时间 发表时间 日期 评论日期 评价日期 发布日期 创建时间 提交时间 date
        datetime timestamp created createdat createdtime createtime reviewdate reviewtime published publishedat
        publishtime pubdate posted postedat datepublished commenttime
    """,
    "author": """
        author 用户名 用户 昵称 用户昵称 买家 买家昵称 会员名 买家会员名 评论人 评论者 评价人 作者 发布者 发布人
        博主 username user nickname reviewer reviewername authorname customer screenname userid
    """,
    "id": """
        id 评论id 评价id 评论编号 评价编号 微博id 帖子id 笔记id 工单号 reviewid commentid postid mid rid uuid
        nativeid
    """,
    "parent": """
        parent 父评论 父评论id 上级id 回复id parentid inreplyto replyto parentnativeid threadid
    """,
    "url": """
        url 链接 网址 评论链接 原文链接 帖子链接 微博链接 link permalink href reviewurl posturl
    """,
    "likes": """
        likes 点赞 点赞数 赞 赞数 获赞 有用数 有用 like likecount helpful helpfulvotes upvotes votes
        attitudescount
    """,
    "replies": """
        replies 回复数 评论数 回复量 reply replycount replycounts commentcount commentscount numcomments
    """,
    "shares": """
        shares 转发 转发数 分享 分享数 share sharecount reposts repostscount retweets retweetcount
    """,
    "views": """
        views 阅读 阅读数 阅读量 浏览 浏览量 浏览数 播放量 播放数 曝光 曝光量 view viewcount reads impressions
        playcount
    """,
    "followers": """
        followers 粉丝 粉丝数 粉丝量 作者粉丝数 followercount followerscount authorfollowers fans
    """,
    "region": """
        region 地区 省份 城市 ip属地 属地 所在地 所在地区 地域 发布地 location country province city
    """,
    "kind": """
        kind 类型 内容类型 文章类型 type
    """,
    "source": """
        source 来源 平台 渠道 来源平台 数据来源 platform channel site website
    """,
    "scale": """
        scale ratingscale 评分制 评分标准
    """,
}
USUAL: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _WRITTEN.items()}
"""Written plain: small letters, without spaces and signs."""
