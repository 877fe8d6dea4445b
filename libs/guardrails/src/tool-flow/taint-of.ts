import type { JsonValue, Message } from '@espalier/core';
import { fitsNamePattern } from '../internal/name-pattern.js';
import type { ToolFlowRules } from './tool-flow-schema.js';

/** The label of passages that were retrieved or given. */
export const RETRIEVAL = 'retrieval';
/** The label of results of tools that are neither trusted nor in a source. */
export const TOOL = 'tool';

/** The labels of the untrusted texts of a conversation, each with its texts. */
export function untrustedTexts(
  rules: ToolFlowRules,
  messages: readonly Message[],
): ReadonlyMap<string, readonly string[]> {
  const byLabel = new Map<string, string[]>();
  const add = (label: string, text: string): void => {
    const texts = byLabel.get(label);
    if (texts === undefined) byLabel.set(label, [text]);
    else texts.push(text);
  };
  for (const message of messages) {
    if (message.role === 'user') {
      for (const part of message.content) {
        if (part.type === 'passage') add(RETRIEVAL, part.passage.text);
        if (part.type === 'file') add('file', '');
      }
    }
    if (message.role !== 'tool') continue;
    for (const { toolName, output } of message.content) {
      for (const label of labelsOf(rules, toolName)) {
        add(label, typeof output === 'string' ? output : JSON.stringify(output));
      }
    }
  }
  return byLabel;
}

function labelsOf(rules: ToolFlowRules, toolName: string): readonly string[] {
  const labels = Object.entries(rules.sources)
    .filter(([, tools]) => tools.some((pattern) => fitsNamePattern(toolName, pattern)))
    .map(([label]) => label);
  // The agent's own search gives passages.
  if (toolName === 'search_documents') labels.push(RETRIEVAL);
  if (labels.length > 0) return labels;
  return rules.trusted.some((pattern) => fitsNamePattern(toolName, pattern)) ? [] : [TOOL];
}

const SHARED = 12;

/** Whether an input repeats a text: a whole value of it, or twelve characters in a row. */
export function repeats(input: JsonValue, texts: readonly string[]): boolean {
  const known = texts.map((text) => text.toLowerCase());
  return leavesOf(input).some((leaf) => {
    const value = leaf.toLowerCase();
    if (value.length < 3) return false;
    return known.some((text) => {
      if (text.includes(value)) return true;
      for (let at = 0; at + SHARED <= value.length; at++) {
        if (text.includes(value.slice(at, at + SHARED))) return true;
      }
      return false;
    });
  });
}

function leavesOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return [];
}
