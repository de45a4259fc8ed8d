"""Made-up private values, and numbers that only look like them, for build_privacy_cases.py."""

import base64
import json
import random
import string
from collections.abc import Callable

Draw = random.Random
ALNUM = string.ascii_letters + string.digits
GIVEN = [
    "Emma",
    "Olivia",
    "Noah",
    "Liam",
    "Sophia",
    "Mason",
    "Isabella",
    "Jacob",
    "Ethan",
    "Ava",
    "Michael",
    "Emily",
    "Daniel",
    "Abigail",
    "Matthew",
    "Madeline",
    "Anthony",
    "Priya",
    "Rahul",
    "Ananya",
    "Mohammed",
    "Fatima",
    "Omar",
    "Aisha",
    "Pierre",
    "Camille",
    "Hans",
    "Greta",
    "Olga",
    "Dmitri",
    "Sofia",
    "Mateo",
    "Lucia",
    "Diego",
    "Yuki",
    "Haruto",
    "Chloe",
    "Gareth",
    "Siobhan",
    "Patrick",
    "Deborah",
    "Kenneth",
    "Nancy",
    "Gloria",
    "Terence",
    "Walter",
    "Beatrice",
    "Arthur",
    "Julia",
    "Marcus",
    "Helen",
    "Simon",
    "Rebecca",
    "Nathan",
    "Katherine",
]
LAST = [
    "Smith",
    "Johnson",
    "Williams",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Moore",
    "Jackson",
    "Thompson",
    "Whitaker",
    "Okafor",
    "Nakamura",
    "Petrov",
    "Kowalski",
    "Schneider",
    "Dubois",
    "Rossi",
    "Murphy",
    "O'Brien",
    "McCarthy",
    "Fernandez",
    "Gupta",
    "Sharma",
    "Patel",
    "Hussain",
    "Andersson",
    "Novak",
    "Silva",
    "Costa",
    "Fitzgerald",
    "Blackwood",
    "Harrington",
    "Pemberton",
    "Ashworth",
    "Lindqvist",
    "Castellanos",
    "Thackeray",
    "Delacroix",
]
PINYIN = [
    "Zhang Wei",
    "Li Na",
    "Wang Xiaoming",
    "Liu Yang",
    "Chen Jing",
    "Xiaoming Wang",
    "Zhao Lei",
    "Huang Jiahui",
    "Zhou Jie",
    "Xu Zhiqiang",
    "Han Meimei",
    "Li Lei",
    "Guo Yuting",
    "Jianguo Ma",
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN_ZH = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "超",
    "霞",
    "鹏",
    "婷",
    "浩",
    "宇",
    "晨",
    "欣怡",
    "子轩",
    "梓涵",
    "建国",
    "志强",
    "秀英",
    "桂兰",
    "晓明",
    "雨桐",
    "思远",
    "佳琪",
    "俊杰",
    "文博",
    "丽华",
    "海燕",
    "国庆",
    "淑珍",
    "雪梅",
    "天佑",
    "一凡",
    "嘉怡",
    "浩然",
    "明轩",
    "晓燕",
    "玉兰",
    "卫东",
    "建军",
    "红梅",
    "小红",
    "丹丹",
    "诗涵",
    "宇航",
    "博文",
    "永强",
    "春梅",
    "立新",
    "少华",
    "振宇",
    "若曦",
    "可欣",
    "亦菲",
]
WORDS = [
    "tea",
    "river",
    "stone",
    "cloud",
    "maple",
    "lantern",
    "harbor",
    "meadow",
    "copper",
    "willow",
    "falcon",
    "pepper",
]
DOMAINS = [
    "gmail.com",
    "outlook.com",
    "yahoo.co.uk",
    "qq.com",
    "163.com",
    "126.com",
    "sina.cn",
    "foxmail.com",
    "pku.edu.cn",
    "mit.edu",
    "example.com",
    "example.org",
    "startup.io",
    "company.com.cn",
    "mail.ru",
    "web.de",
    "proton.me",
    "uni-heidelberg.de",
]
AREAS = [415, 212, 312, 617, 206, 512, 303, 646, 718, 808]
STREETS = [
    "Maple",
    "Oak",
    "Cedar",
    "Elm",
    "Washington",
    "Lakeview",
    "Hillcrest",
    "Baker",
    "Church",
    "Station",
    "Highfield",
    "Sunset",
    "Wellington",
    "Magnolia",
]
SUFFIXES = ["Street", "St", "Avenue", "Ave", "Road", "Rd", "Lane", "Ln", "Boulevard", "Blvd", "Drive", "Court"]
CITIES = [
    ("Springfield", "IL", "62704"),
    ("Portland", "OR", "97205"),
    ("Austin", "TX", "78701"),
    ("Madison", "WI", "53703"),
    ("Boulder", "CO", "80302"),
    ("San Jose", "CA", "95112"),
]
PROVINCES = [
    ("北京市", "海淀区", "110108"),
    ("上海市", "浦东新区", "310115"),
    ("广东省深圳市", "南山区", "440305"),
    ("浙江省杭州市", "西湖区", "330106"),
    ("四川省成都市", "武侯区", "510107"),
    ("江苏省南京市", "鼓楼区", "320106"),
    ("湖北省武汉市", "洪山区", "420111"),
    ("陕西省西安市", "雁塔区", "610113"),
    ("河南省洛阳市", "涧西区", "410305"),
    ("福建省泉州市", "丰泽区", "350503"),
]
ROADS = [
    "中山路",
    "人民路",
    "解放大道",
    "建设路",
    "文化街",
    "和平路",
    "学院路",
    "长江路",
    "科技南路",
    "青年大街",
    "北京东路",
    "复兴路",
    "花园巷",
    "延安西路",
]
ESTATES = ["阳光花园", "翠湖小区", "金色家园", "幸福里", "碧桂园", "东方雅苑", "科苑公寓"]


