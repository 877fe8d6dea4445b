import { describe, expect, it } from 'vitest';
import { readJobFile } from './read-job-file.js';

describe('a job file', () => {
  it('is split into what names the job, its settings, and paths of another machine', () => {
    expect(
      readJobFile(
        'task: sft\nmodel: tiny\noutput_dir: ./out\ntrain_data: a.jsonl\nregister: support\nmax_steps: 40\nlora: { r: 4 }\n',
      ),
    ).toEqual({
      task: 'sft',
      model: 'tiny',
      register: 'support',
      settings: { max_steps: 40, lora: { r: 4 } },
      leftOut: ['output_dir', 'train_data'],
    });
  });

  it('may be JSON, or empty', () => {
    expect(readJobFile('{"max_steps": 2}').settings).toEqual({ max_steps: 2 });
    expect(readJobFile('').settings).toEqual({});
  });

  it.each([
    ['max_steps: [1', /line 1/u],
    ['- a', /holds fields/u],
    ['max_steps: 1\nmax_steps: 2', /line 2/u],
  ])('is refused with its line: %j', (text, message) => {
    expect(() => readJobFile(text)).toThrow(message);
  });
});
