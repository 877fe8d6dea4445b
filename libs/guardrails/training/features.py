"""The features of the fast tier: hashed character and word n-grams, exactly as `feature-hasher.ts` makes them."""
import os, re, unicodedata

import numpy as np

BUCKETS = 1 << 17
OFFSET, PRIME = 0x811C9DC5, 0x01000193
SIZES = (2, 3, 4, 5)
SHORTEST = 24
WORD = re.compile(r"[a-z0-9\u0080-\U0010ffff']+")
EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")


def emoji_names():
    """The table of `name-emoji.ts`."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "normalisation", "name-emoji.ts")
    lines = re.findall(r"""^  (['"])(.*)\1,$""", open(path, encoding="utf8").read(), re.M)
    return {entry[0]: entry[1:] for entry in "".join(line for _, line in lines).split("|") if entry}


NAMES = emoji_names()


def shown(text):
    """What a text shows, emoji by their names: what both tiers are given."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Me", "Mc", "Cf"))
    return EMOJI.sub(lambda match: f" {NAMES[match[0]]} " if match[0] in NAMES else match[0], plain)


def canonical(text):
    return re.sub(r"\s+", " ", shown(text).lower()).strip()


def sentences_of(text):
    """The sentences of a text as `text-sentences.ts` cuts them; none where there is but one."""
    found = []
    for part in re.split(r"(?<=[.!?])\s+|\n+", text):
        part = part.strip()
        if not part: continue
        if found and len(found[-1]) < SHORTEST: found[-1] += " " + part
        else: found.append(part)
    if len(found) > 1 and len(found[-1]) < SHORTEST: found[-2:] = [f"{found[-2]} {found[-1]}"]
    return found if len(found) > 1 else []


def mix(hashes):
    """Spreads the bits: the low ones of FNV-1a alone collide too often."""
    hashes = hashes ^ (hashes >> np.uint32(15))
    hashes = hashes * np.uint32(0x2C1B3C6D)
    return hashes ^ (hashes >> np.uint32(13))


def word_hash(word):
    value = OFFSET ^ 0x77
    for unit in np.frombuffer(word.encode("utf-16-le", "surrogatepass"), dtype=np.uint16).tolist():
        value = ((value ^ unit) * PRIME) & 0xFFFFFFFF
    return value


CACHE = {}


def features(text):
    """The buckets that a canonical text fills, each once."""
    units = np.frombuffer(f" {text} ".encode("utf-16-le", "surrogatepass"), dtype=np.uint16).astype(np.uint32)
    found = []
    with np.errstate(over="ignore"):
        running = np.full(len(units), OFFSET, np.uint32)
        for size in range(1, max(SIZES) + 1):
            if len(units) < size: break
            count = len(units) - size + 1
            running = (running[:count] ^ units[size - 1:]) * np.uint32(PRIME)
            if size in SIZES: found.append(running.copy())
        words = []
        for word in WORD.findall(text):
            value = CACHE.get(word)
            if value is None: value = CACHE[word] = word_hash(word)
            words.append(value)
        if words:
            single = np.array(words, np.uint32)
            found.append(single)
            if len(words) > 1:
                found.append((single[:-1] * np.uint32(31)) ^ single[1:])
            if len(words) > 2:
                found.append(((single[:-2] * np.uint32(31)) ^ single[1:-1]) * np.uint32(31) ^ single[2:])
        hashes = np.concatenate(found) if found else np.zeros(0, np.uint32)
        return np.unique(mix(hashes) & np.uint32(BUCKETS - 1))
