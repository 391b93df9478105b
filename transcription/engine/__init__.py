"""The speech engine that comes with the portal: a speech-to-text server in case.dev's HTTP protocol.

It has no database and no Django. Recordings are decoded in memory in blocks, in worker processes of their own; results
are kept in memory until they are fetched or deleted. `app` is the HTTP side, `pool` drives the workers, `transcribe` is
what a worker does with a recording, `recognisers` are what it can hear with.
"""
