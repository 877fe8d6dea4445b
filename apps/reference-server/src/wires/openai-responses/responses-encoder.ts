import type { ModelStreamPart } from '@espalier/core';
import { argumentsText } from '../answer/arguments-text.js';
import { openaiError } from '../openai-error.js';
import type { AnswerLabel, StreamEncoder } from '../wire.js';
import {
  fileCitation,
  outputText,
  responseObject,
  responsesStatus,
  responsesUsage,
} from './responses-response.js';
import type { ResponsesRequest } from './responses-schema.js';

interface MessageItem {
  readonly kind: 'message';
  readonly id: string;
  readonly index: number;
  text: string;
  readonly annotations: object[];
}

interface ReasoningItem {
  readonly kind: 'reasoning';
  readonly id: string;
  readonly index: number;
  text: string;
}

interface CallItem {
  readonly id: string;
  readonly index: number;
  readonly callId: string;
  readonly name: string;
  json: string;
}

/** Writes an answer as the events of the responses stream; `sequence_number` counts from 0. */
export function createResponsesEncoder(label: AnswerLabel, body: ResponsesRequest): StreamEncoder {
  let sequence = 0;
  let itemCount = 0;
  const output: object[] = [];
  const calls = new Map<string, CallItem>();
  let open: MessageItem | ReasoningItem | undefined;

  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const snapshot = (status: string): object =>
    responseObject(label, body, { status, output: [], usage: null });
  const added = (index: number, item: object): string =>
    event('response.output_item.added', { output_index: index, item });
  const done = (index: number, item: object): string => {
    output[index] = item;
    return event('response.output_item.done', { output_index: index, item });
  };
  const placeOf = (item: { id: string; index: number }): object => ({
    item_id: item.id,
    output_index: item.index,
    content_index: 0,
  });

  const close = (status: 'completed' | 'incomplete'): string => {
    if (open === undefined) return '';
    const item = open;
    open = undefined;
    if (item.kind === 'reasoning') {
      const part = { type: 'reasoning_text', text: item.text };
      return (
        event('response.reasoning_text.done', { ...placeOf(item), text: item.text }) +
        event('response.content_part.done', { ...placeOf(item), part }) +
        done(item.index, { id: item.id, type: 'reasoning', summary: [], content: [part] })
      );
    }
    const part = outputText(item.text, item.annotations);
    return (
      event('response.output_text.done', { ...placeOf(item), text: item.text, logprobs: [] }) +
      event('response.content_part.done', { ...placeOf(item), part }) +
      done(item.index, { id: item.id, type: 'message', role: 'assistant', status, content: [part] })
    );
  };
  const message = (): { item: MessageItem; text: string } => {
    if (open?.kind === 'message') return { item: open, text: '' };
    const closed = close('completed');
    const item: MessageItem = {
      kind: 'message',
      id: label.newId('msg'),
      index: itemCount++,
      text: '',
      annotations: [],
    };
    open = item;
    const base = {
      id: item.id,
      type: 'message',
      role: 'assistant',
      status: 'in_progress',
      content: [],
    };
    return {
      item,
      text:
        closed +
        added(item.index, base) +
        event('response.content_part.added', { ...placeOf(item), part: outputText('', []) }),
    };
  };
  const reasoning = (): { item: ReasoningItem; text: string } => {
    if (open?.kind === 'reasoning') return { item: open, text: '' };
    const closed = close('completed');
    const item: ReasoningItem = {
      kind: 'reasoning',
      id: label.newId('rs'),
      index: itemCount++,
      text: '',
    };
    open = item;
    return {
      item,
      text:
        closed +
        added(item.index, { id: item.id, type: 'reasoning', summary: [], content: [] }) +
        event('response.content_part.added', {
          ...placeOf(item),
          part: { type: 'reasoning_text', text: '' },
        }),
    };
  };
  const callItem = (call: CallItem, status: string): object => ({
    id: call.id,
    type: 'function_call',
    call_id: call.callId,
    name: call.name,
    arguments: call.json,
    status,
  });
  const openCall = (callId: string, name: string): { call: CallItem; text: string } => {
    const existing = calls.get(callId);
    if (existing !== undefined) return { call: existing, text: '' };
    const closed = close('completed');
    const call: CallItem = { id: label.newId('fc'), index: itemCount++, callId, name, json: '' };
    calls.set(callId, call);
    return { call, text: closed + added(call.index, callItem(call, 'in_progress')) };
  };
  const callDelta = (call: CallItem, delta: string): string => {
    call.json += delta;
    return event('response.function_call_arguments.delta', {
      item_id: call.id,
      output_index: call.index,
      delta,
    });
  };

  const encode = (part: ModelStreamPart): string => {
    switch (part.type) {
      case 'text-delta': {
        if (part.text === '') return '';
        const { item, text } = message();
        item.text += part.text;
        return (
          text +
          event('response.output_text.delta', { ...placeOf(item), delta: part.text, logprobs: [] })
        );
      }
      case 'citation': {
        const { item, text } = message();
        const annotation = fileCitation(part.citation, item.text.length);
        item.annotations.push(annotation);
        const place = { ...placeOf(item), annotation_index: item.annotations.length - 1 };
        return text + event('response.output_text.annotation.added', { ...place, annotation });
      }
      case 'reasoning-delta': {
        if (part.text === '') return '';
        const { item, text } = reasoning();
        item.text += part.text;
        return (
          text + event('response.reasoning_text.delta', { ...placeOf(item), delta: part.text })
        );
      }
      case 'tool-input-start':
        return openCall(part.id, part.toolName).text;
      case 'tool-input-delta': {
        const call = calls.get(part.id);
        return call === undefined || part.delta === '' ? '' : callDelta(call, part.delta);
      }
      case 'tool-call': {
        const { call, text } = openCall(part.toolCallId, part.toolName);
        const json = argumentsText(part);
        const delta = call.json === '' ? callDelta(call, json) : '';
        const end = event('response.function_call_arguments.done', {
          item_id: call.id,
          output_index: call.index,
          name: call.name,
          arguments: call.json,
        });
        return text + delta + end + done(call.index, callItem(call, 'completed'));
      }
      case 'finish': {
        const { status, incomplete_details } = responsesStatus(part.finishReason);
        const closed = close(status);
        const response = responseObject(label, body, {
          status,
          incomplete_details,
          output: output.filter((item) => item !== undefined),
          usage: responsesUsage(part.usage),
          completedAtMs: label.createdAtMs,
        });
        return closed + event(`response.${status}`, { response });
      }
      case 'stream-start':
      case 'response-metadata':
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'tool-input-end':
        return '';
    }
  };
  return {
    open: () =>
      event('response.created', { response: snapshot('in_progress') }) +
      event('response.in_progress', { response: snapshot('in_progress') }),
    encode,
    fail: (error) => {
      const { message: text, code, param } = openaiError(error).error;
      return event('error', { code, message: text, param });
    },
  };
}
