"""The token loop: prompts in as ids, tokens out step by step. It knows no tokenizer and no text.

Rows enter and leave as they finish (continuous batching, Yu et al. 2022, Orca): a batch is always as full as requests
and memory allow.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from ..model.transformer import Transformer
from .cache import KVCache, batch_positions
from .grammar import allowed
from .graph import DecodeStep, DecodeSteps
from .lookup import Lookup
from .prefill import prefill_rows
from .prefix_store import PrefixStore
from .request import Request, Step, room
from .sampling import Sampler

BATCH_ROWS, BATCH_ROWS_GPU = 16, 32
"""Rows decoded together at most."""
PROPOSED = 8
"""Tokens proposed to a row at most."""
CHECKED = 16
"""Tokens that one forward of several rows checks at most, proposals included; more rows than that are not guessed for."""


@dataclass
class _Row:
    """A request that is being decoded: its state, and where its keys and values are."""

    number: int
    request: Request
    limit: int
    sampler: Sampler
    lookup: Lookup | None
    lanes: list[int] = field(default_factory=list)
    """Rows of the cache: the prompt's, and behind it that of the prompt without its context, if there is one."""
    made: int = 0
    last: int = 0
    """The latest token, whose keys and values are not in the cache yet."""

    @property
    def greedy(self) -> bool:
        """The next token is the likeliest one and nothing else, so a whole batch can be chosen at once."""
        return self.sampler.plain and self.request.constraint is None and len(self.lanes) == 1

    @property
    def prompts(self) -> list[list[int]]:
        """What goes into each lane before the first token."""
        request = self.request
        own = [request.ids] if request.without is None else [request.ids, request.without]
        return [[*ids, *request.written] for ids in own]


