import type { ClaimSupport } from '@espalier/rag/evaluation';
import type { ConnectionOptions, CliContext } from './cli-context.js';
import { connect } from './connect.js';

/**
 * Makes what judges whether passages support a claim: the guardrails' offline check, and where a model is named, that
 * model on the claims which the check does not clear.
 */
export async function createClaimSupport(
  options: ConnectionOptions & {
    /** Id of a model of the server. */
    readonly judge?: string;
    /** Probability of being unsupported from which a claim counts as unsupported. */
    readonly threshold: number;
  },
  context: CliContext,
): Promise<ClaimSupport> {
  const { judgeGroundedness, scoreGroundedness } = await import('@espalier/guardrails');
  const model = await openJudge(options, context);
  return async ({ claim, evidence, abortSignal }) => {
    let { claims } = scoreGroundedness(claim, evidence);
    if (model !== undefined) {
      const signal = abortSignal === undefined ? {} : { abortSignal };
      claims = await judgeGroundedness({ model, claims, evidence, ...signal });
    }
    return claims.every(({ score }) => score < options.threshold);
  };
}

async function openJudge(options: ConnectionOptions & { judge?: string }, context: CliContext) {
  if (options.judge === undefined) return undefined;
  const { url, apiKey } = await connect(options, context);
  const { createOpenAICompatible } = await import('@espalier/inference/openai-compatible');
  return createOpenAICompatible({
    id: 'judge',
    baseURL: `${url}/v1`,
    model: options.judge,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}
