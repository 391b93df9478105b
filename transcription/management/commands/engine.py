"""`manage.py engine`: run the speech engine."""

from __future__ import annotations

import resource
import signal
import sys
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcription.engine.app import create_app
from transcription.engine.config import ConfigError, EngineConfig

#: Requests under way when the engine is told to stop get this long.
GRACEFUL_S = 5


def config_from_settings(**chosen: Any) -> EngineConfig:
    """The engine as the settings describe it; `chosen` overrides. Raises `ConfigError`."""
    values: dict[str, Any] = {
        "api_key": settings.ENGINE_API_KEY,
        "webhook_secret": settings.ENGINE_WEBHOOK_SECRET,
        "host": settings.ENGINE_HOST,
        "port": settings.ENGINE_PORT,
        "public_url": settings.PUBLIC_URL or None,
        "model": settings.ENGINE_MODEL,
        "model_dir": settings.ENGINE_MODEL_DIR,
        "spool_dir": settings.DATA_DIR / "engine",
        "offline": settings.OFFLINE,
        "workers": settings.ENGINE_WORKERS,
    }
    return EngineConfig(**(values | {name: value for name, value in chosen.items() if value is not None}))


class Command(BaseCommand):
    help = "Run the speech-to-text engine: case.dev's transcription protocol over HTTP, models on this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", help="address to listen on (default: ENGINE_HOST)")
        parser.add_argument("--port", type=int, help="port to listen on (default: ENGINE_PORT)")
        parser.add_argument("--model", help="faster-whisper model, folder of one, or pocketsphinx (ENGINE_MODEL)")
        parser.add_argument("--workers", type=int, help="worker processes (default: ENGINE_WORKERS)")

    def handle(self, *args: Any, **options: Any) -> None:
        # A core dump would hold speech in clear.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            config = config_from_settings(
                host=options["host"], port=options["port"], model=options["model"], workers=options["workers"]
            )
            app = create_app(config)
        except ConfigError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Speech engine on http://{config.host}:{config.port} (model {config.model})")
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=config.host,
                port=config.port,
                log_config=None,
                # Addresses of requests carry job ids and upload tokens.
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_S,
            )
        )
        # uvicorn stops cleanly, then raises the signal again for whoever handled it before: that is a good end, too.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
        try:
            server.run()
        except KeyboardInterrupt:
            return
        except SystemExit as end:
            # uvicorn's own way to say that it could not start; why is in its log only.
            if server.started or end.code == 0:
                raise
            raise CommandError(
                f"The engine could not listen on {config.host}:{config.port}; is another one running there?"
            ) from None
