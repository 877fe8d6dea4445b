import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may import which: arrows point down, and a feature never imports a feature. */
export const layerConstraints = [
  { sourceTag: 'layer:contract', onlyDependOnLibsWithTags: ['layer:contract'] },
  {
    sourceTag: 'layer:foundation',
    onlyDependOnLibsWithTags: ['layer:contract', 'layer:foundation'],
  },
  { sourceTag: 'layer:feature', onlyDependOnLibsWithTags: ['layer:contract', 'layer:foundation'] },
  { sourceTag: 'layer:client', onlyDependOnLibsWithTags: ['layer:contract'] },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: [
      'layer:contract',
      'layer:foundation',
      'layer:feature',
      'layer:client',
      'layer:app',
    ],
  },
  {
    sourceTag: 'layer:test',
    onlyDependOnLibsWithTags: ['layer:contract', 'layer:foundation', 'layer:test'],
  },
  // Examples are nobody's dependency and show everything, with scripted models where that helps.
  {
    sourceTag: 'layer:example',
    onlyDependOnLibsWithTags: [
      'layer:contract',
      'layer:foundation',
      'layer:feature',
      'layer:client',
      'layer:app',
      'layer:test',
    ],
  },
];

/** Tests may use the test layer on top of what their package may import. */
const testConstraints = layerConstraints.map((constraint) => ({
  ...constraint,
  onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'layer:test'],
}));

const boundaries = (depConstraints) => [
  'error',
  {
    // Packages are separate modules at run time; bundling order is not this rule's business.
    enforceBuildableLibDependency: false,
    // A peer may be loaded lazily by a library and imported plainly by a test.
    checkDynamicDependenciesExceptions: ['.*'],
    depConstraints,
  },
];

const testFiles = ['**/*.test.{ts,tsx}', '**/__fixtures__/**'];
const configFiles = ['**/*.config.{ts,mts,js,mjs}'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a name is the same in every importing file.',
};
const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'List what is public: `export *` makes every internal name part of the API.',
};
const noProcessEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Libraries never read the environment; take the value as an option. Apps read it.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/out-tsc/**',
      '**/reports/**',
      '**/coverage/**',
      '**/.nx/**',
      '**/.espalier/**',
      'docs/reference/api/**',
      'tools/boundaries/fixture/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layerConstraints),
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // `import('x')` is how the type of a lazily loaded peer is named.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      // A port's method is async because other adapters await in it.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `keyof X & string` is meant: plug-ins extend X by declaration merging.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      'no-console': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noExportAll],
    },
  },
  {
    files: ['**/*.{ts,tsx,mts,mjs}'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      eqeqeq: 'error',
      // Text from outside is searched for control characters on purpose.
      'no-control-regex': 'off',
    },
  },
  {
    files: ['libs/**/src/**/*.{ts,tsx}'],
    ignores: testFiles,
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noExportAll, noProcessEnv] },
  },
  {
    // A program of its own, which hands the environment to the library.
    files: ['libs/training/src/jobs/training-worker.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noExportAll] },
  },
  {
    // These run in browsers and on edge runtimes too.
    files: ['libs/{core,protocol,sdk-ts}/src/**/*.ts'],
    ignores: testFiles,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'This package is runtime-neutral.' }] },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', '__dirname', 'require'],
    },
  },
  {
    files: testFiles,
    rules: {
      '@nx/enforce-module-boundaries': boundaries(testConstraints),
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'examples/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: [...configFiles, '**/*.{js,mjs}', 'tools/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      'no-restricted-syntax': 'off',
      'no-undef': 'off',
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  prettier,
);
