import type {
  AssistantPart,
  Guardrails,
  JsonValue,
  LanguageModel,
  LanguageModelCallOptions,
  ModelStreamPart,
} from '@espalier/core';
import { createGuardedTexts } from '../forward/guarded-texts.js';
import { upstreamClosed } from '../forward/upstream-fault.js';
import type { WholeAnswer } from '../wire.js';
import type { AnswerSource } from './answer-source.js';

/** Answers with a model; every text goes by the output rails, where there are any. */
export function createModelAnswer(
  model: LanguageModel,
  guardrails: Guardrails | undefined,
): AnswerSource {
  return {
    async generate(call) {
      const { content, finishReason, usage } = await model.doGenerate(call);
      if (guardrails === undefined) return { content, finishReason, usage };
      return guardContent(guardrails, { content, finishReason, usage });
    },
    stream: (call) =>
      guardrails === undefined ? plainStream(model, call) : guardedStream(model, guardrails, call),
  };
}

async function* plainStream(
  model: LanguageModel,
  call: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  const { stream } = await model.doStream(call);
  for await (const part of stream) {
    yield part;
    if (part.type === 'finish') return;
  }
  throw upstreamClosed();
}

const BLOCKED = { type: 'finish', finishReason: 'content-filter', usage: {} } as const;

async function* guardedStream(
  model: LanguageModel,
  guardrails: Guardrails,
  call: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  const texts = createGuardedTexts(guardrails);
  const guardsTools = guardrails.railsAt('tool-call').length > 0;
  const { stream } = await model.doStream(call);
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta': {
        const release = await texts.push(`${part.type}:${part.id}`, part.text);
        if (release.text !== '') yield { ...part, text: release.text };
        if (release.isBlocked) {
          yield BLOCKED;
          return;
        }
        break;
      }
      case 'text-end':
      case 'reasoning-end': {
        const type = part.type === 'text-end' ? 'text-delta' : 'reasoning-delta';
        const release = await texts.end(`${type}:${part.id}`);
        if (release !== undefined && release.text !== '')
          yield { type, id: part.id, text: release.text };
        if (release?.isBlocked === true) {
          yield BLOCKED;
          return;
        }
        yield part;
        break;
      }
      case 'tool-input-delta':
        // Arguments are shown whole, after the rails have seen them whole.
        if (!guardsTools) yield part;
        break;
      case 'tool-call': {
        const input = guardsTools ? await guardInputOf(guardrails, part) : part.input;
        if (input === undefined) {
          yield BLOCKED;
          return;
        }
        yield { ...part, input };
        break;
      }
      case 'finish': {
        for (const key of texts.openKeys()) {
          const [type = '', id = ''] = key.split(/:(.*)/su);
          const release = await texts.end(key);
          if (release === undefined) continue;
          if (release.text !== '') yield { type: type as 'text-delta', id, text: release.text };
          if (release.isBlocked) {
            yield { ...BLOCKED, usage: part.usage };
            return;
          }
        }
        yield part;
        return;
      }
      default:
        yield part;
    }
  }
  throw upstreamClosed();
}

async function guardContent(guardrails: Guardrails, answer: WholeAnswer): Promise<WholeAnswer> {
  const content: AssistantPart[] = [];
  for (const part of answer.content) {
    if (part.type === 'text' || part.type === 'reasoning') {
      const result = await guardrails.check({ point: 'output', text: part.text });
      if (result.isBlocked)
        return { content: [], finishReason: 'content-filter', usage: answer.usage };
      content.push({ ...part, text: result.text });
    } else if (part.type === 'tool-call') {
      const input = await guardInputOf(guardrails, part);
      if (input === undefined)
        return { content: [], finishReason: 'content-filter', usage: answer.usage };
      content.push({ ...part, input });
    } else {
      content.push(part);
    }
  }
  return { ...answer, content };
}

/** A tool call's arguments as the rails leave them; `undefined` when the call must not go on. */
async function guardInputOf(
  guardrails: Guardrails,
  call: { toolName: string; input: JsonValue },
): Promise<JsonValue | undefined> {
  if (guardrails.railsAt('tool-call').length === 0) return call.input;
  const text = JSON.stringify(call.input);
  const result = await guardrails.check({ point: 'tool-call', text, toolName: call.toolName });
  if (result.isBlocked) return undefined;
  if (result.text === text) return call.input;
  try {
    return JSON.parse(result.text) as JsonValue;
  } catch {
    return undefined;
  }
}
