import { defineConfig } from 'vitest/config';

// Guides start containers, and a real browser may have to be installed first.
export default defineConfig({ test: { name: 'site', testTimeout: 300_000, hookTimeout: 600_000 } });
