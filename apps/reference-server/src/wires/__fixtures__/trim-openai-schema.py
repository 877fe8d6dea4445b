"""Writes openai-schema.json: the schemas of OpenAI's OpenAPI file that answers are checked against, without prose.

usage: xz -dc openapi.json.xz | python3 trim-openai-schema.py > openai-schema.json
"""

import json
import sys

ROOTS = [
    'CreateChatCompletionResponse',
    'CreateChatCompletionStreamResponse',
    'CreateEmbeddingResponse',
    'ListModelsResponse',
    'Model',
    'Response',
    'ResponseStreamEvent',
    'ErrorResponse',
    'FineTuningJob',
    'ListPaginatedFineTuningJobsResponse',
    'ListFineTuningJobEventsResponse',
    'ListFineTuningJobCheckpointsResponse',
    'OpenAIFile',
    'ListFilesResponse',
    'DeleteFileResponse',
]
PROSE = {'description', 'x-oaiMeta', 'example', 'examples', 'default', 'x-stainless-const', 'deprecated', 'discriminator'}
MAPS = {'properties', 'schemas'}


def trimmed(value, is_map=False):
    if isinstance(value, list):
        return [trimmed(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: trimmed(item, key in MAPS and not is_map)
        for key, item in value.items()
        if is_map or (key not in PROSE and not (key == 'title' and isinstance(item, str)) and not key.startswith('x-'))
    }


def refs(value):
    if isinstance(value, list):
        for item in value:
            yield from refs(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == '$ref':
                yield item.rsplit('/', 1)[-1]
            else:
                yield from refs(item)


schemas = json.load(sys.stdin)['components']['schemas']
kept = {}
todo = list(ROOTS)
while todo:
    name = todo.pop()
    if name not in kept:
        kept[name] = trimmed(schemas[name])
        todo.extend(refs(kept[name]))
json.dump({'components': {'schemas': dict(sorted(kept.items()))}}, sys.stdout, separators=(',', ':'))
