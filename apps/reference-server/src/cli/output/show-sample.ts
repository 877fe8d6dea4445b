import type { RunningServer } from '../../composition/running-server.js';

const STEPS = 4;

/** Shows how far the sample knowledge base is, and its end: on a terminal in one line, elsewhere in a few. */
export async function showSample(
  server: Pick<RunningServer, 'followSample'>,
  { say, isTerminal }: { say: (text: string) => void; isTerminal: boolean },
): Promise<void> {
  let lastStep = -1;
  const result = await server.followSample(({ documentsDone, documentsTotal }) => {
    const text = `  Sample knowledge base: ${documentsDone}/${documentsTotal} documents`;
    if (isTerminal) {
      say(`\r\u001b[K${text}`);
      return;
    }
    const step = Math.floor((documentsDone / Math.max(documentsTotal, 1)) * STEPS);
    if (step > lastStep) say(`${text}\n`);
    lastStep = Math.max(step, lastStep);
  });
  if (isTerminal) say('\r\u001b[K');
  if (result === undefined) return;
  if ('problem' in result) {
    say(`  The sample knowledge base could not be built: ${result.problem}\n`);
    return;
  }
  const { added, updated, unchanged, failed, chunks, durationMs } = result.report;
  const documents = added + updated + unchanged;
  const refused = failed.length === 0 ? '' : `, ${failed.length} refused`;
  say(
    `  Sample knowledge base "${result.knowledgeBase}" is ready: ${documents} documents, ${chunks} passages added${refused} (${(durationMs / 1000).toFixed(1)} s)\n`,
  );
}
