import { describe, expect, it } from 'vitest';
import { rememberClassified, type Classify } from './remember-classified.js';

describe('remembering what the encoder said', () => {
  it('asks once for one text, and anew after a failure', async () => {
    let calls = 0;
    const classify = rememberClassified(() => {
      calls += 1;
      return calls === 1
        ? Promise.reject(new Error('the worker is gone'))
        : Promise.resolve(Float32Array.of(calls));
    }, 4);
    await expect(classify('a')).rejects.toThrow('the worker is gone');
    expect(await Promise.all([classify('a'), classify('a')])).toEqual([
      Float32Array.of(2),
      Float32Array.of(2),
    ]);
  });

  it('calls anew for one who waits for a call that somebody else aborts', async () => {
    const aborting: Classify = (_text, { abortSignal } = {}) =>
      abortSignal === undefined
        ? Promise.resolve(Float32Array.of(1))
        : new Promise((_resolve, reject) => {
            abortSignal.addEventListener('abort', () => {
              reject(new DOMException('aborted', 'AbortError'));
            });
          });
    const classify = rememberClassified(aborting, 4);
    const controller = new AbortController();
    const first = classify('a', { abortSignal: controller.signal });
    const second = classify('a');
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(await second).toEqual(Float32Array.of(1));
    await expect(classify('b', { abortSignal: controller.signal })).rejects.toThrow();
  });
});
