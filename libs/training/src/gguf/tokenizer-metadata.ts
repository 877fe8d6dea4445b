import { ModelConfigError } from '../errors.js';
import { text, uint32, type GgufValue } from './gguf-value.js';
import { mergeText, type TokenizerFiles, type TokenizerJson } from './read-tokenizer-files.js';
import { preTokenizerName } from './pre-tokenizer-name.js';

/** Kinds of tokens, by their numbers in the file. */
const KIND = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const BYTE = /^<0x[0-9A-F]{2}>$/u;

/** What the file says of a tokeniser, and what llama.cpp does otherwise than it. */
export interface TokenizerMetadata {
  readonly entries: readonly (readonly [string, GgufValue])[];
  readonly warnings: readonly string[];
}

/**
 * The tokeniser's part of the metadata: BPE on bytes (`gpt2`), SentencePiece's BPE (`llama`) and Unigram (`t5`), and
 * nameless tokens for other kinds or where there is none: such a file is used with token ids only.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: the tokeniser has ids outside the model's vocabulary.
 */
export function tokenizerMetadata(
  files: TokenizerFiles,
  vocabularySize: number,
): TokenizerMetadata {
  const { file, json } = files;
  if (json === undefined) return placeholder(files, vocabularySize, 'there is no tokenizer.json');
  const ids = tokenIds(json);
  const highest = Math.max(-1, ...ids.values());
  if (highest >= vocabularySize)
    throw new ModelConfigError({
      file,
      field: 'vocab_size',
      found: vocabularySize,
      expected: `above ${highest}, the highest id of the tokenizer`,
    });
  const kind = tokenizerKind(json);
  if (kind === 'none')
    return placeholder(
      files,
      vocabularySize,
      `llama.cpp has no tokenizer of the kind ${json.model.type ?? 'unknown'}`,
    );
  const tokens = namelessTokens(vocabularySize);
  for (const [token, id] of ids) tokens[id] = token;
  const details =
    kind === 'gpt2' ? byteLevelEntries(json) : sentencePieceEntries(json, kind, tokens);
  return {
    entries: [
      ['tokenizer.ggml.model', text(kind)],
      ...details.entries,
      ['tokenizer.ggml.tokens', { type: 'strings', value: tokens }],
      ['tokenizer.ggml.token_type', { type: 'int32s', value: tokenKinds(json, ids, tokens) }],
      ...specialEntries(files, ids, vocabularySize),
      ...templateEntries(files.chatTemplates),
    ],
    warnings: details.warnings,
  };
}

/** Tokens that no text has; llama.cpp stops at a file with none at all. */
function placeholder(
  files: TokenizerFiles,
  vocabularySize: number,
  reason: string,
): TokenizerMetadata {
  const tokens = namelessTokens(vocabularySize);
  return {
    entries: [
      ['tokenizer.ggml.model', text('gpt2')],
      ['tokenizer.ggml.pre', text('default')],
      ['tokenizer.ggml.merges', { type: 'strings', value: [] }],
      ['tokenizer.ggml.tokens', { type: 'strings', value: tokens }],
      ['tokenizer.ggml.token_type', { type: 'int32s', value: tokens.map(() => KIND.unused) }],
      ...specialEntries(files, new Map(), vocabularySize),
    ],
    warnings: [`${reason}: the file takes token ids only`],
  };
}

function namelessTokens(vocabularySize: number): string[] {
  return Array.from({ length: vocabularySize }, (_, id) => `[PAD${id}]`);
}

function tokenIds(json: TokenizerJson): Map<string, number> {
  const { vocab } = json.model;
  const entries: (readonly [string, number])[] = Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id] as const)
    : Object.entries(vocab);
  return new Map([
    ...entries,
    ...json.added_tokens.map(({ content, id }) => [content, id] as const),
  ]);
}

function tokenizerKind({ model, pre_tokenizer, decoder }: TokenizerJson) {
  if (Array.isArray(model.vocab)) return 't5';
  if (model.merges === undefined) return 'none';
  const parts = JSON.stringify([pre_tokenizer, decoder]);
  if (parts.includes('"ByteLevel"')) return 'gpt2';
  return model.byte_fallback === true || parts.includes('"Metaspace"') ? 'llama' : 'gpt2';
}

function byteLevelEntries(json: TokenizerJson) {
  const pre = preTokenizerName(json.pre_tokenizer);
  const merges = (json.model.merges ?? []).map(mergeText);
  return {
    entries: [
      ['tokenizer.ggml.pre', text(pre ?? 'default')],
      ['tokenizer.ggml.merges', { type: 'strings', value: merges }],
    ] as [string, GgufValue][],
    warnings:
      pre === undefined
        ? ['llama.cpp does not know how this tokenizer splits text: it may give other tokens']
        : [],
  };
}