def digits(draw: Draw, count: int, first: str = string.digits) -> str:
    return draw.choice(first) + "".join(draw.choices(string.digits, k=count - 1))


def chars(draw: Draw, count: int, alphabet: str = ALNUM) -> str:
    while True:
        drawn = "".join(draw.choices(alphabet, k=count))
        if any(c.isdigit() for c in drawn) and any(c.isalpha() for c in drawn):
            return drawn


def name(draw: Draw) -> str:
    kind = draw.random()
    if kind < 0.15:
        return draw.choice(PINYIN)
    middle = f" {draw.choice(string.ascii_uppercase)}." if kind > 0.88 else ""
    return f"{draw.choice(GIVEN)}{middle} {draw.choice(LAST)}"


def name_zh(draw: Draw) -> str:
    surname = draw.choice(["欧阳", "司马", "上官", "诸葛"]) if draw.random() < 0.05 else draw.choice(SURNAMES)
    return surname + draw.choice(GIVEN_ZH)


def email(draw: Draw) -> str:
    first, last = draw.choice(GIVEN).lower(), draw.choice(LAST).lower().replace("'", "")
    local = draw.choice(
        [
            f"{first}.{last}",
            f"{first[0]}{last}",
            f"{first}_{last}{draw.randint(1, 99)}",
            f"{first}+{draw.choice(WORDS)}",
            digits(draw, 9, "123456789"),
            f"{last}-{first}",
            f"{first}{draw.randint(1970, 2010)}",
        ]
    )
    return f"{local}@{draw.choice(DOMAINS)}"


def mobile_zh(draw: Draw) -> str:
    number = draw.choice(["13", "15", "17", "18", "19"]) + digits(draw, 9)
    gapped = f"{number[:3]}{{0}}{number[3:7]}{{0}}{number[7:]}"
    return draw.choice(
        [
            number,
            number,
            number,
            gapped.format(" "),
            gapped.format("-"),
            f"+86 {number}",
            f"+86-{number}",
            f"+86{number}",
            f"(+86) {number}",
            f"0086-{number}",
            number.translate({48 + d: 0xFF10 + d for d in range(10)}),
        ]
    )


def landline_zh(draw: Draw) -> str:
    area = draw.choice(["010", "021", "020", "0755", "0571", "027", "0379", "028"])
    local = digits(draw, 8 if len(area) == 3 or area in {"0755", "0571"} else 7, "2345678")
    return draw.choice(
        [
            f"{area}-{local}",
            f"({area}){local}",
            f"{area} {local}",
            f"{area}-{local}-{draw.randint(100, 999)}",
            f"+86-{area[1:]}-{local}",
            f"（{area}）{local}",
        ]
    )


