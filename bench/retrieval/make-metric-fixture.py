"""Writes a random run, judgements and what ir_measures (trec_eval) says of them, as the fixture of the metric tests.

    pip install ir_measures==0.4.3 && python bench/retrieval/make-metric-fixture.py
"""

import json
import pathlib
import random

import ir_measures
from ir_measures import AP, RR, R, nDCG

random.seed(7)
judgements, run = [], []
for query in range(12):
    passages = [f"d{n}" for n in range(60)]
    for passage in random.sample(passages, random.randint(1, 14)):
        judgements.append((f"q{query}", passage, random.choice([-1, 0, 1, 1, 2, 3])))
    # The last query finds nothing.
    if query < 11:
        for passage in random.sample(passages, random.randint(3, 50)):
            # Few different scores, so that some are equal.
            run.append((f"q{query}", passage, round(random.random() * 8) / 4))
# A query without a relevant passage.
judgements.append(("none", "d1", 0))
run.append(("none", "d1", 1.0))

measures = {
    "ndcg@10": nDCG @ 10, "mrr": RR, "map": AP,
    "recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10, "recall@20": R @ 20,
}
qrels = [ir_measures.Qrel(*row) for row in judgements]
scored = [ir_measures.ScoredDoc(*row) for row in run]
per_query = {}
for metric in ir_measures.iter_calc(list(measures.values()), qrels, scored):
    name = next(key for key, value in measures.items() if value == metric.measure)
    per_query.setdefault(metric.query_id, {})[name] = metric.value
per_query = {query: values for query, values in sorted(per_query.items()) if query != "none"}

target = pathlib.Path(__file__).parents[2] / "libs/rag/src/evaluation/__fixtures__/trec-eval.json"
document = {"source": f"ir_measures {ir_measures.__version__ if hasattr(ir_measures, '__version__') else ''}".strip(),
            "judgements": judgements, "run": run, "perQuery": per_query}
target.write_text(json.dumps(document) + "\n")
print(f"{len(per_query)} queries to {target}")
