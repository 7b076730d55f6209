import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'tsup';
import { thirdParty } from '../../build/third-party.ts';

const { resolve } = createRequire(import.meta.url);

// sql.js and CycloneDX's library come in all builds that they have, 38 MB: only what runs is taken. pep440 says that it is for
// some versions of Node only, for no reason in its code.
export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'node22',
  // There is no 'sqlite' without 'node:'.
  removeNodeProtocol: false,
  shims: true,
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);",
  },
  // Validators and writers of XML that CycloneDX's library looks for and does without.
  external: ['ajv', 'ajv-formats', 'ajv-formats-draft2019', 'libxmljs2', 'xmlbuilder2'],
  esbuildPlugins: [thirdParty],
  onSuccess: async () => copyFileSync(resolve('sql.js/dist/sql-wasm.wasm'), 'dist/sql-wasm.wasm'),
});