def phone_us(draw: Draw) -> str:
    area, exchange, line = draw.choice(AREAS), digits(draw, 3, "23456789"), digits(draw, 4)
    return draw.choice(
        [
            f"({area}) {exchange}-{line}",
            f"{area}-{exchange}-{line}",
            f"{area}.{exchange}.{line}",
            f"+1 {area} {exchange} {line}",
            f"+1-{area}-{exchange}-{line}",
            f"+1 ({area}) {exchange}-{line}",
            f"1-{area}-{exchange}-{line}",
        ]
    )


def phone_uk(draw: Draw) -> str:
    return draw.choice(
        [
            f"020 7{digits(draw, 3)} {digits(draw, 4)}",
            f"07{digits(draw, 3)} {digits(draw, 6)}",
            f"+44 20 7{digits(draw, 3)} {digits(draw, 4)}",
            f"+44 (0)7{digits(draw, 3)} {digits(draw, 6)}",
            f"0161 {digits(draw, 3, '23456789')} {digits(draw, 4)}",
        ]
    )


def phone_world(draw: Draw) -> str:
    return draw.choice(
        [
            f"+49 30 {digits(draw, 8, '123456789')}",
            f"+33 6 {digits(draw, 2)} {digits(draw, 2)} {digits(draw, 2)} {digits(draw, 2)}",
            f"+81-3-{digits(draw, 4, '3456')}-{digits(draw, 4)}",
            f"+852 {digits(draw, 4, '569')} {digits(draw, 4)}",
            f"+91 {digits(draw, 5, '789')} {digits(draw, 5)}",
            f"+61 4{digits(draw, 2)} {digits(draw, 3)} {digits(draw, 3)}",
            f"+65 {digits(draw, 4, '89')} {digits(draw, 4)}",
            f"+55 11 9{digits(draw, 4)}-{digits(draw, 4)}",
            f"+886 9{digits(draw, 2)} {digits(draw, 3)} {digits(draw, 3)}",
        ]
    )


def phone(draw: Draw) -> str:
    return draw.choice([phone_us, phone_us, phone_uk, phone_world])(draw)


def plain_us(draw: Draw) -> str:
    return f"{draw.choice(AREAS)}{digits(draw, 7, '23456789')}"


def id_zh(draw: Draw) -> str:
    body = (
        draw.choice(PROVINCES)[2]
        + f"{draw.randint(1950, 2012)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        + digits(draw, 3)
    )
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(body))
    check = "0123456789X"[(12 - total % 11) % 11]
    return body + (check.lower() if draw.random() < 0.3 else check)


def id_zh_old(draw: Draw) -> str:
    return (
        draw.choice(PROVINCES)[2]
        + f"{draw.randint(50, 99)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        + digits(draw, 3)
    )


def ssn(draw: Draw) -> str:
    return f"{draw.choice('1234578')}{draw.randint(10, 65)}-{draw.randint(10, 99)}-{draw.randint(1000, 9999)}"


def passport(draw: Draw) -> str:
    return draw.choice(
        [
            f"E{digits(draw, 8)}",
            f"G{digits(draw, 8)}",
            f"EA{digits(draw, 7)}",
            digits(draw, 9, "123456789"),
            f"{draw.choice('ABCX')}{digits(draw, 8)}",
        ]
    )


def with_luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def card(draw: Draw) -> str:
    prefix, size = draw.choice(
        [
            ("4", 16),
            ("52", 16),
            ("5412", 16),
            ("2345", 16),
            ("34", 15),
            ("6011", 16),
            ("3566", 16),
            ("622202", 19),
            ("6217", 19),
            ("622588", 16),
            ("4367", 16),
        ]
    )
    number = with_luhn(prefix + "".join(draw.choices(string.digits, k=size - len(prefix) - 1)))
    if size == 16:
        gaps = " ".join(number[i : i + 4] for i in range(0, 16, 4))
        return draw.choice([number, gaps, gaps.replace(" ", "-")])
    if size == 15:
        return draw.choice([number, f"{number[:4]} {number[4:10]} {number[10:]}"])
    return draw.choice([number, " ".join(number[i : i + 4] for i in range(0, 19, 4))])


