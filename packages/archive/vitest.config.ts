import { defineConfig } from 'vitest/config';

// Tests against the real engine start containers, beside other tests that do: they wait more than they compute.
export default defineConfig({
  test: { testTimeout: 300_000, hookTimeout: 600_000, maxConcurrency: 4 },
});
