import type { EspalierClient } from '@espalier/sdk-ts';

/** One version of a registered model or adapter. */
export type ModelVersion = Awaited<ReturnType<EspalierClient['registry']['get']>>;

/** The versions of one name, the latest first. */
export interface ModelGroup {
  readonly name: string;
  readonly versions: readonly ModelVersion[];
  readonly production: ModelVersion | undefined;
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
}

/** Puts versions together by their name, names in alphabetical order. */
export function groupVersions(versions: readonly ModelVersion[]): readonly ModelGroup[] {
  const names = [...new Set(versions.map(({ name }) => name))].sort((a, b) => a.localeCompare(b));
  return names.map((name) => {
    const own = versions
      .filter((version) => version.name === name)
      .sort((a, b) => b.version - a.version);
    return {
      name,
      versions: own,
      production: own.find(({ stage }) => stage === 'production'),
      aliases: own.flatMap(({ aliases, version }) => aliases.map((alias) => ({ alias, version }))),
    };
  });
}

/** The colour of a stage. */
export function toneOfStage(stage: ModelVersion['stage']): 'plain' | 'good' | 'notice' {
  if (stage === 'production') return 'good';
  return stage === 'staging' ? 'notice' : 'plain';
}