def iban(draw: Draw) -> str:
    country, shape = draw.choice(
        [
            ("DE", "d" * 18),
            ("GB", "aaaa" + "d" * 14),
            ("FR", "d" * 23),
            ("NL", "aaaa" + "d" * 10),
            ("ES", "d" * 20),
            ("CH", "d" * 17),
        ]
    )
    body = "".join(draw.choice(string.ascii_uppercase if c == "a" else string.digits) for c in shape)
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    number = f"{country}{check:02}{body}"
    return draw.choice([number, " ".join(number[i : i + 4] for i in range(0, len(number), 4))])


def address(draw: Draw) -> str:
    street = (
        f"{draw.randint(1, 9999)} {draw.choice(['', '', 'N. ', 'West '])}{draw.choice(STREETS)} {draw.choice(SUFFIXES)}"
    )
    unit = draw.choice(["", "", ", Apt 4B", ", Suite 210", " #12", ", Unit 7"])
    city, state, code = draw.choice(CITIES)
    return draw.choice(
        [
            f"{street}{unit}, {city}, {state} {code}",
            f"{street}{unit}, {city}, {state} {code}",
            f"{street}, {city}, {state} {code}-{digits(draw, 4)}",
            f"P.O. Box {draw.randint(10, 9999)}, {city}, {state} {code}",
            f"{draw.randint(1, 300)} {draw.choice(STREETS)} Road, London NW1 6XE",
            f"Flat {draw.randint(1, 20)}, {draw.randint(1, 200)} {draw.choice(STREETS)} Street, Manchester M1 4BT",
        ]
    )


def address_zh(draw: Draw) -> str:
    city, district, _ = draw.choice(PROVINCES)
    road, estate = draw.choice(ROADS), draw.choice(ESTATES)
    house = f"{draw.randint(1, 999)}号"
    room = f"{draw.randint(1, 30)}栋{draw.randint(1, 4)}单元{draw.randint(101, 2808)}室"
    return draw.choice(
        [
            f"{city}{district}{road}{house}",
            f"{city}{district}{road}{house}{estate}{room}",
            f"{city}{district}{estate}{room}",
            f"{district}{road}{house}{draw.randint(2, 20)}楼{draw.randint(201, 2010)}室",
            f"{city}{district}{road}{house}院{draw.randint(1, 20)}号楼{draw.randint(101, 999)}室",
            f"{city} {district} {road}{house}",
        ]
    )


def assigned(draw: Draw) -> str:
    return draw.choice(
        [chars(draw, 24), chars(draw, 32, "abcdef0123456789"), chars(draw, 40), chars(draw, 20) + "-" + chars(draw, 12)]
    )


def password(draw: Draw) -> str:
    word = draw.choice(WORDS)
    return draw.choice(
        [
            f"{word.title()}{draw.randint(10, 9999)}!",
            f"{word}{draw.randint(100, 9999)}",
            f"{word[0].upper()}{chars(draw, 9)}#",
            f"{chars(draw, 5)}@{word}{draw.randint(1, 99)}",
            f"{word}_{draw.choice(WORDS)}_{draw.randint(1, 99)}",
        ]
    )


def shaped(draw: Draw) -> str:
    lower = string.ascii_lowercase + string.digits
    return draw.choice([
        lambda: "AKIA" + chars(draw, 16, string.ascii_uppercase + "234567"),
        lambda: draw.choice(["ghp_", "gho_", "ghs_"]) + chars(draw, 36),
        lambda: "github_pat_" + chars(draw, 22) + "_" + chars(draw, 59),
        lambda: "sk-" + chars(draw, 48),
        lambda: "sk-proj-" + chars(draw, 64),
        lambda: "sk-ant-api03-" + chars(draw, 80),
        lambda: "AIza" + chars(draw, 35),
        lambda: f"xoxb-{digits(draw, 12)}-{digits(draw, 12)}-{chars(draw, 24)}",
        lambda: draw.choice(["sk_live_", "sk_test_", "rk_live_"]) + chars(draw, 24),
        lambda: jwt(draw),
        lambda: "glpat-" + chars(draw, 20),
        lambda: "hf_" + chars(draw, 34, string.ascii_letters + "0123456789"),
        lambda: "npm_" + chars(draw, 36),
        lambda: "LTAI5t" + chars(draw, 18),
        lambda: "SG." + chars(draw, 22) + "." + chars(draw, 43),
        lambda: f"{digits(draw, 10, '123456789')}:AA" + chars(draw, 33),
        lambda: "dop_v1_" + chars(draw, 64, lower[:6] + string.digits),
    ])()  # fmt: skip


