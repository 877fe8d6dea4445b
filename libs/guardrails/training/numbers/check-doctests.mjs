/**
 * Checks the validators of the numbers of states against the doctests of python-stdnum.
 *
 *   node libs/guardrails/training/numbers/check-doctests.mjs --data ../shared/data/stdnum-doctests
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values: options } = parseArgs({ options: { data: { type: 'string' } } });
const { outputFiles } = await build({
  stdin: {
    contents: [
      "export * from './src/pii/national/national-numbers.js';",
      "export * from './src/pii/national/recogniser.js';",
      "export * from './src/pii/national/check-digits.js';",
      "export * from './src/pii/iban-finder.js';",
    ].join('\n'),
    resolveDir: join(import.meta.dirname, '../..'),
  },
  bundle: true,
  write: false,
  format: 'esm',
  conditions: ['@espalier/source'],
  logLevel: 'error',
});
const code = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
const numbers = new Map(code.createNationalNumbers().map((number) => [number.id, number]));
const isRight = (id) => (written) => numbers.get(id).isValid(code.compactNumber(written), written);
const any =
  (...ids) =>
  (written) =>
    ids.some((id) => isRight(id)(written));
const OTHER = {
  'be-bis': isRight('be-nn'),
  'be-ssn': isRight('be-nn'),
  'be-iban': (written) => code.isIbanChecksumRight(code.compactNumber(written)),
  iban: (written) => code.isIbanChecksumRight(code.compactNumber(written)),
  bitcoin: isRight('crypto-address'),
  'cz-bankaccount': isRight('cz-bank-account'),
  'de-handelsregisternummer': isRight('de-handelsregister'),
  'es-referenciacatastral': isRight('es-catastral'),
  iso11649: isRight('rf-reference'),
  'it-codicefiscale': isRight('it-codice-fiscale'),
  luhn: (written) => code.fitsLuhn(written),
  verhoeff: (written) => /^\d+$/.test(written) && code.fitsVerhoeff(written),
  'no-mva': isRight('no-orgnr'),
  'nz-bankaccount': isRight('nz-bank-account'),
  'th-tin': any('th-pin', 'th-moa'),
};

/** Written values of one doctest with whether they are right. */
function* casesOf(text, alias) {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const call = new RegExp(`^>>> ${alias}\\.(validate|is_valid)\\((u?r?)'([^']*)'\\)$`).exec(line);
    if (call === null) continue;
    const result = lines[index + 1] ?? '';
    if (call[1] === 'is_valid') {
      if (/^(?:True|False)$/.test(result)) yield [call[3], result === 'True'];
    } else if (/^u?'/.test(result)) yield [call[3], true];
    else if (result.startsWith('Traceback')) yield [call[3], false];
  }
  for (const block of text.matchAll(/>>> numbers = '''([\s\S]*?)'''([\s\S]*?)(?=>>> numbers|$)/g)) {
    const check = new RegExp(`if x(?:\\.strip\\(\\))? and (not )?${alias}\\.is_valid\\(`).exec(
      block[2],
    );
    if (check === null) continue;
    for (const written of block[1].split('\n')) {
      const value = written.replace(/^\.\.\. /, '').trim();
      if (value !== '' && value !== '...') yield [value, check[1] !== undefined];
    }
  }
}

let [right, all, kinds] = [0, 0, 0];
const unknown = [];
for (const file of readdirSync(options.data).filter((name) => name.endsWith('.doctest'))) {
  const id = file.slice(5, -8).replace('_', '-');
  const text = readFileSync(join(options.data, file), 'utf8');
  const alias = /from stdnum(?:\.\w+)? import (\w+)/.exec(text)?.[1];
  const accepts = OTHER[id] ?? (numbers.has(id) ? isRight(id) : undefined);
  if (accepts === undefined || alias === undefined) {
    unknown.push(id);
    continue;
  }
  const cases = [...casesOf(text, alias)];
  const off = cases.filter(([written, expected]) => Boolean(accepts(written)) !== expected);
  right += cases.length - off.length;
  all += cases.length;
  kinds += 1;
  if (off.length > 0) {
    const refused = off.filter(([, expected]) => expected).map(([written]) => written);
    const taken = off.filter(([, expected]) => !expected).map(([written]) => written);
    console.log(
      `${id}: ${off.length} of ${cases.length} otherwise; refused ${JSON.stringify(refused.slice(0, 4))}, taken ${JSON.stringify(taken.slice(0, 4))}`,
    );
  }
}
console.log(`${right} of ${all} vectors of ${kinds} kinds as python-stdnum has them`);
console.log(`not numbers of people, or collections: ${unknown.join(' ')}`);
