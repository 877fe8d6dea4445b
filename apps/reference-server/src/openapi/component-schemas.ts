import { z } from 'zod';

/** A JSON Schema as the OpenAPI document holds it. */
export type SchemaObject = Record<string, unknown>;

/** Collects schemas under `components` and gives references to them. */
export interface ComponentSchemas {
  /** The schema, or a reference to it where it has an id. */
  refer(schema: z.ZodType): SchemaObject;
  readonly components: ReadonlyMap<string, SchemaObject>;
}

/**
 * Creates a collector.
 *
 * zod writes each schema with its shared and recursive parts under `$defs`; they move to the document's components,
 * equal ones to one place.
 */
export function createComponentSchemas(): ComponentSchemas {
  const components = new Map<string, SchemaObject>();
  const namesByContent = new Map<string, string>();

  const nameOf = (key: string, owner: string, content: string): string => {
    const known = namesByContent.get(content);
    if (known !== undefined) return known;
    const base = key.startsWith('__') ? `${owner}Part` : key;
    let name = base;
    for (let count = 2; components.has(name); count += 1) name = `${base}${count}`;
    namesByContent.set(content, name);
    return name;
  };

  return {
    components,
    refer(schema) {
      const {
        $defs = {},
        $schema: _,
        ...root
      } = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        io: 'input',
        unrepresentable: 'any',
      }) as SchemaObject & { $defs?: Record<string, SchemaObject> };
      const id = z.globalRegistry.get(schema)?.id;
      const owner = id ?? 'Shared';
      const names = new Map<string, string>();
      for (const [key, definition] of Object.entries($defs))
        names.set(key, nameOf(key, owner, JSON.stringify(withoutId(definition))));
      // Where zod puts a schema with an id under `$defs`, its root is a reference to it.
      const rootName =
        id === undefined || '$ref' in root
          ? undefined
          : nameOf(id, id, JSON.stringify(withoutId(root)));
      const place = (value: unknown): unknown => renamed(value, names, rootName);
      for (const [key, definition] of Object.entries($defs)) {
        const name = names.get(key) as string;
        if (!components.has(name))
          components.set(name, place(withoutId(definition)) as SchemaObject);
      }
      if (rootName === undefined) return place(withoutId(root)) as SchemaObject;
      if (!components.has(rootName))
        components.set(rootName, place(withoutId(root)) as SchemaObject);
      return { $ref: `#/components/schemas/${rootName}` };
    },
  };
}

function renamed(
  value: unknown,
  names: ReadonlyMap<string, string>,
  rootName: string | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names, rootName));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key !== '$ref' || typeof member !== 'string')
        return [key, renamed(member, names, rootName)];
      const name = member === '#' ? rootName : names.get(member.replace('#/$defs/', ''));
      return [key, name === undefined ? member : `#/components/schemas/${name}`];
    }),
  );
}

const withoutId = ({ id: _, ...schema }: SchemaObject): SchemaObject => schema;
