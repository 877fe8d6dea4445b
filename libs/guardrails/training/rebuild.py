"""Rebuilds the weights of the guard classifiers from the public sets.

    python rebuild.py --data ../../../../shared/data [--base ../../../../shared/models/minilm-l6-v2]
"""
import argparse, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "..", "..", "models")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True), parser.add_argument("--base"), parser.add_argument("--work", default=os.path.join(HERE, "build"))
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    run = lambda script, *words: subprocess.run([sys.executable, os.path.join(HERE, script), *words], check=True, env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"})
    rows = f"{work}/rows.jsonl"
    run("build_data.py", "--data", options.data, "--out", rows)
    run("train_fast.py", "--rows", rows, "--out", f"{work}/fast", "--scale", "0.75")
    encoder = []
    if options.base:
        run("train_encoder.py", "--rows", rows, "--base", options.base, "--out", f"{work}/encoder", "--scale", "0.85")
        encoder = ["--encoder", f"{work}/encoder", "--base", options.base, "--encoder-package", f"{MODELS}/guardrail-encoder/model"]
    run("export_models.py", "--rows", rows, "--fast", f"{work}/fast", "--fast-package", f"{MODELS}/guardrail-fast/model", *encoder)


if __name__ == "__main__":
    main()
