import { defineConfig } from 'vitest/config';

// A real browser opens pages: it may have to be installed first.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 600_000 } });
