import {
  ROUTES,
  modelDifferenceSchema,
  modelGarbageReportSchema,
  modelVersionObjectSchema,
  pageSchema,
  routePath,
  type CollectModelGarbageRequest,
  type ListModelVersionsFilter,
  type ModelDifference,
  type ModelGarbageReport,
  type ModelVersionObject,
  type PromoteModelRequest,
  type RollBackModelRequest,
  type SetModelAliasRequest,
} from '@espalier/protocol';
import type { CallOptions, WriteOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** Models and adapters that the server keeps; changes need an administrator's key. */
export interface Registry {
  list(options?: ListModelVersionsFilter & ListOptions): Paginator<ModelVersionObject>;
  /**
   * `reference`: name, name@version, name@alias, name@stage, or an id.
   *
   * `verify`: the server compares the files with their hashes first, and fails with `ERR_REGISTRY_FILE` where one differs.
   */
  get(options: { reference: string; verify?: boolean } & CallOptions): Promise<ModelVersionObject>;
  /** Default stage: production. */
  promote(
    options: { reference: string } & PromoteModelRequest & WriteOptions,
  ): Promise<ModelVersionObject>;
  /** Returns all versions of the model; a `null` reference removes the alias. */
  setAlias(
    options: { name: string } & SetModelAliasRequest & WriteOptions,
  ): Promise<readonly ModelVersionObject[]>;
  rollback(
    options: { name: string } & RollBackModelRequest & WriteOptions,
  ): Promise<ModelVersionObject>;
  compare(options: { from: string; to: string } & CallOptions): Promise<ModelDifference>;
  collectGarbage(options?: CollectModelGarbageRequest & WriteOptions): Promise<ModelGarbageReport>;
}

export function createRegistry(transport: Transport): Registry {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: {
          route: 'listModelVersions',
          path: ROUTES.listModelVersions.path,
          query: { name: list?.name },
        },
        schema: pageSchema(modelVersionObjectSchema),
        list,
      }),
    get: ({ reference, verify, ...call }) =>
      transport.json(
        {
          route: 'getModelVersion',
          path: routePath('getModelVersion', { reference }),
          ...(verify === true && { query: { verify: 'true' } }),
          ...call,
        },
        modelVersionObjectSchema,
      ),
    promote: ({ reference, stage, ...call }) =>
      transport.json(
        {
          route: 'promoteModelVersion',
          path: routePath('promoteModelVersion', { reference }),
          json: { stage },
          ...call,
        },
        modelVersionObjectSchema,
      ),
    async setAlias({ name, alias, reference, ...call }) {
      const page = await transport.json(
        {
          route: 'setModelAlias',
          path: routePath('setModelAlias', { name }),
          json: { alias, reference },
          ...call,
        },
        pageSchema(modelVersionObjectSchema),
      );
      return page.data;
    },
    rollback: ({ name, label, ...call }) =>
      transport.json(
        {
          route: 'rollBackModel',
          path: routePath('rollBackModel', { name }),
          json: { label },
          ...call,
        },
        modelVersionObjectSchema,
      ),
    compare: ({ from, to, ...call }) =>
      transport.json(
        { route: 'compareModels', path: ROUTES.compareModels.path, query: { from, to }, ...call },
        modelDifferenceSchema,
      ),
    collectGarbage: ({ dryRun, ...call } = {}) =>
      transport.json(
        {
          route: 'collectModelGarbage',
          path: ROUTES.collectModelGarbage.path,
          json: { dryRun },
          ...call,
        },
        modelGarbageReportSchema,
      ),
  };
}
