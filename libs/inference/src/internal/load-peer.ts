import { PeerMissingError } from '../errors.js';

/**
 * Resolves to an optional package, loaded when it is first needed.
 *
 * @throws {PeerMissingError} `ERR_INFERENCE_PEER_MISSING`
 */
export async function loadPeer<Module>(
  load: () => Promise<Module>,
  about: { readonly packageName: string; readonly usedBy: string },
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new PeerMissingError({ ...about, cause });
  }
}