function sentencePieceEntries(
  json: TokenizerJson,
  kind: 'llama' | 't5',
  tokens: readonly string[],
) {
  const { vocab } = json.model;
  const scores = new Float32Array(tokens.length).fill(kind === 'llama' ? -1e6 : -100);
  if (Array.isArray(vocab)) for (const [id, [, score]] of vocab.entries()) scores[id] = score;
  else {
    // SentencePiece joins what has the best score; of the ways to make a token the earliest merge counts.
    const merges = json.model.merges ?? [];
    for (let rank = merges.length - 1; rank >= 0; rank--) {
      const id = vocab[mergeText(merges[rank] ?? '').replace(' ', '')];
      if (id !== undefined) scores[id] = -rank;
    }
  }
  const normalizer = JSON.stringify(json.normalizer);
  const hasPrefix =
    normalizer.includes('"Prepend"') ||
    /"prepend_scheme":"(?:first|always)"|"add_prefix_space":true/u.test(
      JSON.stringify(json.pre_tokenizer),
    );
  const charsmap = /"precompiled_charsmap":"([^"]+)"/u.exec(normalizer)?.[1];
  const entries: [string, GgufValue][] = [
    ['tokenizer.ggml.pre', text('default')],
    ['tokenizer.ggml.scores', { type: 'float32s', value: [...scores] }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: hasPrefix }],
  ];
  if (kind === 't5') {
    const removes = /"Strip"| \{2,\}/u.test(normalizer);
    entries.push(['tokenizer.ggml.remove_extra_whitespaces', { type: 'bool', value: removes }]);
    if (charsmap !== undefined)
      entries.push([
        'tokenizer.ggml.precompiled_charsmap',
        { type: 'bytes', value: Uint8Array.from(Buffer.from(charsmap, 'base64')) },
      ]);
  }
  return { entries, warnings: [] };
}

function tokenKinds(
  json: TokenizerJson,
  ids: ReadonlyMap<string, number>,
  tokens: readonly string[],
): number[] {
  const used = new Set(ids.values());
  const unknown = unknownToken(json);
  const added = new Map(json.added_tokens.map(({ id, special }) => [id, special]));
  return tokens.map((token, id) => {
    if (!used.has(id)) return KIND.unused;
    if (token === unknown) return KIND.unknown;
    const isSpecial = added.get(id);
    if (isSpecial !== undefined) return isSpecial ? KIND.control : KIND.userDefined;
    return json.model.byte_fallback === true && BYTE.test(token) ? KIND.byte : KIND.normal;
  });
}

function unknownToken({ model }: TokenizerJson): string | undefined {
  if (Array.isArray(model.vocab)) return model.vocab[model.unk_id ?? -1]?.[0];
  return model.unk_token ?? undefined;
}

function specialEntries(
  files: TokenizerFiles,
  ids: ReadonlyMap<string, number>,
  vocabularySize: number,
): [string, GgufValue][] {
  const entries: [string, GgufValue][] = [];
  const found = new Map<string, number>();
  for (const name of ['bos', 'eos', 'unk', 'pad'] as const) {
    const [configured] = files.configuredIds[name] ?? [];
    const id = ids.get(files.specialTokens[name] ?? '') ?? configured;
    if (id === undefined || id >= vocabularySize) continue;
    found.set(name, id);
    entries.push([
      `tokenizer.ggml.${{ bos: 'bos', eos: 'eos', unk: 'unknown', pad: 'padding' }[name]}_token_id`,
      uint32(id),
    ]);
  }
  const turnEnd = files.configuredIds.eos?.find((id) => id !== found.get('eos'));
  if (turnEnd !== undefined) entries.push(['tokenizer.ggml.eot_token_id', uint32(turnEnd)]);
  const { frame } = files;
  const frames = (at: number | undefined, name: string): GgufValue => ({
    type: 'bool',
    value: at !== undefined && at === found.get(name),
  });
  entries.push(
    ['tokenizer.ggml.add_bos_token', frames(frame.before[0], 'bos')],
    ['tokenizer.ggml.add_eos_token', frames(frame.after.at(-1), 'eos')],
  );
  return entries;
}

function templateEntries(templates: ReadonlyMap<string, string>): [string, GgufValue][] {
  const others = [...templates.keys()].filter((name) => name !== 'default');
  const entries = [...templates].map(([name, template]): [string, GgufValue] => [
    name === 'default' ? 'tokenizer.chat_template' : `tokenizer.chat_template.${name}`,
    text(template),
  ]);
  if (others.length > 0)
    entries.push(['tokenizer.chat_templates', { type: 'strings', value: others }]);
  return entries;
}
