"""Makes src/__fixtures__/gguf/blocks.json: values and their blocks as llama.cpp quantises them.

Run with numpy and gguf installed, and the path of llama.cpp's libggml-base (the npm package @node-llama-cpp/linux-x64
holds one): python libs/training/scripts/make-gguf-fixtures.py …/libggml-base.so
"""

import base64
import ctypes
import json
import sys
from pathlib import Path

import numpy as np
from gguf.constants import GGMLQuantizationType as Type
from gguf.quants import dequantize

OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "gguf" / "blocks.json"
TYPES = {"f16": Type.F16, "q8_0": Type.Q8_0, "q5_0": Type.Q5_0, "q4_k": Type.Q4_K}


def values():
    """Rows of 512: normal, skewed, with outliers, tiny, all positive, one constant, zeros."""
    random = np.random.default_rng(7)
    normal = lambda: random.standard_normal(512)
    rows = [
        normal(), normal() * 0.02, np.exp(normal()), normal() ** 3, normal() * 1e-6,
        np.abs(normal()) + 1, np.full(512, -0.25), np.zeros(512), np.where(random.random(512) < 0.9, 0, normal()),
    ]
    return np.stack(rows).astype(np.float32)


def quantised(library, kind, x):
    """`ggml_quantize_chunk` without an importance matrix."""
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    library.ggml_row_size.restype = ctypes.c_size_t
    rows, width = x.shape
    size = library.ggml_row_size(int(kind), ctypes.c_int64(width))
    out = np.zeros(rows * size, dtype=np.uint8)
    pointer = lambda array, of: array.ctypes.data_as(ctypes.POINTER(of))
    library.ggml_quantize_chunk(
        int(kind), pointer(x, ctypes.c_float), pointer(out, ctypes.c_uint8), ctypes.c_int64(0), ctypes.c_int64(rows),
        ctypes.c_int64(width), None)
    return out


def main():
    library = ctypes.CDLL(sys.argv[1])
    x = values()
    encode = lambda array: base64.b64encode(array.tobytes()).decode()
    blocks = {}
    for name, kind in TYPES.items():
        out = quantised(library, kind, x)
        restored = dequantize(out.reshape(x.shape[0], -1), kind).astype(np.float64)
        blocks[name] = {"bytes": encode(out), "squared_error": float(((restored - x) ** 2).sum())}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"values": encode(x), "blocks": blocks}) + "\n")


main()
