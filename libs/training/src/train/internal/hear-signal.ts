/**
 * Whether a signal was given, also one that came while the process computed.
 *
 * Messages and signals of the system are only heard between turns of the event loop, which a backend that computes in this
 * thread never ends by itself.
 */
export async function hearSignal(signal: AbortSignal | undefined): Promise<boolean> {
  await new Promise(setImmediate);
  return signal?.aborted === true;
}
