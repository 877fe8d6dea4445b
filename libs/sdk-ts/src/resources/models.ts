import { ROUTES, modelObjectSchema, pageSchema, type ModelObject } from '@espalier/protocol';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** The models that the server offers. */
export interface Models {
  list(options?: ListOptions): Paginator<ModelObject>;
}

export function createModels(transport: Transport): Models {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: { route: 'listModels', path: ROUTES.listModels.path },
        schema: pageSchema(modelObjectSchema),
        list,
      }),
  };
}
