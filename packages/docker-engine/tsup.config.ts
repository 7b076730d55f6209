import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';

const notUsed = fileURLToPath(new URL('build/not-used.cjs', import.meta.url));

// dockerode is bundled without the modules behind its BuildKit sessions and its packing of folders. It loads them
// at once, keepset calls neither, and they cost 0.3 s and 30 MB in every process: see docs/decisions/0003.
export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'node22',
  noExternal: ['dockerode'],
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);",
  },
  esbuildOptions(options) {
    options.alias = {
      '@grpc/grpc-js': notUsed,
      '@grpc/proto-loader': notUsed,
      protobufjs: notUsed,
      '@balena/dockerignore': notUsed,
      'tar-fs': notUsed,
    };
  },
});
