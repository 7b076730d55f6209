import { defineConfig } from 'tsup';

export default defineConfig({ entry: ['src/keepset.ts'], format: 'esm', clean: true, target: 'node22' });
