import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'dist-gallery/', 'node_modules/', 'src/lib/api-types.d.ts'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.worker.json', './tsconfig.node.json'],
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // A generic result says what the caller knows of stored JSON; there is no argument to infer it from.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // A type says what a template literal holds; numbers and booleans in it are meant.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Links are ordinary <a href>; the router takes them up, there is no resolve() to call.
      'svelte/no-navigation-without-resolve': 'off',
      // In markup the linter cannot see the types of another component, nor that `bind:` changes a variable;
      // svelte-check sees both.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The texts of readings are cleaned on the server and pass the Trusted Types policy.
      'svelte/no-at-html-tags': 'off',
      // URL, Map and Set are used as plain values; what is reactive is marked with $state.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['*.js'], ...ts.configs.disableTypeChecked },
)
