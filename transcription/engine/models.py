"""Which speech model serves: one in a folder, one that is fetched in the background, or pocketsphinx until then."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import structlog

from transcription.engine.config import ConfigError, EngineConfig
from transcription.engine.messages import Ears

log = structlog.get_logger(__name__)

BASIC = Ears("sphinx", "", "pocketsphinx en-us")
#: Waits between attempts to fetch a model: networks come back, closed ones stay closed.
RETRY_S = (60, 600, 3600)
#: How people call the recogniser that needs no model file.
_BASIC_NAMES = {"pocketsphinx", "sphinx", "basic"}

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class ModelState:
    """What `/healthz` says: `ready fetching absent`, and a sentence."""

    state: str
    detail: str


class Models:
    """The model in use now. `start` looks for the wanted one and fetches it where that is allowed."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._wanted: Ears | None = None
        self._child: SpawnProcess | None = None
        self._task: asyncio.Task[None] | None = None
        name = config.model
        if name.lower() in _BASIC_NAMES:
            self.state = ModelState("ready", "pocketsphinx was chosen.")
        elif "/" in name or Path(name).is_dir():
            folder = Path(name)
            if not (folder / "model.bin").is_file():
                raise ConfigError(
                    "The engine's model names a folder without a model.bin. Name a folder with a CTranslate2 Whisper "
                    "model, a model such as base.en, or pocketsphinx."
                )
            self._wanted = Ears("whisper", str(folder), folder.name)
            self.state = ModelState("ready", "The model's folder is there.")
        else:
            self.state = ModelState("fetching", f"Looking for the model {name}.")

    def now(self) -> Ears:
        """What a job that begins now is recognised with."""
        return self._wanted or BASIC

    def start(self) -> None:
        if self.state.state == "fetching":
            self._task = asyncio.create_task(self._fetch())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._child is not None and self._child.is_alive():
            self._child.kill()
            self._child.join(3)

    async def _fetch(self) -> None:
        name = self._config.model
        if await self._try(local_only=True):
            return
        if self._config.offline:
            self.state = ModelState("absent", f"The model {name} is not here, and OFFLINE forbids fetching it.")
            return
        for wait in (*RETRY_S, None):
            self.state = ModelState("fetching", f"The model {name} is being fetched.")
            if await self._try(local_only=False):
                return
            self.state = ModelState("absent", f"The model {name} could not be fetched from here.")
            log.warning("engine.model_not_fetched", model=name)
            if wait is not None:
                await asyncio.sleep(wait)

    async def _try(self, *, local_only: bool) -> bool:
        """Look or fetch in a process of its own: it can be stopped, and this one stays small."""
        ours, theirs = _spawn.Pipe(duplex=False)
        self._child = _spawn.Process(
            target=_find_in_child, args=(self._config.model, str(self._config.model_dir), local_only, theirs), daemon=True
        )
        await asyncio.to_thread(self._child.start)
        theirs.close()
        try:
            folder: str | None = await asyncio.to_thread(ours.recv)
        except EOFError:
            folder = None
        finally:
            ours.close()
        await asyncio.to_thread(self._child.join)
        if folder is None:
            return False
        self._wanted = Ears("whisper", folder, self._config.model)
        self.state = ModelState("ready", "The model is here.")
        log.info("engine.model_ready", model=self._config.model)
        return True


def _find_in_child(name: str, folder: str, local_only: bool, answer: Connection) -> None:
    # By name: download's imports (300 MB) belong into the child.
    importlib.import_module("transcription.engine.download").main(name, folder, local_only, answer)
