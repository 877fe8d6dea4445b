/** What can compute, by the names of `--backend`. */
export const BACKEND_NAMES = ['onnx', 'js', 'tfjs', 'tfjs-node'] as const;

/** One of {@link BACKEND_NAMES}. */
export type BackendName = (typeof BACKEND_NAMES)[number];