def jwt(draw: Draw) -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': digits(draw, 9), 'name': draw.choice(GIVEN)})}.{chars(draw, 43)}"


def pem(draw: Draw) -> str:
    kind = draw.choice(["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"])
    body = "\n".join(chars(draw, 64, ALNUM + "+/") for _ in range(draw.randint(3, 6)))
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----"


def account(draw: Draw) -> str:
    return draw.choice(
        [
            f"{draw.choice(WORDS)}_{draw.randint(10, 9999)}",
            f"wxid_{chars(draw, 14, string.ascii_lowercase + string.digits)}",
            f"{draw.choice(GIVEN).lower()}{draw.randint(1980, 2010)}",
            f"{draw.choice(WORDS)}-{draw.choice(WORDS)}{draw.randint(1, 99)}",
        ]
    )


def qq(draw: Draw) -> str:
    return digits(draw, draw.choice([8, 9, 10]), "123456789")


VALUES: dict[str, Callable[[Draw], str]] = {
    "person": name, "person:zh": name_zh, "person:given": lambda d: d.choice(GIVEN), "person:surname": lambda d: d.choice(SURNAMES),
    "email": email, "phone": phone, "phone:us": phone_us, "phone:uk": phone_uk, "phone:world": phone_world, "phone:plain": plain_us,
    "phone:zh": mobile_zh, "phone:land": landline_zh, "phone:mobile": lambda d: d.choice(["13", "15", "18"]) + digits(d, 9),
    "id_number": ssn, "id_number:zh": id_zh, "id_number:old": id_zh_old, "id_number:passport": passport,
    "bank_card": card, "iban": iban, "address": address, "address:zh": address_zh,
    "secret": shaped, "secret:key": assigned, "secret:password": password, "secret:pem": pem, "secret:pin": lambda d: digits(d, 6),
    "account": account, "account:qq": qq,
    "id_number:student": lambda draw: "2021001",
}  # fmt: skip


def no_luhn(draw: Draw) -> str:
    good = with_luhn("4" + "".join(draw.choices(string.digits, k=14)))
    return good[:-1] + str((int(good[-1]) + draw.randint(1, 9)) % 10)


def bad_id(draw: Draw) -> str:
    good = id_zh(draw)[:17]
    real = id_zh(draw)
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(good))
    check = "0123456789X"[(12 - total % 11) % 11]
    return good + draw.choice([c for c in string.digits if c != check]) if real else good


def isbn(draw: Draw) -> str:
    body = "978" + "".join(draw.choices(string.digits, k=9))
    check = -sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(body)) % 10
    return draw.choice(
        [f"978-{body[3]}-{body[4:8]}-{body[8:12]}-{check}", f"{body}{check}", f"{body[3]}-{body[4:7]}-{body[7:12]}-X"]
    )


