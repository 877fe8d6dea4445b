import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  compilePolicy,
  policyLibrary,
  type CompiledPolicy,
  type CompilePolicyOptions,
  type PolicyInput,
} from '@espalier/guardrails/policy';

/** Compiles a policy of the library, a file, or a value; files that it extends are found beside it. */
export async function loadPolicy(
  policy: string | PolicyInput,
  options: Omit<CompilePolicyOptions, 'source' | 'name' | 'read'> & { readonly directory: string },
): Promise<CompiledPolicy> {
  const { directory, ...others } = options;
  const read = async (file: string, from: string | undefined) => {
    const path = resolve(from === undefined ? directory : dirname(resolve(directory, from)), file);
    return { name: path, source: await readFile(path, 'utf8') };
  };
  if (typeof policy !== 'string') return compilePolicy({ ...others, source: policy, read });
  const known = Object.hasOwn(policyLibrary, policy)
    ? (policyLibrary as Readonly<Record<string, PolicyInput>>)[policy]
    : undefined;
  if (known !== undefined) return compilePolicy({ ...others, source: known, name: policy, read });
  const name = resolve(directory, policy);
  return compilePolicy({ ...others, source: await readFile(name, 'utf8'), name, read });
}
