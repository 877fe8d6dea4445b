import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { policyLibrary, type LibraryPolicyName } from './policy-library.js';
import { runPolicyTests } from './run-policy-tests.js';

describe.each(Object.keys(policyLibrary) as LibraryPolicyName[])('the policy "%s"', (name) => {
  it('passes its own tests', async () => {
    const policy = await compilePolicy({ source: policyLibrary[name] });
    const results = await runPolicyTests(policy);
    expect(results.length).toBeGreaterThan(2);
    expect(results.filter(({ isPassed }) => !isPassed)).toEqual([]);
  });
});
