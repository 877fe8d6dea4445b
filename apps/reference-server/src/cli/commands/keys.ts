import type { KeyObject, KeyRole } from '@espalier/protocol';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { connect } from '../connect.js';
import { renderTable } from '../output/table.js';

/** Options of `espalier keys create`. */
export interface CreateKeyOptions extends ConnectionOptions {
  readonly name: string;
  readonly role: KeyRole;
  /** `30d`, `12h`. */
  readonly expiresIn?: string;
  readonly tenant?: string;
  readonly reader?: readonly string[];
}

/** Makes a key and shows its secret, this once. */
export async function createKey(options: CreateKeyOptions, context: CliContext): Promise<number> {
  const { client } = await connect(options, context);
  const created = await client.keys.create({
    name: options.name,
    role: options.role,
    abortSignal: context.abortSignal,
    ...(options.tenant !== undefined && { tenant: options.tenant }),
    ...(options.reader !== undefined && { principals: [...options.reader] }),
    ...(options.expiresIn !== undefined && { expiresAt: expiry(options.expiresIn) }),
  });
  if (options.json === true) context.out(`${JSON.stringify(created)}\n`);
  else
    context.out(
      `${created.key}\n\nKey ${created.id} (${created.role}). It is shown this once; the server keeps only its hash.\n`,
    );
  return EXIT.ok;
}

/** Lists keys without their secrets. */
export async function listKeys(options: ConnectionOptions, context: CliContext): Promise<number> {
  const { client } = await connect(options, context);
  const keys: KeyObject[] = [];
  for await (const key of client.keys.list({ abortSignal: context.abortSignal })) keys.push(key);
  if (options.json === true) {
    context.out(`${JSON.stringify({ data: keys })}\n`);
    return EXIT.ok;
  }
  const nowMs = Date.now();
  context.out(
    renderTable([
      ['id', 'name', 'role', 'begins with', 'made', 'state'],
      ...keys.map((key) => [
        key.id,
        key.name,
        key.role,
        key.prefix,
        key.createdAt.slice(0, 10),
        stateOf(key, nowMs),
      ]),
    ]),
  );
  return EXIT.ok;
}

/** Revokes a key. */
export async function revokeKey(
  id: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  await client.keys.revoke({ id, abortSignal: context.abortSignal });
  context.out(
    options.json === true
      ? `${JSON.stringify({ id, revoked: true })}\n`
      : `Key ${id} is revoked.\n`,
  );
  return EXIT.ok;
}

function stateOf(key: KeyObject, nowMs: number): string {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt === null) return 'valid';
  return Date.parse(key.expiresAt) <= nowMs
    ? 'expired'
    : `valid until ${key.expiresAt.slice(0, 10)}`;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function expiry(text: string): string {
  const match = /^(\d+)([mhd])$/u.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isFinite(ms) || ms <= 0) {
    throw new CliError({
      code: 'ERR_CLI_DURATION',
      message: `--expires-in "${text}" is not a duration. Write it like "30d", "12h" or "45m".`,
      exitCode: EXIT.usage,
    });
  }
  return new Date(Date.now() + ms).toISOString();
}
