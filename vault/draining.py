"""Reading on after a refusal, so that whoever is still sending gets the answer and not a reset connection."""

import asyncio
import contextlib
from typing import Final

from starlette.requests import ClientDisconnect, Request

# So much is read and dropped at most, and for so long.
DRAIN_BYTES: Final = 32 * 2**20
DRAIN_SECONDS: Final = 5.0


async def drain(request: Request) -> None:
    """Reads what is left of the body, up to the limits above. A body that was read to its end is left alone."""
    # RuntimeError: Starlette's word for a body that has been read.
    with contextlib.suppress(ClientDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            read = 0
            async for chunk in request.stream():
                read += len(chunk)
                if read > DRAIN_BYTES:
                    return
