import { defineConfig } from 'vitest/config';

// Values and files alone: no engine.
export default defineConfig({ test: { testTimeout: 60_000 } });