NEGATIVES: dict[str, Callable[[Draw], str]] = {
    "version": lambda d: d.choice([f"{d.randint(0, 9)}.{d.randint(0, 30)}.{d.randint(0, 99)}", f"v{d.randint(1, 9)}.{d.randint(0, 20)}", f"{d.randint(1, 20)}.{d.randint(0, 9)}.{d.randint(0, 9)}.{d.randint(1000, 9999)}", f"{d.randint(10, 200)}.0.{d.randint(1000, 9999)}.{d.randint(10, 200)}"]),
    "isbn": isbn,
    "issn": lambda d: f"{digits(d, 4)}-{digits(d, 3)}X",
    "doi": lambda d: f"10.{d.randint(1000, 9999)}/{d.choice(['j.cell', 's41586', 'zenodo', 'nature'])}.{d.randint(1990, 2024)}.{digits(d, 8)}",
    "arxiv": lambda d: f"{d.randint(10, 25)}{d.randint(1, 12):02}.{digits(d, 5)}",
    "coordinates": lambda d: f"{d.uniform(-90, 90):.6f}, {d.uniform(-180, 180):.6f}",
    "hash": lambda d: chars(d, d.choice([7, 12, 40, 64]), "abcdef0123456789"),
    "uuid": lambda d: "-".join(chars(d, n, "abcdef0123456789") for n in (8, 4, 4, 4, 12)),
    "date": lambda d: d.choice([f"{d.randint(1990, 2030)}-{d.randint(1, 12):02}-{d.randint(1, 28):02}", f"{d.randint(1, 28)}/{d.randint(1, 12)}/{d.randint(1990, 2030)}", f"{d.randint(1990, 2030)}{d.randint(1, 12):02}{d.randint(1, 28):02}", f"{d.randint(1, 28):02}.{d.randint(1, 12):02}.{d.randint(1990, 2030)}"]),
    "time": lambda d: f"{d.randint(0, 23):02}:{d.randint(0, 59):02}:{d.randint(0, 59):02}",
    "timestamp": lambda d: d.choice([f"{d.randint(1500000000, 1799999999)}", f"{d.randint(1500000000, 1799999999)}{digits(d, 3)}"]),
    "price": lambda d: d.choice([f"${d.randint(1, 99)},{digits(d, 3)}.{digits(d, 2)}", f"€{d.randint(1, 999)}.{digits(d, 2)}", f"¥{d.randint(1, 99999)}", f"{d.randint(1, 999)},{digits(d, 3)},{digits(d, 3)}"]),
    "order": lambda d: d.choice([digits(d, 12, "2345"), digits(d, 16, "13579"), f"A{digits(d, 9)}", f"{d.randint(2018, 2025)}{digits(d, 14)}"]),
    "mobilelike": lambda d: d.choice(["13", "15", "18"]) + digits(d, 9),
    "cardlike": no_luhn, "badid": bad_id,
    "decimal": lambda d: d.choice([f"{d.random():.15f}", f"3.14159265358979{digits(d, 6)}", f"{d.randint(1, 99)}.{digits(d, 11)}"]),
    "big": lambda d: digits(d, d.choice([7, 8, 9, 10]), "23456789"),
    "sequence": lambda d: d.choice(["1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89", "2 4 8 16 32 64 128 256 512 1024", "1 3 6 10 15 21 28 36 45 55", "0 1 1 2 3 5 8 13 21 34", "1000 2000 3000 4000", "100 200 300 4000"]),
    "range": lambda d: d.choice([f"{d.randint(1, 50)}-{d.randint(51, 120)}", f"{d.randint(1900, 1960)}–{d.randint(1961, 2020)}", f"pp. {d.randint(100, 400)}–{d.randint(401, 900)}"]),
    "formula": lambda d: d.choice([r"$x_{1} = 13800138000$", r"$\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$", r"$$E = mc^2 \approx 8.98755179 \times 10^{16}$$", r"$N_A = 6.02214076 \times 10^{23}$", r"$2^{31}-1 = 2147483647$", r"$\hat{y} = w_1 x_1 + w_2 x_2 + b$", r"$p = 4111111111111111$"]),
    "file": lambda d: d.choice(["photo@2x.png", "icon@3x.svg", "logo@2x.webp", "lodash@4.17.21", "@types/node@18.0.0", "hero@1.5x.jpg", "node_modules/@babel/core"]),
    "decorator": lambda d: d.choice(["@property", "@staticmethod", "@app.route('/users')", "@pytest.mark.parametrize", "@dataclass(frozen=True)", "@torch.no_grad()"]),
    "remote": lambda d: d.choice(["git@github.com:alice/recipes.git", "git@gitlab.com:group/project.git", "ssh://git@bitbucket.org/team/repo.git"]),
    "zip": lambda d: digits(d, d.choice([5, 6]), "123456789"),
    "ip": lambda d: f"{d.randint(1, 223)}.{d.randint(0, 255)}.{d.randint(0, 255)}.{d.randint(1, 254)}",
    "standin": lambda d: d.choice(["<your-token>", "${API_KEY}", "YOUR_API_KEY", "xxxxxxxx", "********", "your_password_here", "{{ token }}"]),
    "code": lambda d: d.choice(['os.environ["API_KEY"]', "getpass.getpass()", "input('Password: ')", "None", "config.secret", "tokenizer.encode(text)", "settings.PASSWORD", "len(tokens)", "request.form['password']"]),
}  # fmt: skip
