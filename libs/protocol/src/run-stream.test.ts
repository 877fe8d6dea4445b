import { describe, expect, it } from 'vitest';
import { encodeRunStreamEvent, isFinalRunEvent } from './run-stream.js';

describe('encodeRunStreamEvent', () => {
  it('writes id, event and data lines; line breaks of the text stay inside the JSON', () => {
    expect(encodeRunStreamEvent({ id: 3, event: { type: 'text-delta', text: 'a\nb' } })).toBe(
      'id: 3\nevent: text-delta\ndata: {"type":"text-delta","text":"a\\nb"}\n\n',
    );
  });
});

describe('isFinalRunEvent', () => {
  it('holds for the four ways in which a run ends and for nothing else', () => {
    expect(isFinalRunEvent({ type: 'run-cancelled' })).toBe(true);
    expect(isFinalRunEvent({ type: 'run-paused' })).toBe(true);
    expect(isFinalRunEvent({ type: 'step-finished' })).toBe(false);
  });
});
