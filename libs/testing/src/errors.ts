import { EspalierError } from '@espalier/core';

/** A mock was called more often than its script has turns. */
export class MockExhaustedError extends EspalierError {
  static override readonly errorName = 'MockExhaustedError';

  constructor(options: { mock: string; calls: number; turns: number }) {
    super({
      code: 'ERR_TESTING_MOCK_EXHAUSTED',
      message: `The mock "${options.mock}" was called ${options.calls} times, but its script has ${options.turns} turns. Add a turn, or find out why it is called again.`,
      details: options,
    });
  }
}
