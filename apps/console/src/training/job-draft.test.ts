import { describe, expect, it } from 'vitest';
import { NEW_JOB, toJobRequest } from './job-draft.js';

describe('a new job', () => {
  it('is asked for as the form has it', () => {
    expect(
      toJobRequest({ ...NEW_JOB, model: ' tiny ', register: 'support', maxSteps: '40', rank: '4' }),
    ).toEqual({
      model: 'tiny',
      task: 'sft',
      register: 'support',
      settings: {
        max_steps: 40,
        batch_size: 8,
        learning_rate: 2e-4,
        loss_on: 'assistant',
        lora: { r: 4, alpha: 8 },
      },
    });
  });

  it('trains the whole model without a rank, and scores what the task scores', () => {
    const { settings } = toJobRequest({ ...NEW_JOB, task: 'dpo', rank: '', evalSteps: '10' });
    expect(settings).toEqual({
      max_steps: 200,
      batch_size: 8,
      learning_rate: 2e-4,
      eval_steps: 10,
    });
  });

  it('takes model, task and name from a job file where the form names none', () => {
    const file = 'task: kto\nmodel: tiny\nregister: rated\nmax_steps: 3\n';
    expect(toJobRequest({ ...NEW_JOB, settingsFrom: 'file', file })).toEqual({
      model: 'tiny',
      task: 'kto',
      register: 'rated',
      settings: { max_steps: 3 },
    });
    expect(
      toJobRequest({ ...NEW_JOB, settingsFrom: 'file', file, model: 'other', register: 'mine' }),
    ).toMatchObject({ model: 'other', register: 'mine' });
  });

  it('says of a task that the server does not train who does', () => {
    expect(() =>
      toJobRequest({ ...NEW_JOB, settingsFrom: 'file', file: 'task: pretrain' }),
    ).toThrow('“espalier train” does');
  });
});
