"""Makes src/__fixtures__/quantisation.json: blocks quantised by the published definitions, in numpy.

python libs/training/scripts/make-quantisation-fixture.py

Definitions: NF4 and double quantisation from QLoRA (arXiv 2305.14314, section 3 and appendix E); the dynamic eight-bit type from
8-bit Optimizers (arXiv 2110.02861, section 2) with the parts that bitsandbytes' `create_dynamic_map` gives each decade; four-bit
codes packed as bitsandbytes packs them, the first in the high half; int4 as GGUF's Q4_0 rounds; int8 as Q8_0 does.
"""

import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "quantisation.json"
NORMAL_FLOAT = np.array([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0], dtype=np.float32)


def dynamic_map(signed):
    numbers = [0.0, 1.0]
    for decade in range(7):
        edges = np.linspace(0.1, 1, 2 ** (decade if signed else decade + 1) + 1)
        middles = (edges[:-1] + edges[1:]) / 2 * 10.0 ** (decade - 6)
        numbers += list(middles) + (list(-middles) if signed else [])
    return np.sort(np.array(numbers)).astype(np.float32)


def nearest(levels, values):
    return np.abs(values.astype(np.float64)[..., None] - levels.astype(np.float64)).argmin(-1)


def packed(codes):
    flat = codes.reshape(-1).astype(np.uint8)
    return (flat[0::2] << 4 | flat[1::2]).tolist()


def rounded(values):
    """Nine digits hold a float32 exactly."""
    return [float(f"{value:.9g}") for value in values]


def in_blocks(values, size):
    padded = np.zeros(-(-len(values) // size) * size, dtype=np.float32)
    padded[: len(values)] = values
    return padded.reshape(-1, size)


def nf4(values, size):
    blocks = in_blocks(values, size)
    scales = np.abs(blocks).max(1)
    codes = nearest(NORMAL_FLOAT, blocks / np.where(scales == 0, 1, scales)[:, None])
    return packed(codes), scales, NORMAL_FLOAT[codes] * scales[:, None]


def int4(values, size):
    blocks = in_blocks(values, size)
    scales = (blocks[np.arange(len(blocks)), np.abs(blocks).argmax(1)] / np.float32(-8)).astype(np.float32)
    inverse = np.divide(1, scales, out=np.zeros_like(scales), where=scales != 0)
    codes = np.minimum(15, np.floor(blocks.astype(np.float64) * inverse[:, None] + 8.5)).astype(np.uint8)
    return packed(codes), scales, (codes.astype(np.float32) - 8) * scales[:, None]


def int8(values, size):
    blocks = in_blocks(values, size)
    scales = (np.abs(blocks).max(1) / np.float32(127)).astype(np.float32)
    codes = np.rint(blocks.astype(np.float64) / np.where(scales == 0, 1, scales)[:, None]).astype(np.int8)
    return codes.reshape(-1).tolist(), scales, codes.astype(np.float32) * scales[:, None]


def double(scales):
    mean = np.float32(scales.astype(np.float64).mean())
    blocks = in_blocks(scales - mean, 256)
    outer = np.abs(blocks).max(1)
    levels = dynamic_map(True)
    codes = nearest(levels, blocks / np.where(outer == 0, 1, outer)[:, None])
    return {"codes": codes.reshape(-1)[: len(scales)].tolist(), "scales": rounded(outer), "mean": float(mean),
            "values": rounded((levels[codes] * outer[:, None] + mean).reshape(-1)[: len(scales)])}


def main():
    random = np.random.default_rng(7)
    values = (random.standard_normal(16 * 260 + 6) * np.repeat(random.random(261) + 0.1, 16)[: 16 * 260 + 6]).astype(np.float32)
    values[32:48] = 0
    document = {"values": rounded(values), "block_size": 16,
                "maps": {"signed": rounded(dynamic_map(True)), "unsigned": rounded(dynamic_map(False))}}
    for name, function in {"nf4": nf4, "int4": int4, "int8": int8}.items():
        codes, scales, back = function(values, 16)
        document[name] = {"codes": codes, "scales": rounded(scales), "values": rounded(back.reshape(-1)[:100])}
    document["double"] = double(np.array(document["nf4"]["scales"], dtype=np.float32))
    text = json.dumps(document, separators=(",", ":"))
    OUT.write_text(text + "\n")


main()
