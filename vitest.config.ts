import { defineConfig } from 'vitest/config';

// Tests of the workspace read whole packages, and some start containers beside other tests that do.
const workspace = {
  name: 'workspace',
  include: ['test/*.test.ts'],
  testTimeout: 300_000,
  hookTimeout: 600_000,
};

export default defineConfig({ test: { projects: ['packages/*', 'site', { test: workspace }] } });
