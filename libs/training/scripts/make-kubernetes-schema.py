"""Makes src/__fixtures__/kubernetes/schema.json: Kubernetes' schemas of Job and ConfigMap, as deep as our manifests go.

Run: python libs/training/scripts/make-kubernetes-schema.py (needs `pip install kubernetes-validate`, which holds the schemas
that the Kubernetes project publishes; Apache-2.0)
"""

import json
from pathlib import Path

import kubernetes_validate

VERSION = "v1.37.0"
SOURCE = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"{VERSION}-local-strict"
OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "kubernetes"
# Below these everything is kept; of what else an object may have, the name.
FOLLOWED = {
    "metadata", "spec", "template", "containers", "volumes", "volumeMounts", "resources", "limits", "env", "configMap", "items",
    "persistentVolumeClaim", "labels", "command", "data",
}
KEPT = ("type", "enum", "required", "additionalProperties")


def resolve(schema):
    if "$ref" in schema:
        name, _, path = schema["$ref"].partition("#/")
        name = name.rsplit("/", 1)[-1]
        schema = json.loads((SOURCE / (name or "_definitions.json")).read_text())
        for part in path.split("/") if path else []:
            schema = schema[part]
        return resolve(schema)
    return schema


def pruned(schema):
    schema = resolve(schema)
    out = {key: schema[key] for key in KEPT if key in schema}
    if isinstance(out.get("additionalProperties"), dict):
        out["additionalProperties"] = pruned(out["additionalProperties"])
    if "oneOf" in schema:
        out["oneOf"] = [pruned(part) for part in schema["oneOf"]]
    if "items" in schema:
        out["items"] = pruned(schema["items"])
    if "properties" in schema:
        out["properties"] = {
            name: pruned(part) if name in FOLLOWED else leaf(part) for name, part in schema["properties"].items()}
    return out


def leaf(schema):
    schema = resolve(schema)
    return {"type": schema["type"], **({"enum": schema["enum"]} if "enum" in schema else {})} if "type" in schema else {}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    schemas = {kind: pruned({"$ref": file}) for kind, file in (("Job", "job-batch-v1.json"), ("ConfigMap", "configmap-v1.json"))}
    (OUT / "schema.json").write_text(json.dumps({"version": VERSION, **schemas}))
    (OUT / "NOTICE.md").write_text(
        f"`schema.json` is cut from the API schemas of Kubernetes {VERSION} (Apache-2.0, https://github.com/kubernetes/kubernetes).\n")


main()
