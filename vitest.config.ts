import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { projects: ['packages/*', 'site', { test: { name: 'workspace', include: ['test/*.test.ts'] } }] },
});
