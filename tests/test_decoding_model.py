"""The public model on a tiny random checkpoint: completions, streams, scores and what is refused."""

import re
from pathlib import Path

import pytest
import torch

from kcreate.core import open_model
from kcreate.core.decoding.grammar import Grammar
from kcreate.core.decoding.model import Model
from kcreate.core.decoding.prefill import shared_length
from kcreate.core.errors import InputError, ModelUnavailableError, OutOfMemoryError, UsageError
from kcreate.core.progress import Event

CHAT = [{"role": "user", "content": "what is version control"}]
PROMPTS = ["the lesson", CHAT, "版本控制 😀", "the quiz asks what " * 4, "the lesson is about"]


@pytest.fixture(scope="module")
def tiny(tiny_llama: Path) -> Model:
    return open_model(str(tiny_llama), device="cpu", quantize="none")


def test_a_batch_gives_what_each_prompt_gets_alone_in_the_order_asked(tiny: Model) -> None:
    together = tiny.generate(PROMPTS * 4, max_new_tokens=20)
    assert together[: len(PROMPTS)] == [tiny.generate([prompt], max_new_tokens=20)[0] for prompt in PROMPTS]
    assert together[:5] == together[5:10] == together[15:]


def test_a_shared_beginning_changes_nothing(tiny: Model) -> None:
    opening = "the lesson is about version control, and the quiz asks what the lesson taught. " * 2
    prompts = [opening + end for end in ("why", "how does it work", "", "版本")]
    assert tiny.generate(prompts, 12) == [tiny.generate([prompt], 12)[0] for prompt in prompts]
    assert shared_length([[1, 2, 3], [1, 2], [1, 2, 9, 9]]) == 2
    assert shared_length([[1], [2]]) == 0


def test_a_completion_says_what_happened(tiny: Model) -> None:
    done = tiny.generate("the lesson", max_new_tokens=7)[0]
    assert done.finish_reason == "length"
    assert len(done.tokens) == 7
    assert done.prompt_tokens == tiny.count_tokens("the lesson")
    assert done.text == tiny.checkpoint.tokenizer.decode(done.tokens).rstrip("\N{REPLACEMENT CHARACTER}")
    assert tiny.generate(CHAT, 1)[0].prompt_tokens > tiny.count_tokens(CHAT[0]["content"])


def test_a_stop_token_ends_the_text_and_is_not_in_it(tiny: Model) -> None:
    free = tiny.generate(["the lesson"], 20)[0]
    stop = free.tokens[5]
    checkpoint = tiny.checkpoint
    stopping = Model(type(checkpoint)(**{**vars(checkpoint), "stop_ids": frozenset([stop])}))
    done = stopping.generate(["the lesson"], 20)[0]
    assert done.finish_reason == "stop"
    assert done.tokens == free.tokens[: free.tokens.index(stop)]


def test_a_stop_string_ends_its_own_row_only(tiny: Model) -> None:
    free = tiny.generate(PROMPTS, 24)
    stop = free[0].text[4:9]
    done = tiny.generate(PROMPTS, 24, stop=stop)
    assert done[0].finish_reason == "stop_string"
    assert done[0].text == free[0].text[: free[0].text.index(stop)]
    assert done[0].tokens == free[0].tokens[: len(done[0].tokens)]
    assert [one for one, other in zip(done, free, strict=True) if stop not in other.text] == [
        other for other in free if stop not in other.text
    ]


def test_a_stream_is_the_completion_in_pieces(tiny: Model) -> None:
    for options in ({}, {"temperature": 1.5, "seed": 3}, {"stop": ["e", "中"], "temperature": 2.0}):
        stream = tiny.stream(CHAT, max_new_tokens=60, **options)
        with pytest.raises(UsageError, match="not finished"):
            _ = stream.completion
        pieces = list(stream)
        assert stream.completion == tiny.generate([CHAT], max_new_tokens=60, **options)[0]
        assert "".join(pieces) == stream.completion.text


