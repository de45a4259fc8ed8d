"""Every rule of item writing with a question that breaks it and one that does not, English and Chinese."""

import pytest

from kcreate.core.course.item_rules import RULES, flaws, key_balance, repeated_stems
from kcreate.core.course.quiz import Item, Option


def choice(stem: str, right: str | list[str], *wrong: str) -> Item:
    keys = [right] if isinstance(right, str) else right
    options = tuple(Option(text, False) for text in wrong) + tuple(Option(text, True) for text in keys)
    return Item(stem, options)


def judged(stem: str, true: bool, words: tuple[str, str] = ("True", "False")) -> Item:
    return Item(stem, (Option(words[0], true), Option(words[1], not true)), kind="true_false")


def typed(stem: str, *answers: str, kind: str = "short") -> Item:
    return Item(stem, kind=kind, answers=(answers,))


def steps(order: str, *texts: str, stem: str = "Put the steps of making tea in order.") -> Item:
    return Item(
        stem, tuple(Option(text, False) for text in texts), kind="ordering", answers=tuple((one,) for one in order)
    )


GOOD = {
    "en": [
        choice("What does a barometer measure?", "the weight of the air", "the warmth of the sea", "the speed of the wind"),
        choice("Which plants flower in spring?", ["crocus", "tulip"], "aster", "dahlia"),
        choice("How many moons does Mars have?", "4", "2", "3"),
        choice("Which command lists the commits?", "`git log`", "`git add`", "`git push`"),
        judged("True or false? Sound travels faster in water than in air.", True),
        typed("Fill in the missing term: “A ＿＿＿ keeps the history of a project.”", "repository", kind="cloze"),
        typed("What is the term for this? “The line between day and night on the Moon”", "terminator"),
        typed("Which figure is missing? “Water boils at ＿＿＿ °C at sea level.”", "100", kind="numeric"),
        steps("BAC", "Pour the water", "Warm the pot", "Let it stand"),
    ],
    "zh": [
        choice("什么是萎凋？", "让鲜叶慢慢失水变软的工序", "用高温制止氧化的工序", "搓揉叶片使之成条的工序"),
        choice("下列哪些茶属于乌龙茶？", ["铁观音", "大红袍"], "龙井茶", "碧螺春"),
        judged("判断正误：绿茶的氧化程度低于红茶。", True, ("正确", "错误")),
        typed("填入缺少的术语：“＿＿＿是把鲜叶摊开失水的工序。”", "萎凋", kind="cloze"),
        typed("填入缺少的数字：“绿茶宜用 ＿＿＿ ℃ 的水冲泡。”", "80", kind="numeric"),
        steps("BCA", "干燥", "采摘鲜叶", "高温杀青", stem="把绿茶加工的步骤按先后顺序排列。"),
    ],
}  # fmt: skip

