"""Makes src/conformance/tensor-cases.json: what PyTorch gives for each operation of a tensor program, and a loss curve.

python libs/testing/scripts/make-tensor-cases.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).parent.parent / "src" / "conformance" / "tensor-cases.json"
RANDOM = torch.Generator().manual_seed(20)


def floats(*shape, least=-2.0, most=2.0):
    return torch.rand(*shape, generator=RANDOM) * (most - least) + least


def integers(most, *shape):
    return torch.randint(0, most, shape, generator=RANDOM, dtype=torch.int32)


def flags(*shape):
    return torch.rand(*shape, generator=RANDOM) > 0.5


def norm(x, weight, epsilon):
    inverse = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)
    return x * inverse * weight, inverse


def layer_norm(x, weight, bias, epsilon):
    mean = x.mean(-1, keepdim=True)
    inverse = torch.rsqrt((x - mean).pow(2).mean(-1, keepdim=True) + epsilon)
    return (x - mean) * inverse * weight + bias, mean, inverse


def rotate(x, positions, cosines, sines, is_inverse):
    half = x.shape[-1] // 2
    cosine = cosines[positions.long()][:, None]
    sine = sines[positions.long()][:, None] * (-1 if is_inverse else 1)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)


def scatter(rows):
    return lambda ids, updates: torch.zeros(rows, *updates.shape[ids.dim() :]).index_put(
        (ids.long(),), updates, accumulate=True)


def transposed(x, is_turned):
    return x.transpose(-1, -2) if is_turned else x


def case_list():
    unary = {
        "neg": torch.neg, "exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf,
        "relu": torch.relu, "abs": torch.abs, "sign": lambda x: torch.sign(x.detach()), "gelu": F.gelu,
        "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu,
    }
    for kind, function in unary.items():
        yield kind, {"kind": kind}, [floats(2, 5)], function
    for kind, function in {"log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal}.items():
        yield kind, {"kind": kind}, [floats(2, 5, least=0.5, most=3)], function
    yield "not", {"kind": "not"}, [flags(2, 3)], torch.logical_not
    binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "maximum": torch.maximum, "minimum": torch.minimum}
    for kind, function in binary.items():
        yield kind, {"kind": kind}, [floats(2, 3), floats(2, 3)], function
        yield f"{kind} with broadcasting", {"kind": kind}, [floats(2, 1, 3), floats(4, 1)], function
    yield "div", {"kind": "div"}, [floats(2, 3), floats(3, least=0.5)], torch.div
    yield "less", {"kind": "less"}, [floats(2, 3), floats(3)], torch.less
    yield "equal", {"kind": "equal"}, [integers(2, 2, 4), integers(2, 4)], torch.eq
    yield "and", {"kind": "and"}, [flags(2, 3), flags(3)], torch.logical_and
    yield "where", {"kind": "where"}, [flags(2, 1, 3), floats(4, 1), floats(1)], torch.where
    yield "detach", {"kind": "detach"}, [floats(3)], lambda x: x.detach()
    yield "cast to int32", {"kind": "cast", "to": "int32"}, [floats(6)], lambda x: x.to(torch.int32)
    yield "cast to float32", {"kind": "cast", "to": "float32"}, [flags(6)], lambda x: x.to(torch.float32)
    yield "cast to bool", {"kind": "cast", "to": "bool"}, [integers(2, 6)], lambda x: x.to(torch.bool)
    for axes in ([0], [1, 2], [0, 1, 2]):
        x = floats(2, 3, 4)
        yield f"sum over {axes}", {"kind": "sum", "axes": axes}, [x], lambda x, a=axes: x.sum(a, keepdim=True)
        yield f"sumSquare over {axes}", {"kind": "sumSquare", "axes": axes}, [x], lambda x, a=axes: (x * x).sum(a, keepdim=True)
        yield f"max over {axes}", {"kind": "max", "axes": axes}, [x], lambda x, a=axes: x.detach().amax(a, keepdim=True)
    for turned_a in (False, True):
        for turned_b in (False, True):
            a = floats(2, 4, 3) if turned_a else floats(2, 3, 4)
            b = floats(2, 5, 4) if turned_b else floats(2, 4, 5)
            yield (
                f"matmul {turned_a} {turned_b}",
                {"kind": "matmul", "transposeA": turned_a, "transposeB": turned_b, "scale": 0.5}, [a, b],
                lambda a, b, s=turned_a, t=turned_b: transposed(a, s) @ transposed(b, t) * 0.5)
    plain = {"kind": "matmul", "transposeA": False, "transposeB": False, "scale": 1}
    yield "matmul of a batch with one matrix", plain, [floats(2, 3, 4), floats(4, 5)], torch.matmul
    yield "reshape", {"kind": "reshape", "shape": [3, 4]}, [floats(2, 6)], lambda x: x.reshape(3, 4)
    yield "expand", {"kind": "expand", "shape": [2, 3, 4]}, [floats(3, 1)], lambda x: x.expand(2, 3, 4)
    yield "transpose", {"kind": "transpose", "permutation": [1, 2, 0]}, [floats(2, 3, 4)], lambda x: x.permute(1, 2, 0)
    yield "concat", {"kind": "concat", "axis": 1}, [floats(2, 1), floats(2, 3), floats(2, 2)], lambda *x: torch.cat(x, 1)
    yield "slice", {"kind": "slice", "axis": 1, "start": 1, "size": 2}, [floats(2, 4, 2)], lambda x: x[:, 1:3]
    yield "pad", {"kind": "pad", "axis": 0, "before": 1, "after": 2}, [floats(2, 3)], lambda x: F.pad(x, (0, 0, 1, 2))
    yield "gather", {"kind": "gather"}, [floats(5, 3), integers(5, 2, 2)], lambda x, ids: x[ids.long()]
    yield "scatterAdd", {"kind": "scatterAdd", "rows": 4}, [integers(4, 2, 3), floats(2, 3, 2)], lambda i, x: scatter(4)(i, x.detach())
    yield "takeLast", {"kind": "takeLast"}, [floats(2, 3, 4), integers(4, 2, 3)], lambda x, i: x.gather(-1, i.long()[..., None])[..., 0]
    yield "oneHot", {"kind": "oneHot", "depth": 4}, [integers(4, 2, 2)], lambda i: F.one_hot(i.long(), 4).float()
    yield "softmax", {"kind": "softmax"}, [floats(2, 3, 4)], lambda x: x.softmax(-1)
    yield "softmax of large numbers", {"kind": "softmax"}, [floats(2, 4) + 200], lambda x: x.softmax(-1)
    yield "logSoftmax", {"kind": "logSoftmax"}, [floats(2, 3, 4)], lambda x: x.log_softmax(-1)
    for is_inverse in (False, True):
        angles = floats(6, 2)
        yield (
            f"rotary {'back' if is_inverse else 'forth'}", {"kind": "rotary", "isInverse": is_inverse},
            [floats(2, 2, 3, 4), integers(6, 2, 3), angles.cos(), angles.sin()],
            lambda x, p, c, s, i=is_inverse: rotate(x, p, c.detach(), s.detach(), i))
    yield "rmsNorm", {"kind": "rmsNorm", "epsilon": 1e-5}, [floats(3, 4), floats(4)], lambda x, w: norm(x, w, 1e-5)
    yield "layerNorm", {"kind": "layerNorm", "epsilon": 1e-5}, [floats(3, 4), floats(4), floats(4)], lambda x, w, b: layer_norm(x, w, b, 1e-5)


NAMES = {
    torch.float32: "float32", torch.int32: "int32", torch.bool: "bool", torch.uint8: "uint8", torch.int8: "int8",
    torch.float16: "float16", torch.bfloat16: "bfloat16"}
# The 16 levels of NormalFloat as QLoRA publishes them (arXiv 2305.14314, appendix E).
NORMAL_FLOAT = torch.tensor([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0])


def halves(codes):
    """Two codes a byte, the first in the high half."""
    pairs = torch.stack([codes >> 4, codes & 15], -1)
    return pairs.reshape(codes.shape[0], -1).int()


def storage_case_list():
    """Types that only store, from a generator of their own so that the cases before stay as they are."""
    random = torch.Generator().manual_seed(21)
    normal = torch.randn(2, 6, generator=random) * 3
    spread = torch.cat([normal.flatten(), torch.tensor([0.0, -0.0, 1e-6, 65504.0, -1e-3, 2.0**-24])]).reshape(3, 6)
    for dtype in (torch.float16, torch.bfloat16):
        name = NAMES[dtype]
        stored = spread.to(dtype)
        yield f"cast from {name}", {"kind": "cast", "to": "float32"}, [stored], lambda x: x.float()
        yield f"cast to {name}", {"kind": "cast", "to": name}, [spread], lambda x, t=dtype: x.detach().to(t)
        yield f"gather of {name}", {"kind": "gather"}, [stored, torch.tensor([2, 0, 2], dtype=torch.int32)], lambda x, ids: x[ids.long()]
        yield f"slice of {name}", {"kind": "slice", "axis": 0, "start": 1, "size": 2}, [stored], lambda x: x[1:3]
        yield f"reshape of {name}", {"kind": "reshape", "shape": [2, 9]}, [stored], lambda x: x.reshape(2, 9)
    for dtype, least, most in ((torch.uint8, 0, 256), (torch.int8, -128, 128)):
        name = NAMES[dtype]
        stored = torch.randint(least, most, (3, 8), generator=random).to(dtype)
        stored[0, :2] = torch.tensor([least, most - 1]).to(dtype)
        for to in (torch.float32, torch.int32):
            yield f"cast from {name} to {NAMES[to]}", {"kind": "cast", "to": NAMES[to]}, [stored], lambda x, t=to: x.to(t)
            yield f"cast to {name} from {NAMES[to]}", {"kind": "cast", "to": name}, [stored.to(to)], lambda x, t=dtype: x.detach().to(t)
        yield f"gather of {name}", {"kind": "gather"}, [stored, torch.tensor([2, 0], dtype=torch.int32)], lambda x, ids: x[ids.long()]
        yield f"slice of {name}", {"kind": "slice", "axis": 1, "start": 2, "size": 3}, [stored], lambda x: x[:, 2:5]
        yield f"reshape of {name}", {"kind": "reshape", "shape": [4, 6]}, [stored], lambda x: x.reshape(4, 6)
    scales = torch.rand(3, generator=random) + 0.5
    codes = torch.randint(-128, 128, (3, 8), generator=random).to(torch.int8)
    packed = torch.randint(0, 256, (3, 8), generator=random).to(torch.uint8)
    yield "dequantise int8", {"kind": "dequantise", "format": "int8"}, [codes, scales], lambda c, s: c.float() * s.detach()[:, None]
    yield "dequantise int4", {"kind": "dequantise", "format": "int4"}, [packed, scales], lambda c, s: (halves(c) - 8).float() * s.detach()[:, None]
    yield "dequantise nf4", {"kind": "dequantise", "format": "nf4"}, [packed, scales], lambda c, s: NORMAL_FLOAT[halves(c).long()] * s.detach()[:, None]
    first, gate = torch.randn(2, 3, generator=random), torch.randn(2, generator=random)
    yield "after", {"kind": "after"}, [first, gate], lambda x, g: x.detach() * 1
    yield "after of uint8", {"kind": "after"}, [packed, gate], lambda x, g: x
    yield "after of bfloat16", {"kind": "after"}, [first.bfloat16(), gate], lambda x, g: x


def plain(x):
    dtype = NAMES[x.dtype]
    if x.dtype in (torch.float16, torch.bfloat16):
        return {"dtype": dtype, "shape": list(x.shape), "data": (x.view(torch.int16).int() & 0xFFFF).flatten().tolist()}
    flat = x.detach().flatten()
    # Nine digits hold a float32 exactly.
    data = [float(f"{value:.9g}") for value in flat.tolist()] if dtype == "float32" else flat.int().tolist()
    return {"dtype": dtype, "shape": list(x.shape), "data": data}


def make_case(name, operation, inputs, function):
    inputs = [x.clone().requires_grad_() if x.dtype == torch.float32 else x for x in inputs]
    outputs = function(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    case = {"name": name, "operation": operation, "inputs": [plain(x) for x in inputs], "outputs": [plain(x) for x in outputs]}
    if outputs[0].requires_grad:
        weights = floats(*outputs[0].shape)
        (outputs[0] * weights).sum().backward()
        case["weights"] = plain(weights)
        case["gradients"] = [None if x.dtype != torch.float32 or x.grad is None else plain(x.grad) for x in inputs]
    return case


def make_curve():
    """A small classifier, 100 steps of plain gradient descent on one batch."""
    x, targets = floats(8, 5), integers(3, 8)
    weights = {"scale": torch.ones(5), "first": floats(5, 16, least=-0.5, most=0.5), "second": floats(16, 3, least=-0.5, most=0.5)}
    initial = {name: plain(value) for name, value in weights.items()}
    for value in weights.values():
        value.requires_grad_()
    losses = []
    for _ in range(100):
        hidden = F.gelu(norm(x, weights["scale"], 1e-5)[0] @ weights["first"])
        loss = F.cross_entropy(hidden @ weights["second"], targets.long())
        gradients = torch.autograd.grad(loss, list(weights.values()))
        with torch.no_grad():
            for value, gradient in zip(weights.values(), gradients):
                value -= 0.2 * gradient
        losses.append(loss.item())
    return {"x": plain(x), "targets": plain(targets), "weights": initial, "rate": 0.2, "losses": losses}


def main():
    cases = [make_case(*case) for case in case_list()]
    curve = make_curve()
    cases += [make_case(*case) for case in storage_case_list()]
    OUT.write_text(json.dumps({"cases": cases, "curve": curve}) + "\n")


main()
