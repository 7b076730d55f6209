import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', 'slim-worker': 'src/affected/slim-worker.ts' },
  format: 'esm',
  dts: { entry: 'src/index.ts' },
  clean: true,
  target: 'node22',
  // There is no 'sqlite' without 'node:'.
  removeNodeProtocol: false,
});
