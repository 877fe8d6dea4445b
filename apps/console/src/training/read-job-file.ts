import { parseDocument } from 'yaml';

/** A job file as the server takes it: what names the job apart from its settings. */
export interface JobFile {
  readonly model?: string;
  readonly task?: string;
  readonly register?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Fields that the server sets itself. */
  readonly leftOut: readonly string[];
}

/** Paths of the machine where a job file was written; the server has its own. */
const SET_BY_SERVER = ['output_dir', 'train_data', 'eval_data', 'logging_dir'];

/**
 * Reads YAML or JSON of a job file.
 *
 * @throws {Error} where it is no YAML, telling the line, or no mapping.
 */
export function readJobFile(text: string): JobFile {
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(problem.message.split('\n')[0] ?? 'It is no YAML.');
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('A job file holds fields, such as “max_steps: 100”.');
  const { model, task, register, ...rest } = value as Record<string, unknown>;
  const entries = Object.entries(rest);
  return {
    ...(typeof model === 'string' && { model }),
    ...(typeof task === 'string' && { task }),
    ...(typeof register === 'string' && { register }),
    settings: Object.fromEntries(entries.filter(([name]) => !SET_BY_SERVER.includes(name))),
    leftOut: entries.map(([name]) => name).filter((name) => SET_BY_SERVER.includes(name)),
  };
}
