import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', { test: { name: 'workspace', include: ['test/*.test.ts'] } }],
    // Tests against the real engine wait more than they compute: two at a time take two thirds of the time, also on two cores.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
  },
});