def test_sampling_is_repeatable_and_free_of_its_neighbours(tiny: Model) -> None:
    def sampled(prompts: list[str], seed: int = 0) -> list[list[int]]:
        return [done.tokens for done in tiny.generate(prompts, 12, temperature=1.0, top_k=50, seed=seed)]

    assert sampled(["the lesson", "a quiz"]) == sampled(["the lesson", "a quiz"])
    assert sampled(["the lesson", "a quiz"])[1] == sampled(["something quite different", "a quiz"])[1]
    assert sampled(["the lesson"] * 2)[0] != sampled(["the lesson"] * 2)[1]
    assert sampled(["the lesson"]) != sampled(["the lesson"], seed=1)


def test_scores_are_sums_of_log_probabilities(tiny: Model) -> None:
    texts = [" about version", "", " 控制", " a quiz asks what the lesson taught", "<|im_end|>"]
    scores = tiny.score("the lesson is", texts)
    tokenizer, transformer = tiny.checkpoint.tokenizer, tiny.checkpoint.transformer
    prompt = tokenizer.encode("the lesson is")
    for text, score in zip(texts, scores, strict=True):
        ids = tokenizer.encode(text, special=False)
        with torch.inference_mode():
            logits = transformer.logits(transformer(torch.tensor([prompt + ids])))[0].log_softmax(-1)
        expected = sum(float(logits[len(prompt) - 1 + place, token]) for place, token in enumerate(ids))
        assert score.log_prob == pytest.approx(expected, abs=1e-3)
        assert score.tokens == len(ids)
    assert scores[4].tokens > 1
    assert tiny.score("the lesson is", []) == []
    with pytest.raises(UsageError, match="prompt is empty"):
        tiny.score("", ["x"])
    with pytest.raises(InputError, match="256"):
        tiny.score("x", ["版" * 300])


def test_progress_counts_answers(tiny: Model) -> None:
    events: list[Event] = []
    tiny.generate(PROMPTS, 3, progress=events.append)
    assert [(event.done, event.total) for event in events] == [(count, 5) for count in range(1, 6)]
    assert tiny.generate([]) == []


def test_requests_that_cannot_be_served_are_refused_before_any_work(tiny: Model) -> None:
    with pytest.raises(InputError, match=r"tokens and the model takes 256"):
        tiny.generate(["short", "版本" * 200])
    with pytest.raises(UsageError, match="temperature is -1"):
        tiny.generate(["x"], temperature=-1)
    with pytest.raises(UsageError, match="prompt is empty"):
        tiny.generate([""])
    with pytest.raises(UsageError, match="stop string is empty"):
        tiny.generate(["x"], stop="")


def test_models_and_options_that_are_not_there_are_named(tiny_llama: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match=r"'gpt5'.*smollm2-135m"):
        open_model("gpt5")
    with pytest.raises(ModelUnavailableError, match=r"nobody/nothing.*offline"):
        open_model("nobody/nothing")
    with pytest.raises(InputError, match=r"gone\.gguf"):
        open_model(str(tmp_path / "gone.gguf"))
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(InputError, match=r"notes\.txt is not a model"):
        open_model(str(tmp_path / "notes.txt"))
    with pytest.raises(UsageError, match="--base-url"):
        open_model("openai:x")
    with pytest.raises(UsageError, match="server"):
        open_model(str(tiny_llama), base_url="http://127.0.0.1:1/v1")
    with pytest.raises(UsageError, match="int3"):
        open_model(str(tiny_llama), quantize="int3")
    for device in ("tpu", "cuda:99", "cpu:1"):
        with pytest.raises(UsageError, match=device):
            open_model(str(tiny_llama), device=device)


def test_a_cut_off_answer_is_gone_on_with(tiny: Model) -> None:
    for options in ({}, {"temperature": 1.2, "seed": 4, "repetition_penalty": 1.1}):
        whole = tiny.generate(PROMPTS, 30, **options)
        begun = tiny.generate(PROMPTS, 11, **options)
        assert tiny.generate(PROMPTS, 30, so_far=begun, **options) == whole
    [free] = tiny.generate(["the lesson"], 20)
    [stopped] = tiny.generate(["the lesson"], 20, stop=free.text[4:7])
    assert stopped.finish_reason == "stop_string"
    assert tiny.generate(["the lesson"], 40, so_far=[stopped]) == [stopped]
    with pytest.raises(UsageError, match="11 tokens already"):
        tiny.generate(PROMPTS, 11, so_far=begun)
    with pytest.raises(UsageError, match="one entry for each prompt"):
        tiny.generate(PROMPTS, 30, so_far=[stopped])


