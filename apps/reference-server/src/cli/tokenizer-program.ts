import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { ChatTemplateOptions } from './commands/chat-template.js';
import type { TokenizeOptions } from './commands/tokenize.js';
import type { TokenizeTrainOptions } from './commands/tokenize-train.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds the commands that turn text into what a model reads; they need no server. */
export function addTokenizer(program: Command, run: Run, context: CliContext): void {
  const tokenize = program
    .command('tokenize')
    .description('show the token ids of texts, or the texts of ids; needs no server')
    .option('--model <folder>', 'model folder with a tokenizer.json (required)')
    .option('--text <text>', 'one text')
    .option('--file <file>', 'rows, one JSON object a line: text, text_pair, … or ids')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      `
Each line of --file gives one line, in order:
  {"text": "…", "text_pair"?: "…", "add_special_tokens"?: true}   → {"ids": […], "type_ids": […]}
  {"ids": […], "skip_special_tokens"?: false}                     → {"text": "…"}

Examples:
  $ espalier tokenize --model ./model --text "How do I rotate a key?"
  $ espalier tokenize --model ./model --file rows.jsonl --json`,
    )
    .action(
      run<TokenizeOptions>(async (options) =>
        (await import('./commands/tokenize.js')).tokenize(options, context),
      ),
    );

  tokenize
    .command('train')
    .description('learn a tokenizer (byte-pair encoding) from text; needs no server')
    .argument('<files...>', 'text files, or .jsonl files with a field text')
    .addOption(
      new Option('--vocab-size <n>', 'number of tokens').argParser(Number).makeOptionMandatory(),
    )
    .addOption(
      new Option('--kind <kind>', 'byte-level: any text, as GPT-2; plain: words on characters')
        .choices(['byte-level', 'plain'])
        .default('byte-level'),
    )
    .addOption(
      new Option('--min-frequency <n>', 'pairs that stand less often are not merged')
        .argParser(Number)
        .default(2),
    )
    .option(
      '--special <tokens...>',
      'tokens that come first; <s>, </s> and <|endoftext|> get roles',
    )
    .option('--unk <token>', 'one of them, for unknown characters (plain)')
    .option('--chat-template <file>', 'Jinja template of conversations, kept beside the tokenizer')
    .requiredOption('--out <folder>', 'where tokenizer.json and tokenizer_config.json go')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ espalier tokenize train corpus.txt --vocab-size 8000 --special "<s>" "</s>" --out ./tokenizer`,
    )
    .action(
      run<TokenizeTrainOptions>(async (options, files: readonly string[]) =>
        (await import('./commands/tokenize-train.js')).tokenizeTrain(files, options, context),
      ),
    );

  program
    .command('chat-template')
    .description('write conversations as the text that a model was trained on; needs no server')
    .requiredOption(
      '--model <folder>',
      'model folder with a chat_template.jinja or tokenizer_config.json',
    )
    .requiredOption('--file <file>', 'conversations, one JSON object a line: messages, tools, …')
    .option('--json', 'print one JSON object a line instead of text')
    .addHelpText(
      'after',
      `
Each line of --file gives one line, in order:
  {"messages": […], "tools"?: […], "add_generation_prompt"?: true, "any variable of the template"?: …}
    → {"text": "…"}, or {"error": "…"} where the template refuses the conversation

Examples:
  $ espalier chat-template --model ./model --file chats.jsonl --json`,
    )
    .action(
      run<ChatTemplateOptions>(async (options) =>
        (await import('./commands/chat-template.js')).chatTemplate(options, context),
      ),
    );
}
