"""Typing errors and spelling variants that the training sees."""

LEET = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "$5", "t": "7", "l": "1", "b": "8", "g": "9"}
NEIGHBOURS = {"a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl", "l": "k",
              "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x"}


def typo(word, rng):
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0: return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind == 1: return word[:at] + word[at + 1:]
    if kind == 2: return word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at:]
    return word[:at] + rng.choice(NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1:]


def leet(word, rng):
    return "".join(rng.choice(LEET[c.lower()]) if c.lower() in LEET and rng.random() < .5 else c for c in word)


def augment(text, rng):
    """The text with some words misspelt, or in another case."""
    kind = rng.random()
    words = text.split(" ")
    if kind < .6:
        share = rng.choice([.1, .2, .35])
        return " ".join(typo(w, rng) if rng.random() < share else w for w in words)
    if kind < .8:
        return " ".join(leet(w, rng) if rng.random() < .4 else w for w in words)
    if kind < .9:
        return text.replace(".", "").replace(",", "")
    return " ".join(w + w[-1] * 2 if w[-1:].isalpha() and rng.random() < .2 else w for w in words)
