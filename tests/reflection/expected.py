"""The rules that are kept, and what they must find in which message."""

# What is kept, by id.
RULE_SET = {
    "advert": {
        "text": {"words": ["加微信", "加QQ"], "match": "MATCH_MODE_CONTAINS"},
        "level": "LEVEL_P2",
        "labels": ["广告", "contact"],
        "actions": [{"kind": "ACTION_KIND_REVIEW"}],
    },
    "cheat": {
        "text": {"words": ["出售外挂", "外挂"]},
        "level": "LEVEL_P0",
        "risk_class": "RISK_CLASS_FATAL",
        "labels": ["cheat", "广告"],
        "actions": [{"kind": "ACTION_KIND_INTERCEPT"}, {"kind": "ACTION_KIND_ALERT"}],
    },
    "gold": {
        "text": {"words": ["gold"], "match": "MATCH_MODE_WORD"},
        "level": "LEVEL_P2",
        "labels": ["trade"],
        "priority": 5,
    },
    "greeting": {
        "text": {"words": ["gg"], "match": "MATCH_MODE_EXACT"},
        "level": "LEVEL_P3",
        "labels": ["small-talk"],
    },
    "insult": {
        "text": {"words": ["笨蛋"]},
        "level": "LEVEL_P1",
        "labels": ["abuse"],
        "actions": [{"kind": "ACTION_KIND_MASK"}],
    },
    "phone": {
        "text": {"detector": "mobile_phone"},
        "level": "LEVEL_P1",
        "risk_class": "RISK_CLASS_SENSITIVE",
        "labels": ["privacy", "contact"],
        "priority": 3,
    },
    "price": {
        "text": {"regex": r"\d{3,} ?元"},
        "level": "LEVEL_P3",
        "labels": ["trade", "price"],
    },
}

# A message, and what must be found in it: rule, word, field, the pieces cut
# out, what was folded.
CASES = [
    ({"text": "今晚一起打副本吗？😀"}, []),
    ({"text": "goldfish, marigold"}, []),
    ({"text": "😀想赚钱就加微信：abc，或加qq"}, [
        ("advert", "加微信", "text", ["加微信"], []),
        ("advert", "加QQ", "text", ["加qq"], ["CASE"]),
    ]),
    ({"text": "😀ＧＯＬＤ便宜卖, Gold!"}, [("gold", "gold", "text", ["ＧＯＬＤ", "Gold"], ["CASE", "WIDTH"])]),
    ({"text": "ｇｇ"}, [("greeting", "gg", "text", ["ｇｇ"], ["WIDTH"])]),
    ({"text": "gg wp"}, []),
    ({"text": "你👨‍👩‍👧笨蛋，大笨蛋"}, [("insult", "笨蛋", "text", ["笨蛋", "笨蛋"], [])]),
    ({"text": "👍出售外挂，500 元，电话13812345678，笨蛋别来"}, [
        ("cheat", "出售外挂", "text", ["出售外挂"], []),
        ("phone", "mobile_phone", "text", ["13812345678"], []),
        ("insult", "笨蛋", "text", ["笨蛋"], []),
        ("price", r"\d{3,} ?元", "text", ["500 元"], []),
    ]),
    ({"text": "看这里", "attachments": [
        {"link": {"url": "https://example.com/", "title": "🎁ｇｏｌｄ"}}]},
     [("gold", "gold", "attachments/0/title", ["ｇｏｌｄ"], ["WIDTH"])]),
]
MASKED = {
    "你👨‍👩‍👧笨蛋，大笨蛋": "你👨‍👩‍👧**，大**",
    "👍出售外挂，500 元，电话13812345678，笨蛋别来": "👍出售外挂，500 元，电话13812345678，**别来",
}
