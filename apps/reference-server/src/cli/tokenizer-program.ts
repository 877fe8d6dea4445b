import type { Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { ChatTemplateOptions } from './commands/chat-template.js';
import type { TokenizeOptions } from './commands/tokenize.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds the commands that turn text into what a model reads; they need no server. */
export function addTokenizer(program: Command, run: Run, context: CliContext): void {
  program
    .command('tokenize')
    .description('show the token ids of texts, or the texts of ids; needs no server')
    .requiredOption('--model <folder>', 'model folder with a tokenizer.json')
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
