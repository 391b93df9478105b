"""Voices as vectors: mel spectrogram and the GE2E speaker encoder (see models/NOTICE.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from compliance.onnx import InferenceSession, SessionOptions
from transcription.engine.audio import RATE
from transcription.engine.vad import Span

MODEL = Path(__file__).parent / "models" / "ge2e.onnx"
N_FFT, HOP, MELS = 400, 160, 40
#: The encoder was trained on speech at this level; quieter recordings are raised, louder ones left.
LEVEL_DBFS = -30.0
#: Windows of 1.2 s every 0.25 s; a shorter turn is one window, taken at least half a second wide.
WINDOW_S, STEP_S, SHORTEST_S = 1.2, 0.25, 0.5
_BATCH = 128

Float = npt.NDArray[np.float32]


def _slaney(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Hertz to mel after Slaney's Auditory Toolbox: linear below 1 kHz, logarithmic above."""
    linear = hertz * 3 / 200
    return np.where(hertz < 1000, linear, 15 + np.log(np.maximum(hertz, 1e-9) / 1000) * 27 / np.log(6.4))


def _slaney_inverse(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))


@cache
def _filters() -> Float:
    """(40, 201) triangular filters from 0 to 8 kHz, each of unit area (Slaney's norm)."""
    edges = _slaney_inverse(np.linspace(0, _slaney(np.array([RATE / 2]))[0], MELS + 2))
    bins = np.linspace(0, RATE / 2, N_FFT // 2 + 1)
    rising = (bins[None, :] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None, :]) / (edges[2:] - edges[1:-1])[:, None]
    weights = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return weights.astype(np.float32)


def mel(sound: Float) -> Float:
    """(frames, 40) mel power spectrogram, a frame every 10 ms; no logarithm: the encoder wants power."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)  # periodic Hann
    padded = np.pad(sound, N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    out = np.empty((frames.shape[0], MELS), dtype=np.float32)
    for start in range(0, frames.shape[0], 3000):  # 30 s at a time keeps the spectra small
        spectrum = np.fft.rfft(frames[start : start + 3000] * window, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        out[start : start + 3000] = power @ _filters().T
    return out


@cache
def _session() -> Any:
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])


def windows_in(spans: list[Span], length: int) -> list[Span]:
    """The windows (in samples) over the speech of a sound of `length` samples."""
    window, step, shortest = int(WINDOW_S * RATE), int(STEP_S * RATE), int(SHORTEST_S * RATE)
    windows: list[Span] = []
    for span in spans:
        start, end = span.start, span.end
        if end - start < shortest:
            start = max(0, min((start + end - shortest) // 2, length - shortest))
            end = min(length, start + shortest)
        if end - start <= window:
            windows.append(Span(start, end))
            continue
        starts = list(range(start, end - window + 1, step))
        if starts[-1] + window < end:
            starts.append(end - window)
        windows += [Span(at, at + window) for at in starts]
    return windows


def level_gain(sound: Float) -> float:
    """What to multiply a quiet sound by; never below 1."""
    rms = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2))) if sound.size else 0.0
    return max(1.0, 10 ** (LEVEL_DBFS / 20) / rms) if rms > 1e-7 else 1.0


def embed(sound: Float, windows: list[Span], gain: float) -> Float:
    """One vector of 256 values and length 1 for each window."""
    if not windows:
        return np.zeros((0, 256), dtype=np.float32)
    spectrum = mel(sound) * np.float32(gain * gain)
    out = np.empty((len(windows), 256), dtype=np.float32)
    by_frames: dict[int, list[int]] = {}
    for number, window in enumerate(windows):
        by_frames.setdefault(max(1, (window.end - window.start) // HOP), []).append(number)
    for frames, numbers in by_frames.items():
        for start in range(0, len(numbers), _BATCH):
            some = numbers[start : start + _BATCH]
            batch = np.stack([_frames(spectrum, windows[n].start // HOP, frames) for n in some])
            out[some] = _session().run(None, {"mels": batch})[0]
    # ReLU may leave nothing of an odd sound: 0/0 there. Such a window is like no voice.
    return np.nan_to_num(out)


def _frames(spectrum: Float, first: int, count: int) -> Float:
    piece = spectrum[first : first + count]
    return piece if len(piece) == count else np.pad(piece, ((0, count - len(piece)), (0, 0)))
