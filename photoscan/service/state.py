"""What the routes share: settings, slots, the way to the workers, answers that may be asked for again, counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from photoscan.cleaning.plan import CleanPlan
from photoscan.errors import phrase
from photoscan.options import Profile
from photoscan.service import metrics
from photoscan.service.body import receive_photo
from photoscan.service.desk import Desk, Pool
from photoscan.service.gate import Gate
from photoscan.service.look import WHOLE, Look, kinds
from photoscan.service.problem import ProblemError
from photoscan.service.remembered import Remembered
from photoscan.service.replays import Replays, digest
from photoscan.service.settings import Settings
from photoscan.service.share import Shares
from photoscan.service.task import Answer, Kind, ServiceRequest
from photoscan.service.uploads import PART, Uploads

if TYPE_CHECKING:
    from photoscan.service.traces import OpenTelemetry

LIGHT_WORKERS = 1
"""Processes for what needs no look at a picture: one answers a hundred texts a second."""
LIGHT_SECONDS = 0.05
"""How long such a thing is likely to take."""
Review = Literal["stop", "pass"]
"""What a gate does with a photo that somebody should look at."""


class Service:
    """The state of one service. For one event loop."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        light: Pool | None = None,
        weights: Callable[[], Mapping[str, int]] = dict,
        traces: OpenTelemetry | None = None,
    ) -> None:
        """`pool`: of the workers that look at pictures; `light`: of those that never do, None where all do all.

        `weights`: how much of it each key may have. `traces`: where spans go, None for nowhere.
        """
        self.settings = settings
        self.pool = pool
        buffer, shares = settings.slots * settings.max_bytes, Shares(settings.slots, settings.workers, weights)
        self.uploads = Uploads(settings.uploads, round(buffer * PART))
        more: dict[str, Any] = {"deadline": settings.deadline, "uploads": self.uploads}
        self.gate = Gate(settings.slots, settings.workers, buffer, shares=shares, **more)
        # A lane of their own, with room of its own: what takes milliseconds never waits behind what takes seconds.
        slots = LIGHT_WORKERS + settings.queue
        shares = Shares(slots, LIGHT_WORKERS, weights)
        lane = Gate(slots, LIGHT_WORKERS, slots * settings.max_bytes, seconds=LIGHT_SECONDS, shares=shares, **more)
        self.replays = Replays()
        self.remembered = Remembered(settings.remember)
        self.stopping = False
        self.metrics = metrics.Metrics(
            {
                "photoscan_slots": ("Photos that the service takes at a time.", lambda: settings.slots),
                "photoscan_slots_taken": ("Photos that it has now.", lambda: self.gate.taken),
                "photoscan_light_slots_taken": (
                    "Texts, and photos of which the file alone is asked, that it has now.",
                    lambda: lane.taken,
                ),
                "photoscan_wait_seconds": (
                    "Until a photo that came now would be begun with, by the mean of those before.",
                    lambda: self.gate.wait,
                ),
                "photoscan_buffered_bytes": (
                    "Bytes of photos and texts in memory.",
                    lambda: self.gate.buffered + lane.buffered,
                ),
                "photoscan_workers": ("Worker processes there should be.", lambda: settings.workers),
                "photoscan_workers_ready": ("Worker processes with their models loaded.", lambda: pool.ready),
                "photoscan_workers_failing": (
                    "Worker processes that could not be started and are tried again.",
                    lambda: self.failing,
                ),
                "photoscan_uploads": ("Bodies that are still coming.", lambda: self.uploads.count),
            },
            lambda: Counter(pool.restarts) + Counter(light.restarts if light is not None else {}),
            settings.key_metrics,
        )
        self.desk = Desk(pool, self.gate, self.metrics.timed("photos", traces))
        self.light = Desk(light or pool, lane, self.metrics.timed("light", traces))

    @property
    def failing(self) -> int:
        """How many workers could not be started and are tried again."""
        return sum(pool.failing for pool in {self.desk.pool, self.light.pool})

    def policy(self, name: str | None) -> str:
        """The name of the policy to use; the problem 'usage' for one that is not known here."""
        if name is None:
            return self.settings.default_policy
        if name not in self.settings.policies:
            raise ProblemError("usage", phrase("serve.detail.policy", names=", ".join(self.settings.policies)))
        return name

    def language(self, request: Request, policy: str) -> str:
        """The language of explanations: the request's, else the policy's, else English."""
        return request.state.language or self.settings.policies[policy].language or "en"

    def look(self, profile: Profile | None, only: str | None, tiers: bool | None) -> Look:
        """How a request wants its photo looked at; UsageError for a kind that does not exist."""
        return Look(profile, kinds(only), self.settings.tiers if tiers is None else tiers)

    def lane(self, kind: Kind, look: Look = WHOLE, copy: bool = False) -> Desk:
        """The desk for what is asked."""
        return self.light if kind in ("text", "album") or (kind == "check" and look.of_file and not copy) else self.desk

    async def photo(
        self,
        request: Request,
        policy: str,
        plan: CleanPlan | None = None,
        look: Look = WHOLE,
        again: bool = True,
        copy: bool = False,
    ) -> tuple[ServiceRequest, Answer]:
        """Read the request's photo and have it looked at, or cleaned where there is a plan.

        `again`: whether a request that is sent again gets its first answer. `copy`: whether a check brings a safe copy.
        """
        kind: Kind = "check" if plan is None else "clean"
        gate = self.lane(kind, look, copy).gate
        gate.check(request.state.caller)
        settings = self.settings
        with gate.body() as account:
            upload = await receive_photo(request, account, settings.max_bytes, settings.upload_timeout)
            language = self.language(request, policy)
            asked = ServiceRequest(kind, upload.data, policy, language, upload.name, upload.caption, plan, look, copy)
            return asked, await (self.once(request, asked) if again else self._answer(request, asked))

    async def once(self, request: Request, asked: ServiceRequest) -> Answer:
        """The answer to what is asked, or that to the same request before."""
        key = request.headers.get("idempotency-key") if asked.kind != "clean" else None
        if key is None:
            return await self._answer(request, asked)
        mine = digest((_key_of(request) or "").encode(), key.encode())
        words = (
            asked.kind,
            asked.policy,
            asked.language,
            asked.name or "",
            asked.caption or "",
            repr((asked.look, asked.copy)),
        )
        before = self.replays.begin(mine, digest(*(word.encode() for word in words), asked.data))
        if before is not None:
            return Answer(before)
        body = None
        try:
            answer = await self._answer(request, asked)
            body = answer.body
        finally:
            self.replays.end(mine, body)
        return answer

    async def _answer(self, request: Request, asked: ServiceRequest) -> Answer:
        return replace(await self.worked(request, asked), kept=None)

    async def worked(self, request: Request, asked: ServiceRequest) -> Answer:
        """The answer of a worker, who is told what another one saw of this photo and tells what the next may want."""
        owner = _key_of(request)
        asked = replace(asked, caller=request.state.caller, most=self.settings.findings)
        if asked.kind == "clean":
            asked = replace(asked, known=self.remembered.find(owner, asked))
        elif asked.kind == "check":
            asked = replace(asked, keep=asked.keep or self.remembered.seconds > 0)
        answer = await self.lane(asked.kind, asked.look, asked.copy).answer(asked, request.receive)
        if answer.kept is not None and self.remembered.keep(owner, asked, answer.kept):
            # Nothing stays longer because nobody asks.
            asyncio.get_running_loop().call_later(self.remembered.seconds, self.remembered.forget)
        return answer

    def checked(self, asked: ServiceRequest, answer: Answer) -> Response:
        """A check's answer; one without a decision is one that was given before."""
        headers = {"content-language": asked.language, "vary": "Accept-Language"}
        if answer.decision is None:
            headers["idempotency-replayed"] = "true"
        else:
            self.metrics.checked(asked.policy, answer.decision, answer.kinds, answer.cut)
        return Response(answer.body, 200, headers, "application/json")

    def gated(self, asked: ServiceRequest, answer: Answer, review: Review) -> Response:
        """A gate's answer: its status is the decision, its body says why a photo does not pass.

        What was not wholly looked at is stopped like what should be looked at, whatever `review` says.
        """
        assert answer.decision is not None
        self.metrics.checked(asked.policy, answer.decision, answer.kinds, answer.cut)
        passes = answer.decision == "allow" or (answer.decision == "review" and review == "pass")
        headers = {"content-language": asked.language, "photoscan-decision": answer.decision}
        if passes:
            return Response(None, 204, headers)
        status = 406 if answer.decision == "block" else 409
        return Response(answer.body, status, {**headers, "vary": "Accept-Language"}, "application/json")


def _key_of(request: Request) -> str | None:
    """The hash of the caller's key, None where there are no keys. A new key under an old name is another caller."""
    key = request.state.key
    return None if key is None else str(key.sha256)
