import { describe, expect, it } from 'vitest';
import { compilePolicy, type EscalationRecord } from './compile-policy.js';
import { runPolicyTests } from './run-policy-tests.js';

const fault = async (source: string): Promise<{ code: string; message: string }> => {
  try {
    await compilePolicy({ source, name: 'policy.yaml' });
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('It was taken.');
};

const SUPPORT = `version: 1
name: support
extends: default
rails:
  - id: competitors
    kind: keywords
    at: [output]
    words: [Initech]
    category: competitor
  - id: exfiltration
    mode: off
tenants:
  quiet:
    rails:
      - id: competitors
        mode: dry-run
  bank:
    rails:
      - id: pii
        actions: { card: block }
tests:
  - name: a competitor is not named
    at: output
    text: Initech does it too.
    expect: { action: redact, rail: competitors, text: "[redacted:competitor] does it too." }
  - name: the quiet tenant only records
    at: output
    tenant: quiet
    text: Initech does it too.
    expect: { action: allow }
  - name: cards stop at the bank
    tenant: bank
    text: 4111 1111 1111 1111
    expect: { action: block, rail: pii }
  - name: this one is wrong
    text: Hello
    expect: { action: block }
`;

describe('a policy file', () => {
  it('builds on another, changes its rails by id, and differs by tenant', async () => {
    const policy = await compilePolicy({ source: SUPPORT });
    expect(policy.guardrails.railsAt('output')).toEqual([
      'secrets',
      'pii',
      'output-moderation',
      'further-hazards',
      'competitors',
    ]);
    expect(policy.tenants).toEqual(['quiet', 'bank']);
    const results = await runPolicyTests(policy);
    expect(results.map(({ isPassed }) => isPassed)).toEqual([true, true, true, false]);
    expect(results[3]?.problems).toEqual(['the action is allow, not block']);
  });

  it('extends files through the reader of its host, and refuses circles', async () => {
    const files: Record<string, string> = {
      'a.yaml': 'version: 1\nname: a\nextends: b.yaml',
      'b.yaml': 'version: 1\nname: b\nextends: a.yaml',
      'c.yaml': 'version: 1\nname: c\nrails:\n  - { id: pii, kind: pii }',
    };
    const read = async (file: string): Promise<{ name: string; source: string }> => {
      const source = files[file];
      if (source === undefined) throw new Error('No such file.');
      return { name: file, source };
    };
    const fine = await compilePolicy({ source: 'version: 1\nname: d\nextends: c.yaml', read });
    expect(fine.guardrails.railsAt('input')).toEqual(['pii']);
    for (const source of [files['a.yaml'] ?? '', 'version: 1\nname: x\nextends: none.yaml']) {
      await expect(compilePolicy({ source, name: 'a.yaml', read })).rejects.toMatchObject({
        code: 'ERR_GUARDRAILS_POLICY_EXTENDS',
      });
    }
  });

  it('records everything and enforces nothing in dry run', async () => {
    const policy = await compilePolicy({
      source: `version: 1
name: trial
extends: children
mode: dry-run`,
    });
    const text = 'Where is a casino? jane@example.org';
    const checked = await policy.guardrails.check({ point: 'input', text });
    expect(checked).toMatchObject({ isBlocked: false, text });
    expect(checked.reports.every(({ isDryRun }) => isDryRun === true)).toBe(true);
    expect(checked.reports.map(({ rail }) => rail)).toEqual(['pii', 'not-for-children']);
    expect(policy.guardrails.preamble).toBeUndefined();
  });

  it('tells people what it escalates, without the text', async () => {
    const told: EscalationRecord[] = [];
    const policy = await compilePolicy({
      source: 'version: 1\nname: kids\nextends: children',
      onEscalation: (record) => told.push(record),
    });
    await policy.guardrails.check({ point: 'input', text: 'Where is a casino?' });
    expect(told).toMatchObject([
      { policy: 'kids', categories: ['age'], report: { rail: 'not-for-children' } },
    ]);
    expect(JSON.stringify(told)).not.toContain('Where');
  });
});

describe('a policy that is wrong', () => {
  it.each([
    ['version: 2\nname: x', 'ERR_GUARDRAILS_POLICY_VERSION', /line 1.*version 2 is not known/],
    ['name: x', 'ERR_GUARDRAILS_POLICY_INVALID', /version/],
    [
      'version: 1\nname: x\nrails:\n  - id: a\n    kind: moon',
      'ERR_GUARDRAILS_POLICY_INVALID',
      /line 4.*"moon" is not known/,
    ],
    ['version: 1\nname: x\nrulez: []', 'ERR_GUARDRAILS_POLICY_INVALID', /line 3/],
    ['version: 1\nname: [', 'ERR_GUARDRAILS_POLICY_INVALID', /line 2.*YAML/],
    ['- a', 'ERR_GUARDRAILS_POLICY_INVALID', /map of fields/],
    ['', 'ERR_GUARDRAILS_POLICY_INVALID', /map of fields/],
    [
      'version: 1\nname: x\nrails:\n  - { id: a, kind: pii }\n  - { id: a, kind: secrets }',
      'ERR_GUARDRAILS_POLICY_CONTRADICTION',
      /line 5/,
    ],
    [
      'version: 1\nname: x\nrails:\n  - { id: a, kind: length, min: 5, max: 2 }',
      'ERR_GUARDRAILS_POLICY_INVALID',
      /line 4/,
    ],
    [
      'version: 1\nname: x\nrails:\n  - { id: a, kind: language, allow: [en], deny: [en] }',
      'ERR_GUARDRAILS_POLICY_INVALID',
      /none that is both/,
    ],
    [
      'version: 1\nname: x\nrails:\n  - { id: a, kind: regex, pattern: "(a+)\\\\1" }',
      'ERR_GUARDRAILS_POLICY_INVALID',
      /RE2/,
    ],
    [
      'version: 1\nname: x\nethics:\n  disallowed-uses: [{ id: a, description: b }]',
      'ERR_GUARDRAILS_POLICY_INVALID',
      /could not be enforced/,
    ],
    [
      'version: 1\nname: x\ntool-flow:\n  sinks: { s: [t] }\n  rules:\n    - { from: [tool], to: [s], action: deny }\n    - { from: [tool], to: [s], action: allow }',
      'ERR_GUARDRAILS_POLICY_CONTRADICTION',
      /contradicts/,
    ],
    ['version: 1\nname: x\nextends: nothing', 'ERR_GUARDRAILS_POLICY_EXTENDS', /not known/],
  ])('is refused with the place: %j', async (source, code, message) => {
    const error = await fault(source);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('does not follow aliases without end', async () => {
    const bomb = `version: 1\nname: x\na: &a [x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: [${'*b,'.repeat(99)}*b]`;
    expect((await fault(bomb)).code).toBe('ERR_GUARDRAILS_POLICY_INVALID');
  });
});