class TokenLoop:
    """Decodes requests; iterate over it once to get each `Step` as it is made.

    Rows of a batch do not see each other: each gets the tokens it would get alone. Where a row has finished, the next
    request takes its place at once.
    """

    def __init__(
        self,
        model: Transformer,
        requests: Sequence[Request],
        stop_ids: Sequence[int],
        rows: int = BATCH_ROWS,
        prefixes: PrefixStore | None = None,
        steps: DecodeSteps | None = None,
    ) -> None:
        """Check the requests; no work is done before the first step.

        Args:
            stop_ids: tokens that end a row.
            rows: decoded together at most; a request with `without` takes two.
            prefixes: prompts seen before, whose beginnings are not computed again.
            steps: decode through a step of these, which a GPU replays as a graph; None calls the model.

        Raises:
            InputError: a prompt leaves no room for an answer.
            UsageError: a prompt is empty, or `max_new_tokens` or `contrast` is out of its range.
        """
        self._model, self._stops, self._rows, self._prefixes = model, frozenset(stop_ids), rows, prefixes
        self._cache: KVCache | None = None
        self._steps = steps
        self._replayed: DecodeStep | None = None
        self._ended: set[int] = set()
        limits = [room(request, model.spec.max_length) for request in requests]
        order = sorted(range(len(requests)), key=lambda number: -len(requests[number].ids))
        self._waiting = deque((number, requests[number], limits[number]) for number in order)
        weight = model.embed_tokens.weight
        self._positions = batch_positions(model.spec, model.cache_dtype or weight.dtype, weight.device)

    def end(self, row: int) -> None:
        """Take request `row` out before its next token: its text is complete."""
        self._ended.add(row)

    def __iter__(self) -> Iterator[Step]:
        self._take_step()
        try:
            yield from self._decode()
        finally:
            if self._steps is not None and self._replayed is not None:
                self._steps.give_back(self._replayed)

    def _take_step(self) -> None:
        """Take a step whose cache holds as many rows as there will be, of the longest request's length."""
        if self._steps is None or not self._waiting:
            return
        lanes = [_lanes(request) for _, request, _ in self._waiting]
        needs = [_needs(request, limit) for _, request, limit in self._waiting]
        rows = max(max(lanes), min(self._rows, sum(lanes), self._positions // max(needs)))
        self._replayed = self._steps.take(rows, max(needs))
        self._cache = self._replayed.cache
        self._rows = min(self._rows, self._replayed.cache.capacity)

    def _decode(self) -> Iterator[Step]:
        active: list[_Row] = []
        while self._waiting or active:
            entered, logits = self._admit(active)
            yield from self._accept(entered, [[] for _ in entered], logits)
            active = [row for row in (*active, *entered) if row.number not in self._ended]
            if not active:
                continue
            self._keep(active)
            proposals = self._proposals(active)
            yield from self._accept(active, proposals, self._forward(active, proposals))
            active = [row for row in active if row.number not in self._ended]

    def _admit(self, active: list[_Row]) -> tuple[list[_Row], Tensor]:
        """Take in as many waiting requests as there is room for; the rows, and (all their lanes, vocab_size) logits."""
        entered: list[_Row] = []
        lanes = sum(len(row.lanes) for row in active)
        longest = max((_needs(row.request, row.limit) for row in active), default=0)
        while self._waiting:
            number, request, limit = self._waiting[0]
            lanes, longest = lanes + _lanes(request), max(longest, _needs(request, limit))
            if (lanes > self._rows or lanes * longest > self._positions) and (active or entered):
                break
            self._waiting.popleft()
            text = [*request.ids, *request.written]
            lookup = Lookup(request.sources, text) if request.speculate else None
            sampler = Sampler(request.sampling, text, skipped=len(request.written))
            entered.append(_Row(number, request, limit, sampler, lookup, made=len(request.written)))
        if not entered:
            return [], torch.empty(0)
        prompts = [ids for row in entered for ids in row.prompts]
        cache, logits = prefill_rows(self._model, prompts, min(longest, max(map(len, prompts)) + 256), self._prefixes)
        self._settle(active, entered, cache)
        return entered, logits

    def _settle(self, active: list[_Row], entered: list[_Row], cache: KVCache) -> None:
        """Put the rows of `cache` where rows have finished, and behind the rest; tell the entered rows where."""
        taken = {lane for row in active for lane in row.lanes}
        if self._cache is None or (not taken and self._replayed is None):
            self._cache = cache
            places = list(range(cache.rows))
        else:
            free = [lane for lane in range(self._cache.rows) if lane not in taken][: cache.rows]
            more = cache.rows - len(free)
            places = [*free, *range(self._cache.rows, self._cache.rows + more)]
            self._cache.widen(more)
            for source, place in enumerate(places):
                self._cache.place(place, cache, source)
        found = iter(places)
        for row in entered:
            row.lanes = [next(found) for _ in row.prompts]

    def _keep(self, active: list[_Row]) -> None:
        """Drop the cache's rows that nobody uses, filling gaps from the end, which moves the fewest."""
        assert self._cache is not None
        used = {lane for row in active for lane in row.lanes}
        if len(used) == self._cache.rows:
            return
        movers = iter(sorted(lane for lane in used if lane >= len(used)))
        chosen = [place if place in used else next(movers) for place in range(len(used))]
        self._cache.select(chosen)
        moved = {old: new for new, old in enumerate(chosen)}
        for row in active:
            row.lanes = [moved[lane] for lane in row.lanes]

    def _proposals(self, active: list[_Row]) -> list[list[int]]:
        """The tokens each row has reason to expect next."""
        lanes = sum(len(row.lanes) for row in active)
        count = min(PROPOSED, CHECKED // lanes - 1)
        return [
            row.lookup.propose(min(count, row.limit - row.made - 1)) if row.lookup is not None and count > 0 else []
            for row in active
        ]

    def _forward(self, active: list[_Row], proposals: list[list[int]]) -> Tensor:
        """Feed each row its latest token and its proposals.

        Returns:
            (tokens fed, vocab_size) logits: row by row, in a row token by token, of a token lane by lane.
        """
        cache = self._cache
        assert cache is not None
        fed: list[list[int]] = [[] for _ in range(cache.rows)]
        lanes, places = [], []
        for row, proposed in zip(active, proposals, strict=True):
            for place in range(1 + len(proposed)):
                lanes += row.lanes
                places += [place] * len(row.lanes)
            for lane in row.lanes:
                fed[lane] = [row.last, *proposed]
        longest = max(map(len, fed))
        counts = None if all(len(ids) == longest for ids in fed) else torch.tensor([len(ids) for ids in fed])
        if longest == 1 and self._replayed is not None:
            return self._replayed([ids[0] for ids in fed])[lanes]
        ids = torch.tensor([[*each, *[0] * (longest - len(each))] for each in fed], device=cache.device)
        with torch.inference_mode():
            hidden = self._model(ids, cache, counts)
            return self._model.logits(hidden[lanes, places]).float()

    def _accept(self, rows: list[_Row], proposals: list[list[int]], logits: Tensor) -> Iterator[Step]:
        """Choose tokens of each row from its logits, in the order of `_forward`, while its proposals come true.

        Each token is chosen just as without proposals, with the row's own random numbers, and compared afterwards: so
        what is written, and how often, is the same.
        """
        likeliest = logits.argmax(-1).tolist() if any(row.greedy for row in rows) else []
        place = 0
        for row, proposed in zip(rows, proposals, strict=True):
            lanes, right = len(row.lanes), 0
            for guess in (*proposed, None):
                found = slice(place + right * lanes, place + (right + 1) * lanes)
                token = likeliest[found.start] if row.greedy else None
                step = self._step(row, token, _contrasted(logits[found], row.request.contrast))
                yield step
                if row.number in self._ended or step.token != guess:
                    break
                right += 1
            place += (len(proposed) + 1) * lanes
            if proposed and row.number not in self._ended:
                self._forget(row, len(proposed), right)

    def _forget(self, row: _Row, proposed: int, right: int) -> None:
        """Take the keys and values of wrong proposals back out of the cache."""
        assert self._cache is not None and row.lookup is not None
        if right < proposed:
            self._cache.shorten(row.lanes, proposed - right)
        row.lookup.judge(right)

    def _step(self, row: _Row, token: int | None, logits: Tensor) -> Step:
        """The row's next token: `token` where it is known, else chosen from its logits (vocab_size,)."""
        constraint = row.request.constraint
        if token is None:
            token = row.sampler.choose(logits if constraint is None else allowed(logits.cpu(), constraint.mask()))
        log_prob = float(logits.log_softmax(-1)[token]) if row.request.log_probs else 0.0
        row.made, row.last = row.made + 1, token
        if row.lookup is not None:
            row.lookup.push(token)
        finish: Literal["stop", "length"] | None = None
        if token in self._stops:
            finish = "stop"
        elif row.made >= row.limit:
            finish = "length"
        if finish is not None:
            self._ended.add(row.number)
        if constraint is not None:
            constraint.advance(token)
        return Step(row.number, token, finish, log_prob)


def _lanes(request: Request) -> int:
    """Rows of the cache that the request takes."""
    return 1 if request.without is None else 2


def _needs(request: Request, limit: int) -> int:
    """Positions that each lane of the request takes at most, with an answer of `limit` tokens."""
    return max(len(request.ids), len(request.without or ())) + limit


def _contrasted(logits: Tensor, contrast: float) -> Tensor:
    """The row's logits (vocab_size,) from those of its lanes (lanes, vocab_size)."""
    return logits[0] if len(logits) == 1 else (1 + contrast) * logits[0] - contrast * logits[1]