BROKEN: list[tuple[str, str, Item]] = [
    ("ambiguous information", "en", typed("Fill in: “It keeps the ＿＿＿ of a whole project.”", "history", kind="cloze")),
    ("ambiguous information", "zh", typed("填空：“这是把＿＿＿摊开失水的工序。”", "鲜叶", kind="cloze")),
    ("unfocused stem", "en", choice("Barometers.", "weight of air", "warmth of air", "speed of air")),
    ("unfocused stem", "zh", choice("萎凋。", "让鲜叶失水", "用高温加热", "搓揉叶片")),
    ("negative stem", "en", choice("Which plants do not flower in spring?", "aster", "crocus", "tulip")),
    ("negative stem", "zh", choice("下列哪种茶不属于绿茶？", "铁观音", "龙井茶", "碧螺春")),
    ("gratuitous information", "en", choice("A long story. " * 40 + "What is it about?", "rain", "snow", "hail")),
    ("gratuitous information", "zh", choice("很久以前有一座茶山。" * 30 + "山在哪里？", "福建", "浙江", "云南")),
    ("gap in the middle", "en", choice("The ＿＿＿ keeps the history of a project.", "repository", "remote", "branch")),
    ("gap in the middle", "zh", choice("“＿＿＿是让鲜叶失水的工序”，空白处应填什么？", "萎凋", "杀青", "揉捻")),
    ("true or false in disguise", "en", choice(
        "Which of these is true?", "Sound travels faster in water.", "Light travels slower in space.", "Salt melts at room warmth.")),
    ("true or false in disguise", "zh", choice(
        "下列说法正确的是？", "绿茶的氧化程度低于红茶很多", "红茶的氧化程度低于绿茶很多", "白茶要在铁锅里高温炒制")),
    ("logical cue", "en", typed("What is the term for a barometer?", "barometer")),
    ("logical cue", "en", steps("ABC", "Warm the pot", "Pour the water", "Let it stand")),
    ("logical cue", "zh", typed("用一个词说出萎凋这道工序。", "萎凋")),
    ("more than one right answer", "en", choice("What is it?", "a weight of air", "the weight of the air", "a wind speed")),
    ("more than one right answer", "zh", choice("什么是萎凋？", "让鲜叶失水的工序", "让鲜叶失水的工序。", "炒青的工序")),
    ("longest answer right", "en", choice(
        "What is wind?", "air on its way from high to low pressure over land", "a cold breeze", "a wave of heat")),
    ("longest answer right", "zh", choice("什么是萎凋？", "把鲜叶摊开，让它慢慢失水、变软的工序", "炒青的工序", "揉捻的工序")),
    ("all of the above", "en", choice("What falls as you climb?", "All of the above", "the pressure", "the density")),
    ("all of the above", "zh", choice("哪些是绿茶？", "以上都是", "龙井茶", "碧螺春")),
    ("none of the above", "en", choice("What rises as you climb?", "the wind", "None of the above", "the density")),
    ("none of the above", "zh", choice("哪种是绿茶？", "龙井茶", "以上都不是", "铁观音")),
    ("k-type", "en", choice("What falls as you climb?", "A and B", "A only", "neither air nor sea")),
    ("k-type", "zh", choice("哪些是绿茶？", "①②", "①③", "②③")),
    ("absolute terms", "en", choice("What does a falling glass mean?", "wind is coming", "it always rains", "it never rains")),
    ("absolute terms", "en", judged("True or false? All stars are of the same colour.", False)),
    ("absolute terms", "zh", choice("绿茶怎么冲泡？", "水温低一些", "必须用沸水", "只能用冷水")),
    ("vague terms", "en", choice("When does it rain here?", "in spring", "sometimes in summer", "in autumn")),
    ("vague terms", "zh", choice("绿茶放多久？", "放一年", "往往两年", "放三年")),
    ("word repeats", "en", choice("What does a barometer show?", "barometer pressure", "wind speed", "sea warmth")),
    ("word repeats", "zh", choice("什么是均田制？", "均田给农民的做法", "征兵的做法", "选官的做法")),
    ("grammatical cue", "en", choice("It lives in an ＿＿＿", "igloo", "cave", "tent")),
    ("grammatical cue", "en", choice("What is the glass?", "A tube of mercury", "needle of brass", "bowl of water")),
    ("implausible distractors", "en", choice("What is the glass?", "a tube of mercury", "17", "a bowl of water")),
    ("implausible distractors", "zh", choice("什么是萎凋？", "让鲜叶失水的工序", "Java", "揉捻叶片的工序")),
    ("lost sequence", "en", choice("How many moons has Jupiter?", "95", "12", "140")),
    ("lost sequence", "zh", choice("绿茶宜用多少度的水？", "80 ℃", "100 ℃", "60 ℃")),
    ("convergence cue", "en", choice(
        "What is a neap tide?", "low water at half moon", "low wave", "full moon", "half year")),
    ("convergence cue", "zh", choice("什么是做青？", "摇青晾青交替", "摇青加热", "晾青失水", "轮流交替")),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_good_questions_break_no_rule(language: str) -> None:
    for item in GOOD[language]:
        assert flaws(item, language) == [], item.stem


@pytest.mark.parametrize(("rule", "language", "item"), BROKEN, ids=lambda each: each if isinstance(each, str) else "")
def test_a_broken_rule_is_named_and_explained(rule: str, language: str, item: Item) -> None:
    found = {flaw.rule: flaw.text for flaw in flaws(item, language)}
    assert rule in found and found[rule].endswith(".")


def test_there_are_nineteen_rules_and_all_are_tried() -> None:
    assert len(RULES) == 19 and {rule for rule, _, _ in BROKEN} == set(RULES)


def test_a_negative_that_is_stressed_is_allowed() -> None:
    item = choice("Which plant does **not** flower in spring?", "aster", "crocus", "tulip")
    assert "negative stem" not in {flaw.rule for flaw in flaws(item, "en")}


def test_stems_that_ask_the_same_are_found_in_either_wording() -> None:
    items = [
        choice("What is a pod?", "a", "b", "c"),
        choice("What is the pod?", "a", "b", "c"),
        choice("What is a node?", "a", "b", "c"),
        typed("Fill in the missing term: “A ＿＿＿ is a machine in the cluster.”", "node", kind="cloze"),
        choice("Which term completes the sentence? “A ＿＿＿ is a machine in the cluster.”", "node", "pod", "job"),
        typed("What does `git add -p` do?", "x"),
        typed("What does `git add -A` do?", "x"),
    ]
    assert repeated_stems(items) == [(0, 1), (3, 4)]


def placed(place: int) -> Item:
    return Item("What is it?", tuple(Option(str(number), number == place) for number in range(4)))


def test_keys_in_one_place_are_out_of_balance_and_evenly_dealt_ones_are_not() -> None:
    assert key_balance([placed(0) for _ in range(12)]) < 0.001
    assert key_balance([placed(number % 4) for number in range(12)]) == pytest.approx(1.0)
    # χ² = 2.67 with three degrees of freedom
    assert key_balance([placed(place) for place in [0] * 5 + [1] * 3 + [2] * 3 + [3]]) == pytest.approx(
        0.446, abs=0.005
    )
    assert key_balance([]) == 1.0
    assert key_balance([judged(f"True or false? Statement {number} says it.", True) for number in range(10)]) < 0.01
