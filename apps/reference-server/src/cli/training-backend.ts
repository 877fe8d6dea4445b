import type { TensorBackend } from '@espalier/core';
import { BackendMissingError, createJsBackend } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';

/** The backend of a name; without one ONNX Runtime where it loads, else plain JavaScript. */
export async function openTensorBackend(name: 'onnx' | 'js' | undefined): Promise<TensorBackend> {
  if (name === 'js') return createJsBackend();
  try {
    return await createOnnxBackend();
  } catch (error) {
    if (name === undefined && BackendMissingError.isInstance(error)) return createJsBackend();
    throw error;
  }
}
