"""Writes the dev rows of a task as labelled rows for `espalier eval guardrails` and `bench/guardrails/disguises.mjs`.

    python dev_rows.py --rows build/rows.jsonl --task moderation|injection --out dev.jsonl

Rows whose label is in doubt (.2 to .5) are left out; the order is that of a hash of the text, so that the first ones are a sample.
"""
import argparse, hashlib, json

HEADS_OF = {"moderation": ["harm"], "injection": ["direct", "indirect"]}


def main():
    parser = argparse.ArgumentParser()
    for name in ["rows", "out"]: parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--task", choices=sorted(HEADS_OF), required=True)
    options = parser.parse_args()
    found = []
    for at, line in enumerate(open(options.rows, encoding="utf8")):
        row = json.loads(line)
        values = [row["labels"][head] for head in HEADS_OF[options.task] if head in row["labels"]]
        if row["split"] != "dev" or not values or .2 <= max(values) <= .5: continue
        source = "document" if options.task == "injection" and "direct" not in row["labels"] else "user"
        found.append({"id": at, "text": row["text"], "label": int(max(values) > .5), "source": source})
    found.sort(key=lambda row: hashlib.md5(row["text"].encode("utf8", "surrogatepass")).hexdigest())
    with open(options.out, "w", encoding="utf8") as file: file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found)


if __name__ == "__main__":
    main()
