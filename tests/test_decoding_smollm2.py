"""The real model against transformers: the same tokens, the same scores."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kcreate.core import open_model
from kcreate.core.decoding.model import Model

NEW_TOKENS = 24
PROMPTS = [
    "Git records changes to a file",
    "The three most important things about photosynthesis are",
    "Once upon a time, in a small village by the sea,",
    "Question: What is the capital of France?\nAnswer:",
    "1, 1, 2, 3, 5, 8,",
    "def fibonacci(n):\n    ",
    "SELECT name, COUNT(*) FROM lessons",
    "#include <stdio.h>\n\nint main(void) {\n",
    'git commit -m "',
    '{"title": "Why version control", "objectives": [',
    "版本控制系统记录文件的变化",
    "光合作用是植物",
    "问：什么是机器学习？\n答：",
    "北京是中国的首都，",
    "Emoji make people smile 😀🎉",
    "| name | size |\n|---|---|\n| a | 1 |\n",
    "Dear students,\n\nwelcome to the course. " * 3,
    "Water boils at 100 degrees Celsius. " * 6 + "It freezes at",
    [{"role": "user", "content": "Write a short lesson about photosynthesis for high-school students."}],
    [{"role": "system", "content": "You teach."}, {"role": "user", "content": "请用中文解释什么是版本控制。"}],
]


@pytest.fixture(scope="module")
def model(smollm2: Path) -> Model:
    return open_model("smollm2-135m", device="cpu", quantize="none")


def reference_ids(tokenizer: Any, prompt: Any) -> list[int]:
    if isinstance(prompt, str):
        return list(tokenizer(prompt)["input_ids"])
    return list(tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=True)["input_ids"])


def test_greedy_text_is_that_of_transformers_token_for_token(model: Model, reference_smollm2: tuple[Any, Any]) -> None:
    reference, tokenizer = reference_smollm2
    rows = [reference_ids(tokenizer, prompt) for prompt in PROMPTS]
    longest = max(map(len, rows))
    ids = torch.tensor([[0] * (longest - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    stops = sorted(model.checkpoint.stop_ids)
    with torch.inference_mode():
        whole = reference.generate(
            ids, attention_mask=mask, do_sample=False, max_new_tokens=NEW_TOKENS, eos_token_id=stops, pad_token_id=0
        )
    done = model.generate(PROMPTS, max_new_tokens=NEW_TOKENS)
    for prompt, row, answer, made in zip(PROMPTS, rows, done, whole[:, longest:].tolist(), strict=True):
        ends = [place for place, token in enumerate(made) if token in stops]
        expected = made[: ends[0]] if ends else made
        assert answer.tokens == expected, prompt
        assert answer.finish_reason == ("stop" if ends else "length")
        assert answer.prompt_tokens == len(row)
        assert answer.text == tokenizer.decode(expected, skip_special_tokens=True).rstrip("\N{REPLACEMENT CHARACTER}")


def test_scores_are_those_of_transformers(model: Model, reference_smollm2: tuple[Any, Any]) -> None:
    reference, tokenizer = reference_smollm2
    prompt, texts = "Version control keeps", [" every change that was made to a file.", " bananas.", " 每一次修改。"]
    scores = model.score(prompt, texts)
    for text, score in zip(texts, scores, strict=True):
        start, ids = len(tokenizer(prompt)["input_ids"]), tokenizer(prompt)["input_ids"] + tokenizer(text)["input_ids"]
        with torch.inference_mode():
            logs = reference(torch.tensor([ids])).logits[0].log_softmax(-1)
        expected = sum(float(logs[place - 1, ids[place]]) for place in range(start, len(ids)))
        assert score.log_prob == pytest.approx(expected, abs=1e-2)
        assert score.tokens == len(ids) - start


def test_chinese_and_emoji_stream_whole(model: Model) -> None:
    chat = [{"role": "user", "content": "Repeat exactly: 你好，世界 😀👩‍🏫 再见"}]
    stream = model.stream(chat, max_new_tokens=40, temperature=1.2, top_k=60, seed=4)
    pieces = list(stream)
    assert "".join(pieces) == stream.completion.text
    assert all("\N{REPLACEMENT CHARACTER}" not in piece for piece in pieces)
