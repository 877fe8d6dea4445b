"""Writes the reference fixtures of this package.

    pip install tokenizers==0.23.3 onnxruntime==1.32.0 numpy==2.4.6
    python scripts/make_reference_fixtures.py ../models/static-256/model ../models/minilm-l6/model src/__fixtures__

Tokens come from the `tokenizers` library, vectors from the formula of the model card (static) and from
`onnxruntime` on the same graph, one text a run (ONNX).
"""

import json
import random
import struct
import sys

import numpy
import onnxruntime
from tokenizers import Tokenizer

STATIC, ONNX, OUT = sys.argv[1:4]

TEXTS = [
    "",
    "   ",
    "Hello, world!",
    "How do I rotate an API key without downtime?",
    "na\u00efve caf\u00e9 r\u00e9sum\u00e9 \u00c5ngstr\u00f6m \u0130stanbul \ufb01 \ufb02u\u00df",
    "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u6f22\u5b57",
    "\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8",
    "\u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 \u0451\u043b\u043a\u0430",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 emoji \U0001f680\U0001f525",
    "[CLS] [SEP] [MASK] [PAD] [UNK] x[MASK]y [mask]",
    "\u0000\u0001\ufffd\u200b zero\u00adwidth\u2028sep\u3000ideo",
    "a" * 100,
    "a" * 101,
    "getHTTPResponseCode snake_case_name kebab-case $x=1; ```js\nfoo()```",
    "don't can't I'm we've .5 1,000.50 $3 50% #tag @user",
    "\ufdfa \u00bd \u00b2 \u2460 \u2163 \u2103 \uff46\uff55\uff4c\uff4c",
    "e\u0301 a\u0308 o\u0302\u0323 \u1ea0\u030a",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "\u0e44\u0e17\u0e22\u0e41\u0e25\u0e19\u0e14\u0e4c",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\U0001d4b3\U0001d4ce \U00020000\U00020001 \U0002a6a5 \ue000 \U0010ffff",
    "\t\n\r mixed\twhite\nspace\r\n",
    "\u00bfQu\u00e9? \u00a1S\u00ed! \u00abx\u00bb \u201ey\u201c \u2018z\u2019 \u2014 \u2013 \u2026",
    "\u0391\u03a3 \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2 \u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3",
    "\u01c5 \u0149 \u1e9e \u2126 \u212a \u212b",
    "^`~<>|=+$ symbols \u00a9\u00ae\u2122\u00b0\u00b1\u00d7\u00f7",
    "The quick brown fox jumps over the lazy dog. " * 30,
]


def random_texts(count):
    """Texts of characters that Unicode 8 knows, in which the library's tables end."""
    generator = random.Random(20260101)
    pool = [
        chr(code)
        for first, last in [(32, 0x250), (0x370, 0x400), (0x410, 0x460), (0x2010, 0x2060), (0x4E00, 0x4E40), (0xAC00, 0xAC20), (0x1F600, 0x1F620)]
        for code in range(first, last)
    ]
    return ["".join(generator.choice(pool) for _ in range(generator.randint(1, 40))) for _ in range(300)]


def plain_tokenizer(folder):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write(name, value):
    with open(f"{OUT}/{name}", "w", encoding="ascii") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


def static_vectors(texts):
    with open(f"{STATIC}/model.safetensors", "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    def tensor(name, dtype):
        start, end = header[name]["data_offsets"]
        return numpy.frombuffer(data[start:end], dtype=dtype).reshape(header[name]["shape"])
    rows, scales = tensor("embeddings", numpy.int8), tensor("scales", numpy.float32)
    tokenizer = plain_tokenizer(STATIC)
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        if not ids:
            yield [0.0] * rows.shape[1]
            continue
        mean = (rows[ids].astype(numpy.float64) * scales[ids, None]).mean(axis=0)
        yield (mean / numpy.linalg.norm(mean)).tolist()


def onnx_vectors(texts):
    session = onnxruntime.InferenceSession(f"{ONNX}/model.onnx", providers=["CPUExecutionProvider"])
    tokenizer = plain_tokenizer(ONNX)
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids[:254]
        framed = numpy.array([[101, *ids, 102]], dtype=numpy.int64)
        (vector,) = session.run(["sentence_embedding"], {"input_ids": framed, "attention_mask": numpy.ones_like(framed)})[0]
        yield vector.tolist()


def rounded(vectors):
    return [[round(value, 6) for value in vector] for vector in vectors]


all_texts = TEXTS + random_texts(300)
tokenizer = plain_tokenizer(STATIC)
write("bert-tokens.json", [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in all_texts])
embedded = [TEXTS[i] for i in (2, 3, 4, 5, 13, 26)]
write("static-vectors.json", {"texts": embedded, "vectors": rounded(static_vectors(embedded))})
write("onnx-vectors.json", {"texts": embedded, "vectors": rounded(onnx_vectors(embedded))})
