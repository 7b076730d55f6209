import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What a package has to say of others' code that is bundled with it: `dist/THIRD-PARTY.txt`, with the name, version and
 * licence of each, for its `tsup.config.ts`.
 */
export const thirdParty: Plugin = {
  name: 'third-party',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      const folders = new Set(
        Object.keys(metafile?.inputs ?? {}).flatMap((file) => packageFolder(file) ?? []),
      );
      const texts = [...folders].map(describePackage).sort();
      // In a fresh checkout nothing has been written there yet.
      const folder = build.initialOptions.outdir ?? 'dist';
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'THIRD-PARTY.txt'), texts.join(`\n${RULE}\n`));
    });
  },
};

const RULE = '='.repeat(80);

/** The innermost package that a file belongs to. */
function packageFolder(file: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//s.exec(file)?.[1];
}

function describePackage(folder: string): string {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const named = license ?? licenses?.map(({ type }: { type: string }) => type).join(' OR ');
  if (named === undefined && texts.length === 0)
    throw new Error(`${name} ${version} has no licence: it cannot be bundled`);
  return `${[`${name} ${version}: ${named ?? 'see below'}`, ...texts].join('\n\n')}\n`;
}
