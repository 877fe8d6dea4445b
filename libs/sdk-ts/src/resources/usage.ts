import { ROUTES, pageSchema, usageRowSchema, type UsageRow } from '@espalier/protocol';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** Which days and key to tell about; days in UTC, `2026-11-22`, both ends included. */
export interface ListUsageOptions extends ListOptions {
  readonly from?: string;
  readonly to?: string;
  readonly keyId?: string;
}

/** What keys used, by day and model. */
export interface UsageReports {
  list(options?: ListUsageOptions): Paginator<UsageRow>;
}

export function createUsage(transport: Transport): UsageReports {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: {
          route: 'listUsage',
          path: ROUTES.listUsage.path,
          query: { from: list?.from, to: list?.to, keyId: list?.keyId },
        },
        schema: pageSchema(usageRowSchema),
        list,
      }),
  };
}
