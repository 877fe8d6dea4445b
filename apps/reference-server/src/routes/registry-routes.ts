import {
  collectModelGarbageRequestSchema,
  compareModelsQuerySchema,
  getModelVersionQuerySchema,
  listModelVersionsFilterSchema,
  modelDifferenceSchema,
  modelGarbageReportSchema,
  modelVersionObjectSchema,
  pageQuerySchema,
  pageSchema,
  promoteModelRequestSchema,
  rollBackModelRequestSchema,
  setModelAliasRequestSchema,
  type ModelVersionObject,
} from '@espalier/protocol';
import { referenceOf, type ModelRegistry, type RegistryEntry } from '@espalier/mlops';
import type { AppParts } from '../composition/app-parts.js';
import { decodeCursor, toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { readJsonBody } from '../http/request-body.js';
import { queryOf } from './page-request.js';

const listQuerySchema = pageQuerySchema.extend(listModelVersionsFilterSchema.shape);

/** Routes of the model registry. */
export function registryRoutes({ registry, limits }: AppParts): ServerRoute[] {
  const objectOf = (entry: RegistryEntry): ModelVersionObject => toModelVersion(entry, registry);
  return [
    {
      name: 'listModelVersions',
      tag: 'Registry',
      summary: 'Lists versions of models and adapters, the latest of a name first',
      access: 'key',
      query: listQuerySchema,
      answers: {
        200: { description: 'A page of versions.', schema: pageSchema(modelVersionObjectSchema) },
      },
      handle(c) {
        const { name, cursor, limit = 50 } = queryOf(c, listQuerySchema);
        const all = registry.list(name);
        const after = decodeCursor(cursor);
        const from =
          after === undefined ? 0 : all.findIndex((row) => referenceOf(row) === after) + 1;
        const rows = all.slice(from, from + limit + 1);
        return c.json(toPage(rows, limit, { key: referenceOf, map: objectOf }));
      },
    },
    {
      name: 'getModelVersion',
      tag: 'Registry',
      summary: 'Tells what a reference means: name, name@version, name@alias, name@stage, or an id',
      access: 'key',
      query: getModelVersionQuerySchema,
      answers: { 200: { description: 'The version.', schema: modelVersionObjectSchema } },
      async handle(c) {
        const { verify } = queryOf(c, getModelVersionQuerySchema);
        const entry = registry.get(c.req.param('reference') ?? '');
        if (verify === 'true') await registry.verify(referenceOf(entry));
        return c.json(objectOf(entry));
      },
    },
    {
      name: 'promoteModelVersion',
      tag: 'Registry',
      summary: 'Moves a version to a stage; what was in production is archived',
      access: 'admin',
      body: promoteModelRequestSchema,
      answers: { 200: { description: 'The version.', schema: modelVersionObjectSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, promoteModelRequestSchema, limits);
        const entry = await registry.promote(c.req.param('reference') ?? '', value.stage);
        return c.json(objectOf(registry.get(referenceOf(entry))));
      },
    },
    {
      name: 'setModelAlias',
      tag: 'Registry',
      summary: 'Points an alias at a version, or removes it',
      access: 'admin',
      body: setModelAliasRequestSchema,
      answers: {
        200: {
          description: 'All versions of the model.',
          schema: pageSchema(modelVersionObjectSchema),
        },
      },
      async handle(c) {
        const { value } = await readJsonBody(c, setModelAliasRequestSchema, limits);
        const name = c.req.param('name') ?? '';
        await registry.setAlias(name, value.alias, value.reference);
        return c.json({ data: registry.list(name).map(objectOf), nextCursor: null });
      },
    },
    {
      name: 'rollBackModel',
      tag: 'Registry',
      summary: 'Puts back what stood in production, or under an alias, before the last change',
      access: 'admin',
      body: rollBackModelRequestSchema,
      answers: { 200: { description: 'What stands there.', schema: modelVersionObjectSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, rollBackModelRequestSchema, limits);
        const entry = await registry.rollback(c.req.param('name') ?? '', value.label);
        return c.json(objectOf(registry.get(referenceOf(entry))));
      },
    },
    {
      name: 'compareModels',
      tag: 'Registry',
      summary: 'Tells what differs between two versions',
      access: 'key',
      query: compareModelsQuerySchema,
      answers: { 200: { description: 'The differences.', schema: modelDifferenceSchema } },
      handle(c) {
        const { from, to } = queryOf(c, compareModelsQuerySchema);
        return c.json(registry.compare(from, to));
      },
    },
    {
      name: 'collectModelGarbage',
      tag: 'Registry',
      summary: 'Removes archived versions that nothing holds, and contents without a version',
      access: 'admin',
      body: collectModelGarbageRequestSchema,
      answers: { 200: { description: 'What was removed.', schema: modelGarbageReportSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, collectModelGarbageRequestSchema, limits);
        return c.json(await registry.collectGarbage({ isDryRun: value.dryRun }));
      },
    },
  ];
}

function toModelVersion(entry: RegistryEntry, registry: ModelRegistry): ModelVersionObject {
  const { id, base, lineage, ...rest } = entry;
  return {
    ...rest,
    reference: referenceOf(entry),
    modelId: id ?? null,
    base: base ?? null,
    aliases: Object.entries(registry.aliases(entry.name)).flatMap(([alias, version]) =>
      version === entry.version ? [alias] : [],
    ),
    lineage: {
      data: lineage.data,
      config: lineage.config,
      codeVersion: lineage.codeVersion ?? null,
      parent: lineage.parent ?? null,
    },
  };
}
