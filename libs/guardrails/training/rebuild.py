"""Rebuilds the weights of the guard classifiers from the public sets, exactly as they ship.

    python rebuild.py --data ../../../../shared/data [--base ../../../../shared/models/minilm-l6-v2]
"""
import argparse, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "..", "..", "models")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True), parser.add_argument("--base"), parser.add_argument("--work", default=os.path.join(HERE, "build"))
    parser.add_argument("--models", default=MODELS, help="where the two packages are")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    run = lambda script, *words: subprocess.run([sys.executable, os.path.join(HERE, script), *words], check=True, env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"})
    rows = f"{work}/rows.jsonl"
    run("build_data.py", "--data", options.data, "--out", rows)
    run("train_fast.py", "--rows", rows, "--out", f"{work}/fast")
    encoder = []
    if options.base:
        run("train_encoder.py", "--rows", rows, "--base", options.base, "--out", f"{work}/encoder")
        encoder = ["--encoder", f"{work}/encoder", "--base", options.base, "--encoder-package", f"{options.models}/guardrail-encoder/model"]
    run("export_models.py", "--rows", rows, "--data", options.data, "--fast", f"{work}/fast", "--fast-package", f"{options.models}/guardrail-fast/model", *encoder)


if __name__ == "__main__":
    main()
