import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/keepset-action.ts'],
  format: 'esm',
  clean: true,
  target: 'node22',
});
