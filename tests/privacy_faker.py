"""A second measurement on values and prose that faker makes, which the recognisers were not written against.

python tests/privacy_faker.py [cases per language] [seed]
"""

import random
import sys
from collections.abc import Callable

from faker import Faker
from privacy_measure import Case, measure, table

EN = [
    ("person", "{prose} {0} presented the results. {prose}"),
    ("person", "{prose}\n\n{0}\n{1}"),
    ("person", "Speaker: {0}"),
    ("person", "I met {0} at the conference. {prose}"),
    ("email", "{prose} Write to {0} for details. {prose}"),
    ("email", "({0})"),
    ("phone", "{prose} Phone: {0}"),
    ("phone", "Call {0} now. {prose}"),
    ("address", "Address: {0}"),
    ("address", "He lives at {0}"),
    ("bank_card", "My card is {0}. {prose}"),
    ("iban", "{prose} IBAN {0}"),
    ("id_number", "Social security number: {0}. {prose}"),
    ("", "{prose} {prose} {prose}"),
    ("", "{prose} {isbn} {prose} {date} {mac} {hash} {uuid} {ip}"),
]
ZH = [
    ("person", "{prose}联系人：{0}。{prose}"),
    ("person", "{0}老师说：{prose}"),
    ("person", "请{0}同学回答。{prose}"),
    ("person", "{prose}{0}的手机丢了。"),
    ("email", "{prose}邮箱{0}，{prose}"),
    ("email", "请写信到{0}联系。{prose}"),
    ("phone", "{prose}电话{0}，{prose}"),
    ("phone", "{0}是我的手机号。"),
    ("address", "地址：{0}"),
    ("address", "我住在{0}"),
    ("bank_card", "卡号{0}，{prose}"),
    ("id_number", "{prose}身份证号{0}。"),
    ("", "{prose}{prose}{prose}"),
    ("", "{prose}{isbn}{prose}{date}，{hash}，{uuid}。{ip}"),
]


def build(language: str, count: int, seed: int) -> list[Case]:
    Faker.seed(seed)
    draw = random.Random(seed)
    fake = Faker("zh_CN" if language == "zh" else "en_US")
    world = [Faker(place) for place in ("en_US", "en_GB", "en_AU", "en_CA", "en_IE")]
    makers: dict[str, Callable[[], str]] = {
        "person": lambda: fake.name() if language == "zh" else f"{fake.first_name()} {fake.last_name()}",
        "email": lambda: draw.choice([fake.email, fake.company_email, fake.free_email, fake.ascii_safe_email])(),
        "phone": fake.phone_number,
        "address": lambda: fake.address() if language == "zh" else draw.choice(world[:1]).address(),
        "bank_card": lambda: fake.credit_card_number(),
        "iban": lambda: fake.iban(),
        "id_number": fake.ssn,
    }
    cases: list[Case] = []
    for number in range(count):
        kind, template = (ZH if language == "zh" else EN)[number % len(ZH if language == "zh" else EN)]
        text = template
        while "{prose}" in text:
            text = text.replace("{prose}", fake.sentence(), 1)
        for name in ("isbn", "date", "mac", "hash", "uuid", "ip"):
            value = {
                "isbn": fake.isbn13,
                "date": fake.date,
                "mac": fake.mac_address,
                "hash": fake.sha1,
                "uuid": fake.uuid4,
                "ip": fake.ipv4,
            }[name]()
            text = text.replace("{" + name + "}", str(value))
        text = text.replace("{1}", fake.job())
        spans = []
        if kind:
            value = makers[kind]()
            start = text.index("{0}")
            text = text.replace("{0}", value)
            spans = [(start, start + len(value), kind)]
        cases.append((text, spans))
    return cases


if __name__ == "__main__":
    count, seed = (int(value) for value in [*sys.argv[1:3], "1000", "20"][:2])
    for language in ("en", "zh"):
        result = measure(build(language, count, seed))
        print(table(f"faker, {language}", result), end="\n\n")
        if "-v" in sys.argv:
            for text, missed, wrong in result.misses[:45]:
                print("-", repr(text[-150:]), "| MISSED", missed, "| WRONG", wrong)