def test_the_best_of_several_come_with_their_log_probabilities(tiny: Model) -> None:
    best = tiny.n_best("the lesson", 5, temperature=1.3, max_new_tokens=8, seed=2)
    assert 1 < len(best) <= 5
    assert [one.mean_log_prob for one in best] == sorted((one.mean_log_prob for one in best), reverse=True)
    [plain] = tiny.generate(["the lesson"], 8)
    assert plain.log_prob is None
    [scored] = tiny.generate(["the lesson"], 8, log_probs=True)
    assert scored.tokens == plain.tokens
    assert scored.log_prob is not None and scored.log_prob < 0
    with pytest.raises(UsageError, match="n is 0"):
        tiny.n_best("the lesson", 0)


def test_sources_to_copy_from_change_nothing(tiny: Model) -> None:
    plain = tiny.generate(PROMPTS[:2], 40, speculate=False)
    assert tiny.generate(PROMPTS[:2], 40, sources=[plain[0].text, plain[1].text]) == plain


def test_a_context_can_be_amplified(tiny: Model) -> None:
    prompts = ["the quiz asks what the lesson taught", "the lesson"]
    plain = tiny.generate(prompts, 12)
    assert tiny.generate(prompts, 12, without=["quiz", "l"], contrast=0.0) == plain
    louder = tiny.generate(prompts, 12, without=["quiz", "l"], contrast=8.0)
    assert louder != plain
    assert louder[1] == tiny.generate([prompts[1]], 12, without=["l"], contrast=8.0)[0]
    with pytest.raises(UsageError, match="contrast is -1"):
        tiny.generate(prompts, 12, without=["quiz", "l"], contrast=-1)


def test_a_grammar_holds_every_answer(tiny: Model) -> None:
    pytest.importorskip("llguidance")
    grammar = Grammar(regex=r"(yes|no), [0-9]{2}")
    answers = tiny.generate(PROMPTS, 20, temperature=1.0, seed=3, grammar=grammar)
    assert all(re.fullmatch(r"(yes|no), [0-9]{2}", answer.text) for answer in answers)
    assert {answer.finish_reason for answer in answers} == {"stop"}
    begun = tiny.generate(PROMPTS, 2, temperature=1.0, seed=3, grammar=grammar)
    assert tiny.generate(PROMPTS, 20, temperature=1.0, seed=3, grammar=grammar, so_far=begun) == answers
    with pytest.raises(UsageError):
        tiny.generate(["the lesson"], grammar=Grammar(json_schema={"type": "nothing of the kind"}))


def test_where_memory_runs_out_fewer_rows_go_together(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tiny.generate(PROMPTS, 12)
    rows: list[int] = []
    forward = type(tiny.checkpoint.transformer).forward

    def limited(self: torch.nn.Module, ids: torch.Tensor, *rest: object) -> torch.Tensor:
        rows.append(len(ids))
        if len(ids) > limit:
            raise torch.OutOfMemoryError("out of memory")
        return forward(self, ids, *rest)

    texts = [" why", " how does it work", " the lesson", " the quiz", " what"]
    scores = tiny.score("the lesson", texts)
    monkeypatch.setattr(type(tiny.checkpoint.transformer), "forward", limited)
    limit = 2
    again = tiny.score("the lesson", texts)
    assert [one.log_prob for one in again] == pytest.approx([one.log_prob for one in scores])
    assert tiny.generate(PROMPTS, 12) == plain
    assert max(rows) > 2
    limit = 0
    with pytest.raises(OutOfMemoryError, match="--quantize int4"):
        tiny.generate(PROMPTS, 12)
    with pytest.raises(OutOfMemoryError, match="scoring"):
        tiny.score("the lesson", texts)
