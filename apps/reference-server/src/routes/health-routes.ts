import { healthObjectSchema, type HealthObject } from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import type { ServerRoute } from '../http/define-route.js';

/** Routes that tell how the server is. */
export function healthRoutes({ lifecycle, metrics, version }: AppParts): ServerRoute[] {
  return [
    {
      name: 'health',
      tag: 'Operation',
      summary: 'Tells that the process runs',
      access: 'open',
      answers: { 200: { description: 'It runs.', schema: healthObjectSchema } },
      handle: (c) => c.json({ status: 'ok', version } satisfies HealthObject),
    },
    {
      name: 'readiness',
      tag: 'Operation',
      summary: 'Tells whether the server takes requests and its stores answer',
      access: 'open',
      answers: {
        200: { description: 'It takes requests.', schema: healthObjectSchema },
        503: {
          description: 'It starts, stops, or a store does not answer.',
          schema: healthObjectSchema,
        },
      },
      async handle(c) {
        const checks: NonNullable<HealthObject['checks']> = {};
        for (const [name, check] of lifecycle.checks) {
          checks[name] = await check().then(
            () => 'ok' as const,
            () => 'failing' as const,
          );
        }
        const isWell = Object.values(checks).every((result) => result === 'ok');
        const status: HealthObject['status'] =
          lifecycle.state === 'ready' ? (isWell ? 'ok' : 'failing') : lifecycle.state;
        return c.json(
          { status, version, checks } satisfies HealthObject,
          status === 'ok' ? 200 : 503,
        );
      },
    },
    {
      name: 'metrics',
      tag: 'Operation',
      summary: 'Counters in the Prometheus text format',
      access: 'key',
      answers: { 200: { description: 'Metrics.', mediaType: 'text/plain; version=0.0.4' } },
      handle: (c) =>
        c.body(metrics.render(), 200, {
          'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        }),
    },
  ];
}
