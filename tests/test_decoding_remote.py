"""A model on a server: what is asked, what is read, what goes wrong; scripted servers and one real one on loopback."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import urllib3
from loopback import Loopback, Reply, Request, loopback, says, streams

from kcreate.cli.app import run
from kcreate.core.decoding.grammar import Grammar
from kcreate.core.decoding.remote import RemoteModel, open_remote
from kcreate.core.decoding.remote_address import api_key, server_url
from kcreate.core.decoding.remote_http import ModelServer
from kcreate.core.decoding.remote_parallel import as_finished
from kcreate.core.errors import InputError, KcreateError, ModelUnavailableError, UsageError

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture(autouse=True)
def no_key_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def at(server: Loopback, entry: Any = None, **options: Any) -> RemoteModel:
    """The model `m` there, tried again without long pauses."""
    return RemoteModel(ModelServer(server.url, **({"backoff": 0.01, "retries": 2} | options)), "m", entry)


def in_turn(*replies: Reply) -> Callable[[Request], Reply]:
    left = iter(replies)
    return lambda request: next(left)


def test_answers_come_in_the_order_of_the_prompts_whoever_is_first() -> None:
    last_is_done = threading.Event()

    def answer(request: Request) -> Reply:
        prompt = request.body["messages"][0]["content"]
        if prompt == "2":
            last_is_done.set()
        elif not last_is_done.wait(10):
            return Reply(status=400)
        return says(f"answer {prompt}")

    seen: list[float] = []
    with loopback(answer) as server:
        chats = [[{"role": "user", "content": str(number)}] for number in range(3)]
        done = at(server).generate(chats, progress=lambda event: seen.append(event.done))
    assert [one.text for one in done] == ["answer 0", "answer 1", "answer 2"]
    assert {(one.finish_reason, one.prompt_tokens, tuple(one.tokens)) for one in done} == {("stop", 7, ())}
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    "option", [{"without": ["It"]}, {"log_probs": True}, {"so_far": []}, {"grammar": Grammar(regex="a+")}]
)
def test_what_only_a_local_model_can_do_is_refused(option: dict[str, Any]) -> None:
    with loopback(lambda request: says("a")) as server:
        model = at(server)
        with pytest.raises(UsageError, match=f"{next(iter(option))} cannot be had from openai:m"):
            model.generate([HELLO], **option)
        assert model.generate([HELLO], sources=["a"], speculate=False)[0].text == "a"
        assert len(server.posted()) == 1


def test_only_what_the_caller_set_is_sent() -> None:
    text = Reply({"choices": [{"text": " it", "finish_reason": "length"}]})
    with loopback(in_turn(text, says("a"), says("b"))) as server:
        model = at(server)
        [done] = model.generate("Take", max_new_tokens=5)
        model.generate([HELLO, HELLO], temperature=0.5, top_k=3, top_p=0.9, min_p=0.1, repetition_penalty=1.2, stop="x")
    assert (done.text, done.finish_reason) == (" it", "length")
    first, *others = server.posted()
    assert first.path == "/v1/completions"
    assert first.body == {"model": "m", "prompt": "Take", "max_tokens": 5, "temperature": 0.0}
    assert others[0].path == "/v1/chat/completions"
    assert others[0].body | {"seed": 0} == {
        "model": "m",
        "messages": HELLO,
        "max_tokens": 200,
        "temperature": 0.5,
        "seed": 0,
        "top_k": 3,
        "top_p": 0.9,
        "min_p": 0.1,
        "repetition_penalty": 1.2,
        "stop": ["x"],
    }
    seeds = [other.body["seed"] for other in others]
    assert seeds[0] != seeds[1] and all(0 <= seed < 2**31 for seed in seeds)


def test_a_server_that_names_or_drops_options_in_its_own_way() -> None:
    with loopback(lambda request: says("a")) as server:
        at(server, {"owned_by": "llamacpp"}).generate([HELLO], repetition_penalty=1.2)
        with pytest.raises(UsageError, match="knows no top_k; leave it out"):
            at(server, {"owned_by": "library"}).generate([HELLO], top_k=3)
    assert [request.body["repeat_penalty"] for request in server.posted()] == [1.2]


@pytest.mark.parametrize("status", [400, 422])
def test_an_option_the_server_refuses_is_named(status: int) -> None:
    refused = Reply({"detail": "Unexpected fields in the request: {'top_k'}"}, status)
    with loopback(lambda request: refused) as server, pytest.raises(UsageError, match=r"does not take top_k=3 .*leave"):
        at(server).generate([HELLO], top_k=3)
    assert len(server.posted()) == 1


def test_servers_that_want_other_fields_get_them() -> None:
    newer = Reply({"error": {"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."}}, 400)
    strict = Reply({"error": {"message": "stream_options: extra field"}}, 400)
    with loopback(in_turn(newer, says("a"), strict, streams("b"))) as server:
        assert at(server).generate([HELLO], max_new_tokens=9)[0].text == "a"
        assert list(at(server).stream(HELLO)) == ["b"]
    bodies = [request.body for request in server.posted()]
    assert bodies[1]["max_completion_tokens"] == 9 and "max_tokens" not in bodies[1]
    assert "stream_options" in bodies[2] and "stream_options" not in bodies[3]


def test_a_prompt_too_long_is_an_input_error_and_one_that_fits_gets_what_room_there_is() -> None:
    said = "This model's maximum context length is 64 tokens. However, you requested 260 tokens ({} in the messages, 200 in the completion)."
    tight, over = (Reply({"error": {"message": said.format(tokens)}}, 400) for tokens in (60, 90))
    with loopback(in_turn(tight, says("a", "length"), over)) as server:
        assert at(server).generate([HELLO])[0].finish_reason == "length"
        with pytest.raises(InputError, match=r"A prompt is longer than m takes .*shorten it"):
            at(server).generate([HELLO])
    assert [request.body["max_tokens"] for request in server.posted()] == [200, 4, 200]


@pytest.mark.parametrize(
    "passing",
    [
        Reply(status=408),
        Reply({"error": {"message": "slow down"}}, 429),
        Reply("<html>bad gateway</html>", 502),
        Reply(hang_up=True),
        Reply('{"choices": [', cut=True),
    ],
    ids=["408", "429", "502", "no answer", "cut off"],
)
def test_what_may_pass_is_tried_again_from_the_start(passing: Reply) -> None:
    with loopback(in_turn(passing, passing, says("at last"))) as server:
        assert at(server).generate([HELLO])[0].text == "at last"
    assert len(server.posted()) == 3


def test_tries_are_bounded_and_the_error_says_what_the_server_said() -> None:
    busy = Reply({"error": {"message": "no free slot\nnow"}}, 503)
    with loopback(lambda request: busy) as server, pytest.raises(ModelUnavailableError) as raised:
        at(server).generate([HELLO])
    assert len(server.posted()) == 3 and raised.value.exit_code == 4
    assert str(raised.value) == f"The server at {server.url} is overloaded (503: no free slot now); try again later."


def test_the_server_says_when_to_come_again() -> None:
    with loopback(in_turn(Reply(status=429, headers={"Retry-After": "1"}), says("a"))) as server:
        at(server).generate([HELLO])
    first, second = server.posted()
    assert second.at - first.at >= 1
    never = Reply(status=429, headers={"Retry-After": "3600"})
    with loopback(lambda request: never) as server, pytest.raises(ModelUnavailableError, match="overloaded"):
        at(server).generate([HELLO])
    assert len(server.posted()) == 1


def test_a_server_that_says_nothing_is_left_after_the_time_given() -> None:
    late = threading.Event()

    def answer(request: Request) -> Reply:
        late.wait(10)
        return says("late")

    with loopback(answer) as server, pytest.raises(ModelUnavailableError, match=r"no sign for 0.2 s; see whether"):
        at(server, read_timeout=0.2).generate([HELLO])
    late.set()
    assert len(server.posted()) == 1


def test_the_key_goes_to_the_server_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KCREATE_API_KEY", "sk-secret-1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    caplog.set_level(logging.DEBUG)
    refused = Reply({"error": {"message": "Incorrect API key provided: sk-secret-1"}}, 401)
    broken = Reply("sk-secret-1 is broken", 500)
    with loopback(lambda request: says("never asked")) as elsewhere:
        away = Reply(status=307, headers={"Location": f"{elsewhere.url}/chat/completions"})
        with loopback(in_turn(says("a"), refused, away, broken)) as server:
            model = open_remote("openai:m", server.url, retries=0)
            model.generate([HELLO])
            errors = []
            for _ in range(3):
                with pytest.raises(ModelUnavailableError) as raised:
                    model.generate([HELLO])
                errors.append(str(raised.value))
    assert {request.headers["Authorization"] for request in server.requests} == {"Bearer sk-secret-1"}
    assert not elsewhere.requests
    assert "put the right one into KCREATE_API_KEY" in errors[0] and "is not followed" in errors[1]
    assert "sk-secret" not in "".join(errors) + caplog.text + repr(model.server)


def test_without_a_key_there_is_no_header_and_another_services_key_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        loopback(lambda request: Reply(status=401)) as server,
        pytest.raises(ModelUnavailableError, match="wants a key"),
    ):
        at(server).generate([HELLO])
    assert "Authorization" not in server.posted()[0].headers
    monkeypatch.setenv("OPENAI_API_KEY", "sk-2")
    assert api_key("https://models.example/v1") == api_key("http://127.0.0.1:1/v1") == "sk-2"
    assert api_key("http://models.example/v1") is None
    monkeypatch.setenv("KCREATE_API_KEY", "")
    assert api_key("https://models.example/v1") is None
    monkeypatch.setenv("KCREATE_API_KEY", "a\nHost: b")
    with pytest.raises(UsageError, match="KCREATE_API_KEY holds characters"):
        api_key("https://models.example/v1")


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<html>Welcome</html>"),
        Reply(""),
        Reply("[1, 2]"),
        Reply({"choices": []}),
        Reply({"choices": [{"message": {"content": 5}, "finish_reason": "stop"}]}),
        Reply({"choices": [{"message": "hi", "finish_reason": "stop"}]}),
        Reply({"choices": [{"message": {"content": "no end"}}]}),
    ],
)
def test_an_answer_of_another_form_is_one_sentence(reply: Reply) -> None:
    with loopback(lambda request: reply) as server, pytest.raises(ModelUnavailableError, match="check --base-url"):
        at(server).generate([HELLO])
    assert len(server.posted()) == 1


def test_why_an_answer_ended() -> None:
    replies = [
        says("cut", "length"),
        says("cut", "content_filter"),
        says("whole", stop_reason=None),
        says("by a token", stop_reason=2),
        says("by a string", stop_reason="END"),
        says("left inEND there"),
    ]
    with loopback(in_turn(*replies)) as server:
        found = [at(server).generate([HELLO], stop=["END"])[0] for _ in replies]
    assert [one.finish_reason for one in found] == ["length", "length", "stop", "stop", "stop_string", "stop_string"]
    assert found[-1].text == "left in"


def test_a_stream_gives_pieces_and_then_the_completion() -> None:
    raw = Reply(
        pieces=[
            b": ping\r\n\r\ndata: ",
            '{"choices": [{"delta": {"role": "assistant"}}]}\r\n\r\ndata: {"choices": [{"delta": {"content": "月'.encode()[
                :-1
            ],
            "月".encode()[-1:] + b'"}}]}\r\n\r\n',
            b'data: {"choices": [{"delta": {"content": "!"}, "finish_reason": "length"}], "usage": {"prompt_tokens": 9}}\n\n',
        ]
    )
    with loopback(in_turn(Reply(status=503), raw)) as server:
        stream = at(server).stream(HELLO)
        with pytest.raises(UsageError, match="not finished"):
            _ = stream.completion
        assert list(stream) == ["月", "!"]
    done = stream.completion
    assert (done.text, done.finish_reason, done.prompt_tokens) == ("月!", "length", 9)
    assert server.posted()[1].body["stream"] is True


def test_a_stream_stops_before_a_stop_string_that_the_server_lets_through() -> None:
    with loopback(lambda request: streams("one E", "N", "D two")) as server:
        stream = at(server).stream(HELLO, stop="END")
        assert "".join(stream) == "one "
    assert stream.completion.finish_reason == "stop_string"


@pytest.mark.parametrize(
    "reply",
    [
        streams("half", finish=None, end=b""),
        Reply(pieces=streams("half", finish=None).pieces, cut=True),
        streams("half", finish=None, end=b'data: {"error": {"message": "device lost"}}\n\n'),
        streams("half", finish=None, end=b"data: {nonsense\n\n"),
    ],
    ids=["ends early", "cut off", "error", "no JSON"],
)
def test_a_stream_that_breaks_is_one_error_after_what_had_come(reply: Reply) -> None:
    with loopback(lambda request: reply) as server:
        stream = at(server).stream(HELLO)
        assert next(stream) == "half"
        with pytest.raises(ModelUnavailableError):
            next(stream)
    assert len(server.posted()) == 1


def echoing(shift: int = 0) -> Callable[[Request], Reply]:
    """A server whose tokens are words; the log-probability is minus a word's length and half its place; `shift` off."""

    def answer(request: Request) -> Reply:
        words = request.body["prompt"].replace(" ", "\0 ").replace("\n", "\0\n").split("\0")
        tokens = [*[word for word in words if word], " eight"]
        values: list[float | None] = [-len(token) - place / 2 for place, token in enumerate(tokens)]
        if request.body.get("echo"):
            values = [None, *values[1 + shift :], *values[:shift]]
        else:
            tokens, values = tokens[-1:], values[-1:]
        logprobs = {"tokens": tokens, "token_logprobs": values}
        choice = {"text": "", "finish_reason": "length", "logprobs": logprobs}
        return Reply({"choices": [choice], "usage": {"completion_tokens": 1}})

    return answer


