import { defineConfig } from 'vitest/config';

// Tests against the real engine start containers, beside other tests that do.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 600_000 } });
