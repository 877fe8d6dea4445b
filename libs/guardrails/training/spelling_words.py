"""The words that the fast tier sets typing errors right to, and those that it leaves alone, from the training rows.

`words.txt`: words by falling number of the rows that hold them, from `FREQUENT` rows on; an empty line; the rarer ones.
"""
import re
from collections import Counter

# A word of the data without digits, signs or letters of other scripts around it.
WORD = re.compile(r"(?<![a-z0-9'_\u0080-\uffff])[a-z]{3,20}(?![a-z0-9'_\u0080-\uffff])")
FREQUENT, KNOWN = 5, 2


def spelling_words(rows):
    counts = Counter(word for row in rows if row["split"] == "train" for word in sorted(set(WORD.findall(row["text"].lower()))))
    ordered = sorted((word for word in counts if counts[word] >= KNOWN), key=lambda word: (-counts[word], word))
    return [word for word in ordered if counts[word] >= FREQUENT], [word for word in ordered if counts[word] < FREQUENT]


def write_words(rows, path):
    targets, known = spelling_words(rows)
    with open(path, "w", encoding="ascii", newline="\n") as file: file.write("\n".join([*targets, "", *sorted(known)]) + "\n")