def test_scores_come_from_an_echo() -> None:
    with loopback(echoing()) as server:
        model = at(server)
        assert model.scores
        scores = model.score("The night", [" sky", "fall comes", ""])
    assert [(score.log_prob, score.tokens) for score in scores] == [(-5, 1), (-17.5, 2), (0, 0)]


def test_a_server_that_scores_wrongly_or_not_at_all_is_found_out() -> None:
    ignores = Reply({"choices": [{"text": "eight", "finish_reason": "length"}], "usage": {"completion_tokens": 1}})
    for answer in (echoing(shift=1), lambda request: ignores, lambda request: Reply(status=400)):
        with loopback(answer) as server:
            model = at(server)
            assert not model.scores
            asked = len(server.posted())
            with pytest.raises(ModelUnavailableError, match=r"does not give the log-probability .*a local model"):
                model.score("a", ["b"])
            assert len(server.posted()) == asked
    with loopback(lambda request: Reply(status=503)) as server, pytest.raises(ModelUnavailableError):
        _ = at(server).scores


def test_tokens_are_counted_by_the_server_or_estimated() -> None:
    counting = {"/tokenize": Reply({"tokens": [1, 2, 3]})}
    with loopback(lambda request: counting.get(request.path, Reply(status=404))) as server:
        assert at(server).count_tokens("whatever") == 3
    with loopback(lambda request: Reply(status=404)) as server:
        model = at(server)
        assert (model.count_tokens("eight ch"), model.count_tokens("月亮"), model.count_tokens("")) == (2, 2, 0)
    assert len(server.posted()) == 1


