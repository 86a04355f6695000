import tseslint from 'typescript-eslint'

const transcendental = [
  'exp',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'pow',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sinh',
  'cosh',
  'asin',
  'acos',
  'atan',
  'atan2',
  'cbrt',
  'hypot',
]
const why =
  'its last bit differs between processors and Node versions; use the polynomials of features/definitions/math.ts'

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', '*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'export by name' }],
    },
  },
  {
    // Same inputs, same bytes: docs/architecture.md, "One decision".
    files: ['engine/**/*.ts', 'features/definitions/**/*.ts', 'features/stream/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...transcendental.map((property) => ({ object: 'Math', property, message: why })),
        { object: 'Math', property: 'random', message: 'randomness is an argument' },
        { object: 'Date', property: 'now', message: 'time is an argument' },
      ],
      'no-restricted-globals': ['error', { name: 'performance', message: 'time is an argument' }],
      'no-restricted-syntax': [
        'error',
        { selector: "BinaryExpression[operator='**']", message: why },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'time is an argument' },
      ],
    },
  },
  {
    // Numeric kernels index typed arrays whose bounds their loops hold.
    files: [
      'engine/model/**/*.ts',
      'engine/ranking/**/*.ts',
      'engine/retrieval/**/*.ts',
      'training/kernels/**/*.ts',
      'training/models/**/*.ts',
      'training/metrics/**/*.ts',
      '**/*.test.ts',
      'tests/**/*.ts',
      'benchmarks/**/*.ts',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
