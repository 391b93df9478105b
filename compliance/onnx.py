"""onnxruntime, silenced: as it comes, it reports to its maker over the network, from a file in the home folder.

The variable is read when the library loads, so nothing of the portal imports ``onnxruntime`` but through here, and
``portal.settings`` sets it for what packages load themselves.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()
InferenceSession = onnxruntime.InferenceSession
SessionOptions = onnxruntime.SessionOptions