def test_opening_asks_for_the_model_and_its_length() -> None:
    entries = [
        {"id": "big", "max_model_len": 8192, "owned_by": "vllm"},
        {"id": "q:latest", "meta": {"n_ctx_train": 512}},
    ]
    missing = Reply({"error": {"message": "The model `x` does not exist."}}, 404)
    with loopback(lambda request: missing, entries) as server:
        big = open_remote("openai:big", server.url.removesuffix("/v1") + "/")
        assert (big.name, big.max_length, big.server.url) == ("openai:big", 8192, server.url)
        assert open_remote("openai:q", server.url).max_length == 512
        assert not server.posted()
        with pytest.raises(
            ModelUnavailableError, match=r"--model openai:x: .* does not serve it; it has big, q:latest"
        ):
            open_remote("openai:x", server.url)


def test_a_server_without_a_list_is_asked_for_a_token() -> None:
    for listing in (Reply(status=404), Reply("oops", 500)):
        with loopback(lambda request: says("Hi"), listing) as server:
            assert open_remote("openai:m", server.url).max_length == 4096
        assert server.posted()[0].body["max_tokens"] == 1
    nothing = Reply(status=404)
    with loopback(lambda request: nothing, nothing) as server, pytest.raises(ModelUnavailableError, match="--base-url"):
        open_remote("openai:m", server.url)


