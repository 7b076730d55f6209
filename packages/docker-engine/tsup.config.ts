import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import { thirdParty } from '../../build/third-party.ts';

const notUsed = fileURLToPath(new URL('build/not-used.cjs', import.meta.url));

// dockerode is bundled without the modules behind its BuildKit sessions and its packing of folders. It loads them
// at once, keepset calls neither, and they cost 0.3 s and 30 MB in every process: see docs/decisions/0003. With it comes
// ssh2, without the native accelerators that an install script would compile: plain JavaScript serves as well.
export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'node22',
  shims: true,
  noExternal: ['dockerode'],
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);",
  },
  esbuildPlugins: [
    thirdParty,
    {
      name: 'no-native-code',
      setup: (build) =>
        build.onLoad({ filter: /\/ssh2\/lib\/protocol\/crypto\.js$/ }, ({ path }) => ({
          contents: readFileSync(path, 'utf8').replace(
            './crypto/build/Release/sshcrypto.node',
            'cpu-features',
          ),
        })),
    },
  ],
  esbuildOptions(options) {
    options.alias = {
      '@grpc/grpc-js': notUsed,
      '@grpc/proto-loader': notUsed,
      protobufjs: notUsed,
      '@balena/dockerignore': notUsed,
      'tar-fs': notUsed,
      'cpu-features': notUsed,
    };
  },
});
