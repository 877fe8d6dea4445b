import type { CliContext } from '../cli-context.js';

const WIDTH = 28;

/** A line on standard error that is drawn over itself; on what is no terminal it says nothing. */
export interface ProgressBar {
  update(options: { label: string; done: number; total: number }): void;
  end(): void;
}

/** Creates a bar that is not drawn yet. */
export function createProgressBar(context: CliContext): ProgressBar {
  let isDrawn = false;
  return {
    update({ label, done, total }) {
      if (!context.isTerminal) return;
      isDrawn = true;
      const share = total === 0 ? 0 : Math.min(done / total, 1);
      const filled = Math.round(share * WIDTH);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
      context.err(`\r\u001b[K${bar} ${Math.round(share * 100)}%  ${label}`);
    },
    end() {
      if (isDrawn) context.err('\r\u001b[K');
      isDrawn = false;
    },
  };
}
