import type { ModelStreamPart } from '@espalier/core';

/**
 * Returns what is wrong with the order of a model's stream parts, one sentence each; empty when it is right.
 *
 * The rules are those of `ModelStreamPart`: `stream-start` first, blocks opened once, written while open and closed,
 * each tool call after the end of its input, `finish` last and once.
 */
export function streamGrammarProblems(parts: readonly ModelStreamPart[]): readonly string[] {
  const problems: string[] = [];
  const open = new Set<string>();
  const everOpened = new Set<string>();
  if (parts[0]?.type !== 'stream-start') problems.push('The first part is not stream-start.');
  if (parts.at(-1)?.type !== 'finish') problems.push('The last part is not finish.');

  const start = (key: string): void => {
    if (everOpened.has(key)) problems.push(`${key} is opened twice.`);
    everOpened.add(key);
    open.add(key);
  };
  const write = (key: string): void => {
    if (!open.has(key)) problems.push(`${key} is written while it is not open.`);
  };
  const end = (key: string): void => {
    if (!open.delete(key)) problems.push(`${key} is closed while it is not open.`);
  };

  parts.forEach((part, index) => {
    switch (part.type) {
      case 'stream-start':
        if (index > 0) problems.push(`stream-start stands at position ${index}.`);
        break;
      case 'finish':
        if (index < parts.length - 1)
          problems.push(`finish stands at position ${index}, before the end.`);
        break;
      case 'text-start':
      case 'reasoning-start':
      case 'tool-input-start':
        start(`${blockOf(part.type)} ${part.id}`);
        break;
      case 'text-delta':
      case 'reasoning-delta':
      case 'tool-input-delta':
        write(`${blockOf(part.type)} ${part.id}`);
        break;
      case 'text-end':
      case 'reasoning-end':
      case 'tool-input-end':
        end(`${blockOf(part.type)} ${part.id}`);
        break;
      case 'tool-call': {
        const key = `tool-input ${part.toolCallId}`;
        if (open.has(key)) problems.push(`The call of ${key} comes before the end of its input.`);
        break;
      }
      case 'response-metadata':
      case 'citation':
        break;
    }
  });
  for (const key of open) problems.push(`${key} is never closed.`);
  return problems;
}

function blockOf(type: string): string {
  return type.replace(/-(?:start|delta|end)$/u, '');
}
