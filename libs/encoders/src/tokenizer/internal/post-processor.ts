import * as z from '@espalier/core/zod';
import type { Component, ComponentReader } from './component.js';

/** Ids of a text, or of two, each with the sequence that it belongs to. */
export interface FramedIds {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

/** Puts special tokens around one text or two. */
export type PostProcessor = (
  sequences: readonly (readonly number[])[],
  addsSpecialTokens: boolean,
) => FramedIds;

const SUPPORTED = 'BertProcessing, ByteLevel, RobertaProcessing, Sequence or TemplateProcessing';
const pairSchema = z.tuple([z.string(), z.int().min(0)]);
const framedSchema = z.looseObject({ sep: pairSchema, cls: pairSchema });
const typeId = z.int().min(0).default(0);
const itemSchema = z.union([
  z.looseObject({ SpecialToken: z.looseObject({ id: z.string(), type_id: typeId }) }),
  z.looseObject({ Sequence: z.looseObject({ id: z.enum(['A', 'B']), type_id: typeId }) }),
]);
const templateSchema = z.looseObject({
  single: z.array(itemSchema),
  pair: z.array(itemSchema).default([]),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(z.int().min(0)) })),
});

interface Sequence {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}
type Step = (sequences: readonly Sequence[], addsSpecialTokens: boolean) => readonly Sequence[];

/** Reads the `post_processor` of a `tokenizer.json`. */
export function readPostProcessor(value: unknown, reader: ComponentReader): PostProcessor {
  const steps = reader
    .list(value, 'processors', 'post_processor')
    .map((component) => readStep(component, reader));
  return (sequences, addsSpecialTokens) => {
    let framed: readonly Sequence[] = sequences.map((ids, index) => typed(ids, index));
    for (const step of steps) framed = step(framed, addsSpecialTokens);
    return {
      ids: framed.flatMap(({ ids }) => ids),
      typeIds: framed.flatMap(({ typeIds }) => typeIds),
    };
  };
}

const typed = (ids: readonly number[], type: number): Sequence => ({
  ids,
  typeIds: new Array<number>(ids.length).fill(type),
});

function readStep(component: Component, reader: ComponentReader): Step {
  const place = `post_processor.${component.type}`;
  switch (component.type) {
    case 'ByteLevel':
      return (sequences) => sequences;
    case 'BertProcessing': {
      const { sep, cls } = reader.parse(framedSchema, component, place);
      return (sequences, addsSpecialTokens) =>
        addsSpecialTokens
          ? sequences.map(({ ids }, index) =>
              typed(index === 0 ? [cls[1], ...ids, sep[1]] : [...ids, sep[1]], index),
            )
          : sequences;
    }
    case 'RobertaProcessing': {
      const { sep, cls } = reader.parse(framedSchema, component, place);
      return (sequences, addsSpecialTokens) =>
        sequences.map(({ ids }, index) =>
          typed(addsSpecialTokens ? [index === 0 ? cls[1] : sep[1], ...ids, sep[1]] : ids, 0),
        );
    }
    case 'TemplateProcessing':
      return readTemplate(reader.parse(templateSchema, component, place), reader, place);
    default:
      throw reader.unsupported('a post-processor', component.type, SUPPORTED);
  }
}

function readTemplate(
  { single, pair, special_tokens: specials }: z.infer<typeof templateSchema>,
  reader: ComponentReader,
  place: string,
): Step {
  const compile = (items: z.infer<typeof itemSchema>[]): Step => {
    const parts = items.map((item) => {
      if ('Sequence' in item) {
        const { id, type_id: type } = item.Sequence as { id: 'A' | 'B'; type_id: number };
        return { sequence: id === 'A' ? 0 : 1, type, ids: [] };
      }
      const { id, type_id: type } = item.SpecialToken as { id: string; type_id: number };
      const ids = specials[id]?.ids;
      if (ids === undefined) throw reader.corrupt(`${place}: no ids of the special token ${id}`);
      return { sequence: undefined, type, ids };
    });
    return (sequences, addsSpecialTokens) =>
      parts.flatMap(({ sequence, type, ids }) => {
        if (sequence === undefined) return addsSpecialTokens ? [typed(ids, type)] : [];
        return [typed(sequences[sequence]?.ids ?? [], type)];
      });
  };
  const asSingle = compile(single);
  const asPair = compile(pair);
  return (sequences, adds) => (sequences.length === 1 ? asSingle : asPair)(sequences, adds);
}
