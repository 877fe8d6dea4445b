import { EspalierError } from '@espalier/core';
import { Option, type Command } from 'commander';
import { BACKEND_NAMES } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import type { ModelPairsOptions } from './model-pairs.js';
import type { ModelConvertOptions, ModelGenerateOptions, ModelRunOptions } from './model-run.js';
import type { TrainCommandOptions } from './train-run.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const ids = (text: string): number[] => text.split(',').map(Number);

const number = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(Number);

const backend = (): Option =>
  new Option('--backend <name>', 'what computes (default: onnx where it loads, else js)').choices(
    BACKEND_NAMES,
  );

/** How the base was kept while its adapter was trained: the fields quantize… of the job's lora. */
function addBaseOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--base-quantize <kind>',
        'keep the linear layers of the base in few bits, as lora.quantize of the job does',
      ).choices(['int8', 'int4', 'nf4']),
    )
    .addOption(number('--base-block-size <n>', 'values that share a scale (default: 64)'))
    .option('--base-quantize-twice', 'keep the scales in eight bits too');
}

/** Adds `espalier model`; its commands need no server. */
export function addModel(program: Command, plainRun: Run, context: CliContext): void {
  const run = withErrorsTold(plainRun, context);
  const model = program
    .command('model')
    .description('run and convert model folders; needs no server');
  const load = () => import('./model-run.js');

  addBaseOptions(model.command('logits'))
    .description('scores of the next token after each position; the last states of an encoder')
    .requiredOption('--model <folder>', 'Hugging Face model folder')
    .option('--adapter <folder>', 'PEFT adapter on top of it')
    .addOption(new Option('--ids <list>', 'token ids with commas between them').argParser(ids))
    .option('--file <file>', 'rows, one JSON object a line: ids, type_ids')
    .addOption(backend())
    .option('--json', 'print JSON (the only form there is)')
    .addHelpText(
      'after',
      '\nPrints {"logits": [[one score for each token of the vocabulary] for each position]}; with --file one line a row.\n\nExamples:\n  $ espalier model logits --model ./llama --ids 1,2,3 --json\n  $ espalier model logits --model ./llama --adapter ./lora --file rows.jsonl --json',
    )
    .action(run<ModelRunOptions>(async (options) => (await load()).modelLogits(options, context)));

  model
    .command('embed')
    .description('one vector of an encoder for each row')
    .requiredOption('--model <folder>', 'Hugging Face model folder')
    .option('--adapter <folder>', 'PEFT adapter on top of it')
    .requiredOption('--file <file>', 'rows, one JSON object a line: text, or ids and type_ids')
    .addOption(
      new Option(
        '--pooling <kind>',
        'mean of all tokens, or the first (default: as the folder says, else mean)',
      ).choices(['mean', 'cls']),
    )
    .option('--normalize', 'divide each vector by its length')
    .addOption(backend())
    .option('--json', 'print JSON (the only form there is)')
    .addHelpText(
      'after',
      '\nPrints {"embedding": […]} a line, not normalised without --normalize. A long text loses its end.\n\nExamples:\n  $ espalier model embed --model ./bert --file rows.jsonl',
    )
    .action(run<ModelRunOptions>(async (options) => (await load()).modelEmbed(options, context)));

  model
    .command('classify')
    .description('the labels of each text, by a classifier that was trained here or elsewhere')
    .requiredOption('--model <folder>', 'Hugging Face model folder (BertForSequenceClassification)')
    .option('--adapter <folder>', 'PEFT adapter on top of it')
    .option('--text <text>', 'one text')
    .option('--file <file>', 'rows, one JSON object a line: text, and text_pair where it has two')
    .addOption(backend())
    .option('--json', 'print JSON (the only form there is)')
    .addHelpText(
      'after',
      '\nPrints {"label": "…", "scores": {label: probability}} a row; of models that give several labels {"labels": […], "scores": …}.\n\nExamples:\n  $ espalier model classify --model ./classifier --text "Where is my parcel?"\n  $ espalier model classify --model ./classifier --file rows.jsonl',
    )
    .action(
      run<ModelRunOptions>(async (options) => (await load()).modelClassify(options, context)),
    );

  model
    .command('score')
    .description('how well pairs of texts belong together, by a cross-encoder')
    .requiredOption('--model <folder>', 'Hugging Face model folder with one label')
    .option('--adapter <folder>', 'PEFT adapter on top of it')
    .requiredOption('--file <file>', 'rows, one JSON object a line: text_a, text_b')
    .addOption(backend())
    .option('--json', 'print JSON (the only form there is)')
    .addHelpText(
      'after',
      '\nPrints {"score": from 0 to 1, "logit": …} a line.\n\nExamples:\n  $ espalier model score --model ./reranker --file pairs.jsonl',
    )
    .action(run<ModelRunOptions>(async (options) => (await load()).modelScore(options, context)));

  addBaseOptions(model.command('generate'))
    .description('continue token ids with the likeliest ones, or with drawn ones')
    .requiredOption('--model <folder>', 'Hugging Face model folder')
    .option('--adapter <folder>', 'PEFT adapter on top of it')
    .addOption(new Option('--ids <list>', 'token ids with commas between them').argParser(ids))
    .option('--file <file>', 'rows, one JSON object a line: ids')
    .addOption(
      new Option('--max-tokens <n>', 'how many tokens to add').argParser(Number).default(32),
    )
    .addOption(
      new Option(
        '--stop-ids <list>',
        'ids that end the text (default: eos_token_id of the model)',
      ).argParser(ids),
    )
    .option('--ignore-eos', 'go on to --max-tokens, whatever comes')
    .addOption(
      new Option(
        '--logprobs [n]',
        'tell the log-probability of each token, and of the n likeliest',
      ).argParser(Number),
    )
    .addOption(number('--temperature <t>', 'draw tokens instead of the likeliest (default: 0)'))
    .addOption(number('--top-k <n>', 'draw among the likeliest n tokens'))
    .addOption(number('--top-p <share>', 'draw among the likeliest that have this share'))
    .addOption(number('--min-p <share>', 'leave out tokens below this share of the likeliest'))
    .addOption(number('--repetition-penalty <f>', 'above 1: repeat less'))
    .addOption(number('--frequency-penalty <n>', 'taken from a score for each time generated'))
    .addOption(number('--presence-penalty <n>', 'taken from a score once generated'))
    .addOption(number('--seed <n>', 'of what is drawn (default: 0)'))
    .addOption(backend())
    .option('--json', 'print JSON (the only form there is)')
    .addHelpText(
      'after',
      '\nPrints {"ids": […]}: those given and those added, the one that ended the text included; with --logprobs\n{"ids": […], "logprobs": [{"id", "logprob", "top": [{"id", "logprob"}]} for each one added]}: natural logarithms of what\nthe model itself gives, before any sampling option. With --file one line a row.\n\nExamples:\n  $ espalier model generate --model ./llama --ids 1,2,3 --max-tokens 20\n  $ espalier model generate --model ./llama --file rows.jsonl --max-tokens 20 --logprobs 5',
    )
    .action(
      run<ModelGenerateOptions>(async (options) => (await load()).modelGenerate(options, context)),
    );

  model
    .command('pairs')
    .description('make rows to adapt an encoder with, of documents that nobody has asked about yet')
    .requiredOption('--documents <folder>', 'Markdown and text files, folders inside it too')
    .requiredOption('--model <folder>', 'the encoder that is to be trained: its tokenizer counts')
    .requiredOption('--out <file>', 'where the rows go')
    .addOption(new Option('--tokens <n>', 'the longest passage').argParser(Number).default(200))
    .addOption(new Option('--held-out <share>', 'kept for evaluation').argParser(Number).default(0))
    .option('--held-out-file <file>', 'where those rows go')
    .addOption(new Option('--seed <n>', 'of what is held out').argParser(Number).default(0))
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      '\nA passage is asked for by the headings above it, a further one of the same section by its own first sentence, which is left out of it.\n\nExamples:\n  $ espalier model pairs --documents ./docs --model ./minilm --out train.jsonl --held-out 0.1 --held-out-file eval.jsonl',
    )
    .action(
      run<ModelPairsOptions>(async (options) =>
        (await import('./model-pairs.js')).modelPairs(options, context),
      ),
    );

  addBaseOptions(model.command('convert'))
    .description('write a model in another form, with its adapter merged in, or the adapter alone')
    .requiredOption('--from <folder>', 'Hugging Face model folder')
    .option('--adapter <folder>', 'PEFT adapter')
    .addOption(
      new Option('--to <form>', 'the model: safetensors, gguf, onnx; the adapter: peft, gguf-lora')
        .choices(['safetensors', 'gguf', 'gguf-lora', 'peft', 'onnx'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--quant <type>',
        'type of stored numbers; q8_0 and q4_k for gguf, int8 for onnx (default: as the base has them, f16 for gguf)',
      ).choices(['f32', 'f16', 'q8_0', 'q4_k', 'int8']),
    )
    .requiredOption('--out <path>', 'where it goes: a folder, for gguf and gguf-lora a file')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier model convert --from ./llama --adapter ./lora --to safetensors --out ./merged\n  $ espalier model convert --from ./llama --to gguf --quant q4_k --out ./llama.gguf',
    )
    .action(
      run<ModelConvertOptions>(async (options) => (await load()).modelConvert(options, context)),
    );

  program
    .command('train')
    .description('run a training job from its file; needs no server')
    .argument('<file>', 'the job, YAML or JSON')
    .option('--resume', 'go on from the latest checkpoint in output_dir')
    .option(
      '--data <folder>',
      'data folder whose registry takes what the job registers (default .espalier, or ESPALIER_DATA)',
    )
    .addOption(backend())
    .addOption(
      new Option(
        '--on <cluster>',
        'run it there with the Python runner: tasks sft and dpo',
      ).choices(['ray', 'kubernetes']),
    )
    .option('--address <url>', 'ray: its dashboard (default: http://127.0.0.1:8265)')
    .addOption(number('--gpus <n>', 'ray, kubernetes: GPUs of the job'))
    .addOption(number('--cpus <n>', 'ray, kubernetes: cores of the job'))
    .option('--pip <package...>', 'ray: packages that are installed for the job')
    .option('--image <image>', 'kubernetes: an image with Python, torch, trl, peft and datasets')
    .option('--volume <claim:path...>', 'kubernetes: claims with model, data and output_dir')
    .option('--memory <quantity>', 'kubernetes: memory of the job, e.g. 16Gi')
    .option('--namespace <name>', 'kubernetes: its namespace')
    .option('--name <name>', 'kubernetes: the name of the job (default: that of the file)')
    .option('--apply', 'kubernetes: hand the manifests to kubectl instead of printing them')
    .option(
      '--json',
      'print one JSON object a line: start, step, checkpoint, eval, registered, done',
    )
    .addHelpText(
      'after',
      '\nPaths in the job are relative to where the command runs.\n\nExamples:\n  $ espalier train job.yaml\n  $ espalier train job.yaml --resume --json\n  $ espalier train job.yaml --on ray --address http://head:8265\n  $ espalier train job.yaml --on kubernetes --image trl:1 --volume data:/data --gpus 1 --apply',
    )
    .action(
      run<TrainCommandOptions>(async (options, file: string) =>
        (await import('./train-run.js')).trainJob(file, options, context),
      ),
    );
}

/** Programs read the documents on standard output; with --json the sentence goes to standard error as well. */
function withErrorsTold(run: Run, context: CliContext): Run {
  return <Options extends { json?: boolean }>(
    action: (options: Options, ...values: never[]) => Promise<number>,
  ) =>
    run<Options>(async (options, ...values) => {
      try {
        return await action(options, ...values);
      } catch (error) {
        if (options.json === true && EspalierError.isInstance(error))
          context.err(`espalier: ${error.message}\n`);
        throw error;
      }
    });
}