def test_where_the_server_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for written, meant in {
        "http://127.0.0.1:8000": "http://127.0.0.1:8000/v1",
        " http://h:1/v1/ ": "http://h:1/v1",
        "https://h/openai": "https://h/openai/v1",
        "https://h/api/paas/v4/": "https://h/api/paas/v4",
        "http://h/v1/chat/completions": "http://h/v1",
        "http://[::1]:8000": "http://[::1]:8000/v1",
    }.items():
        assert server_url(written) == meant
    for wrong in ("", "127.0.0.1:8000", "ftp://h", "http://", "http://h/v1?key=1"):
        with pytest.raises(UsageError, match="give an address such as"):
            server_url(wrong)
    with pytest.raises(UsageError, match="holds a user or password") as raised:
        server_url("http://me:pass@h/v1")
    assert "pass@" not in str(raised.value)
    with pytest.raises(UsageError, match="say where with --base-url"):
        open_remote("openai:m", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("KCREATE_BASE_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(ModelUnavailableError, match=r"cannot be reached \(NewConnectionError\); start it"):
            open_remote("openai:m", None, retries=0)


def test_leaving_early_begins_no_more_requests() -> None:
    begun: list[int] = []

    def job(number: int) -> Callable[[threading.Event], int]:
        def work(cancelled: threading.Event) -> int:
            begun.append(number)
            if number:
                cancelled.wait(10)
            return number

        return work

    finished = as_finished([job(number) for number in range(20)], concurrency=2)
    assert next(finished) == (0, 0)
    finished.close()
    assert len(begun) <= 3


def test_the_first_failure_is_raised_and_ends_the_rest() -> None:
    with loopback(lambda request: Reply(status=401)) as server:
        model = RemoteModel(ModelServer(server.url), "m", concurrency=1)
        with pytest.raises(ModelUnavailableError):
            model.generate([HELLO] * 50)
    assert len(server.posted()) < 50


def test_options_are_checked_before_anything_is_sent() -> None:
    with loopback(lambda request: says("a")) as server:
        model = at(server)
        for wrong in ({"prompts": [""]}, {"prompts": [[{"role": "user"}]]}, {"max_new_tokens": 0}, {"top_p": 2.0}):
            with pytest.raises(UsageError):
                model.generate(**({"prompts": [HELLO]} | wrong))  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="stop string is empty"):
            model.generate([HELLO], stop="")
        assert model.generate([]) == []
    assert not server.posted()


def test_a_course_is_drafted_by_a_server_that_cannot_score(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    truth = "The terminator is the line on the Moon between day and night."

    def summarising(request: Request) -> Reply:
        return says(truth) if "messages" in request.body else Reply(status=404)

    shadows = "Craters there throw long shadows that show every slope in great detail. " * 4
    noted = f"# Moon\n\nThe **terminator** is the line between day and night on the Moon. {shadows}"
    (tmp_path / "moon.md").write_text(noted, encoding="utf-8")
    course = tmp_path / "course"
    with loopback(summarising) as server:
        at_server = ["--model", "openai:m", "--base-url", server.url]
        done = run(["draft", str(tmp_path / "moon.md"), "-o", str(course), *at_server])
    said = capfd.readouterr().err
    assert done == 0, said
    assert "openai:m tells no probabilities" in said
    about = (course / "course.yaml").read_text(encoding="utf-8")
    assert "model: openai:m" in about and "127.0.0.1" not in about
    # A server that says one and the same whatever it is asked is found out, and the author's own sentences stand.
    lessons = "".join(path.read_text(encoding="utf-8") for path in (course / "lessons").iterdir())
    assert truth not in lessons and "terminator" in lessons


def test_what_does_not_go_with_a_server_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("n.md").write_text("# Tea\n\nTea is a drink made from leaves of the tea plant and hot water.\n" * 40)
    Path("voice").mkdir()
    Path("voice/adapter_model.safetensors").write_bytes(b"")
    draft = ["draft", "n.md", "-o", "course"]
    with loopback(lambda request: says("a")) as server:
        at_server = ["--model", "openai:m", "--base-url", server.url]
        for arguments, sentence in (
            ([*draft, "--model", "openai:m"], "say where with --base-url"),
            ([*draft, *at_server, "--adapter", "voice"], "runs on a server"),
            ([*draft, "--base-url", server.url], "--base-url goes with --model openai:NAME"),
            (["finetune", "n.md", "-o", "v", "--model", "openai:m"], "cannot be trained from here"),
        ):
            assert run(arguments) == 2
            assert sentence in capfd.readouterr().err
    assert not Path("course/course.yaml").exists()


SERVES = all(find_spec(name) for name in ("fastapi", "uvicorn", "openai"))


@pytest.fixture(scope="module")
def transformers_server(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`transformers serve` with the tiny random Llama on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    program = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", program, "serve", str(tiny_llama), "--device", "cpu", "--host", "127.0.0.1"]
    with (
        log.open("w") as said,
        subprocess.Popen(
            [*command, "--port", str(port)], stdout=said, stderr=said, env=os.environ | {"HF_HUB_OFFLINE": "1"}
        ) as process,
    ):
        try:
            deadline = time.monotonic() + 120
            while not _is_up(f"http://127.0.0.1:{port}/health"):
                assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _is_up(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


@pytest.mark.skipif(not SERVES, reason="transformers serve needs fastapi, uvicorn and openai: pip install -e '.[test]'")
def test_a_real_server_writes_what_the_model_writes_here(transformers_server: str, tiny_llama: Path) -> None:
    from kcreate.core import open_model

    chats = [[{"role": "user", "content": text}] for text in ("the lesson", "quiz", "version control")]
    remote = open_remote(f"openai:{tiny_llama}", transformers_server)
    here = open_model(str(tiny_llama), device="cpu", quantize="none")

    def texts(model: Any) -> list[str]:
        # The server writes bytes that are no character as U+FFFD, at the end too, where they are left out here.
        return [done.text.rstrip("\N{REPLACEMENT CHARACTER}") for done in model.generate(chats, max_new_tokens=8)]

    assert texts(remote) == texts(here)
    [written] = remote.generate("the lesson is", max_new_tokens=8)
    assert (written.finish_reason, written.prompt_tokens) == ("length", here.count_tokens("the lesson is"))
    stream = remote.stream("the lesson is", max_new_tokens=8)
    assert "".join(stream) == stream.completion.text == written.text.rstrip("\N{REPLACEMENT CHARACTER}")
    assert not remote.scores
    with pytest.raises(UsageError, match="does not take top_k=2"):
        remote.generate(chats, top_k=2)
    with pytest.raises(KcreateError, match="pinned to"):
        open_remote("openai:another", transformers_server)
