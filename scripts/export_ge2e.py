"""Export the speaker encoder (GE2E weights of Resemblyzer, Apache-2.0) to `transcription/engine/models/ge2e.onnx`.

Only for whoever wants to make the file again; the engine needs neither PyTorch nor Resemblyzer. In a throw-away
environment:

    python -m venv export-env && export-env/bin/pip install torch onnx onnxruntime numpy
    export-env/bin/pip install --no-deps Resemblyzer
    export-env/bin/python scripts/export_ge2e.py transcription/engine/models/ge2e.onnx

The network is three LSTM layers of 256, the last hidden state through a linear layer and ReLU, then L2 normalised. It
is written node by node (torch's own exporters differ between releases), then compared with torch on random input.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

MELS, HIDDEN, LAYERS = 40, 256, 3
#: Largest difference from torch that is let through; float32 rounding over 160 steps stays far below it.
TOLERANCE = 1e-5


def weights() -> dict[str, torch.Tensor]:
    # Found without importing the package, whose __init__ wants librosa and webrtcvad.
    spec = importlib.util.find_spec("resemblyzer")
    if spec is None or spec.origin is None:
        raise SystemExit("Resemblyzer is not installed here (see the top of this script).")
    checkpoint = torch.load(Path(spec.origin).with_name("pretrained.pt"), map_location="cpu", weights_only=False)
    return dict(checkpoint["model_state"])


def gates(tensor: torch.Tensor) -> np.ndarray:
    """PyTorch stacks the gates as i, f, g, o; ONNX as i, o, f, c (ONNX operator LSTM)."""
    i, f, g, o = np.split(tensor.numpy(), 4)
    return np.concatenate([i, o, f, g])


def build(state: dict[str, torch.Tensor]) -> onnx.ModelProto:
    nodes, constants = [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    nodes.append(helper.make_node("Transpose", ["mels"], ["x0"], perm=[1, 0, 2]))
    axis1 = constant("axis1", np.array([1], dtype=np.int64))
    axis0 = constant("axis0", np.array([0], dtype=np.int64))
    for layer in range(LAYERS):
        bias = np.concatenate([gates(state[f"lstm.bias_ih_l{layer}"]), gates(state[f"lstm.bias_hh_l{layer}"])])
        inputs = [
            f"x{layer}",
            constant(f"w{layer}", gates(state[f"lstm.weight_ih_l{layer}"])[np.newaxis]),
            constant(f"r{layer}", gates(state[f"lstm.weight_hh_l{layer}"])[np.newaxis]),
            constant(f"b{layer}", bias[np.newaxis]),
        ]
        nodes.append(helper.make_node("LSTM", inputs, [f"y{layer}", f"h{layer}"], hidden_size=HIDDEN))
        nodes.append(helper.make_node("Squeeze", [f"y{layer}", axis1], [f"x{layer + 1}"]))
    nodes += [
        helper.make_node("Squeeze", [f"h{LAYERS - 1}", axis0], ["last"]),
        helper.make_node(
            "Gemm",
            ["last", constant("wl", state["linear.weight"].numpy()), constant("bl", state["linear.bias"].numpy())],
            ["raw"],
            transB=1,
        ),
        helper.make_node("Relu", ["raw"], ["positive"]),
        helper.make_node("LpNormalization", ["positive"], ["voices"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "ge2e",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["windows", "frames", MELS])],
        [helper.make_tensor_value_info("voices", TensorProto.FLOAT, ["windows", HIDDEN])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], producer_name="sealscript")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def reference(state: dict[str, torch.Tensor], mels: torch.Tensor) -> np.ndarray:
    lstm = torch.nn.LSTM(MELS, HIDDEN, LAYERS, batch_first=True)
    lstm.load_state_dict({k.removeprefix("lstm."): v for k, v in state.items() if k.startswith("lstm.")})
    with torch.no_grad():
        _, (hidden, _) = lstm(mels)
        raw = torch.relu(hidden[-1] @ state["linear.weight"].T + state["linear.bias"])
        return (raw / raw.norm(dim=1, keepdim=True)).numpy()


def main(target: Path) -> None:
    state = weights()
    model = build(state)
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(target))
    torch.manual_seed(0)
    mels = torch.rand(5, 120, MELS) * 0.01
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    difference = float(np.abs(session.run(None, {"mels": mels.numpy()})[0] - reference(state, mels)).max())
    if difference > TOLERANCE:
        target.unlink()
        raise SystemExit(f"The exported network differs from torch by {difference:.2e}: not written.")
    sys.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB, differs from torch by {difference:.1e}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
