import { defineConfig } from 'tsup';

export default defineConfig({
  // `failure` alone loads no engine client.
  entry: ['src/index.ts', 'src/failure.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'node22',
  // There is no 'sqlite' without 'node:'.
  removeNodeProtocol: false,
});
