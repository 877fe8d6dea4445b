import type { FilterScalar, VectorRecord } from '@espalier/core';
import type { Data, Schema, Table } from 'apache-arrow';
import { fieldValues } from './lance-columns.js';
import type { LanceDriver } from './lance-driver.js';

/** The records as one Arrow batch of the table's schema: columns are filled directly, without a row object each. */
export function toArrowTable(options: {
  driver: LanceDriver;
  schema: Schema;
  dimension: number;
  records: readonly VectorRecord[];
}): Table {
  const { arrow } = options.driver;
  const { schema, dimension, records } = options;
  const fields = records.map(({ metadata }) => fieldValues(metadata));
  const columns = schema.fields.map((field): Data => {
    if (field.name === 'vector') {
      const values = new Float32Array(records.length * dimension);
      for (const [at, { vector }] of records.entries()) values.set(vector, at * dimension);
      const child = arrow.makeData({ type: new arrow.Float32(), data: values });
      return arrow.makeData({
        type: new arrow.FixedSizeList(dimension, new arrow.Field('item', child.type, true)),
        length: records.length,
        nullCount: 0,
        child,
      });
    }
    const values = records.map((record, at): string | number | null => {
      if (field.name === 'id') return record.id;
      if (field.name === 'text') return record.text;
      if (field.name === 'metadata') return JSON.stringify(record.metadata);
      return stored(fields[at]?.get(field.name)?.value);
    });
    const [data]: readonly (Data | undefined)[] = arrow.vectorFromArray(values, field.type)
      .data as readonly Data[];
    if (data === undefined) throw new RangeError('There is nothing to write.');
    return data;
  });
  const rows = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: records.length,
    nullCount: 0,
    children: columns,
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, rows)]);
}

/** Booleans are kept as 0 and 1: Arrow for JavaScript cannot write a boolean column without any value. */
function stored(value: FilterScalar | undefined): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  // Arrow tells −0 from 0.
  return typeof value === 'number' ? value + 0 : (value ?? null);
}
