import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/record-logs.ts',
    // The machine's strace takes the time, not the tools.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
