import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { ImageSource } from '@keepset/image-source';
import { readManifest, type StoredManifest } from '@keepset/manifest';
import { restore } from '@keepset/shrinker';
import { RESTORE } from '../definitions/restore.js';
import { openNamedImage } from '../images/open-named-image.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { didYouMeanPackage } from '../options/nearest-name.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';
import { makeImage } from './make-image.js';

/** `keepset restore`. */
export async function restoreCommand(
  { options, operands: [file, ...paths] }: CommandLineOf<typeof RESTORE>,
  console: Console,
): Promise<undefined> {
  const { package: packages, 'keep-list': listFile } = options;
  if (paths.length === 0 && packages.length === 0)
    throw new UsageError('no paths and no packages given', 'Give paths of the source, or --package NAME.');
  const relative = paths.find((path) => !path.startsWith('/'));
  if (relative !== undefined) throw new UsageError(`'${relative}' is not an absolute path`);
  requireWritable(listFile, '--keep-list');
  if (!existsSync(file))
    throw new UsageError(
      `there is no manifest '${file}'`,
      `It stands first: 'keepset ${RESTORE.usage[0]}'; --manifest writes the new one.`,
    );
  const manifest = await readManifest(file);
  requireNamed(packages, manifest);
  await using source = await openGivenSource(options, console);
  const made = await makeImage(
    options,
    console,
    { isGiven: source !== undefined },
    (engine, request, streams) =>
      restore(
        engine,
        { ...request, manifest, paths, packages, version: VERSION, ...(source !== undefined && { source }) },
        streams,
      ),
  );
  if (listFile !== undefined) await writeFile(listFile, made.keepList);
}

/** The source that the command line names. What a manifest names is nobody's word: no registry is asked for it, no file read. */
async function openGivenSource(
  { source: name, insecure }: CommandLineOf<typeof RESTORE>['options'],
  console: Console,
): Promise<ImageSource | undefined> {
  const image =
    name === undefined ? undefined : await openNamedImage(name, { insecure, leavesFiles: true }, console);
  return image?.kind === 'source' ? image.source : undefined;
}

/** @throws UsageError  a package that the source does not have */
function requireNamed(packages: readonly string[], { inventory }: StoredManifest): void {
  if (inventory === undefined) return;
  const names = new Set(inventory.packages.map(({ name }) => name));
  for (const each of packages)
    if (!names.has(each.replace(/^[a-z]+:/, '')) && !names.has(each))
      throw new UsageError(
        `the source has no package '${each}'${didYouMeanPackage(each, names)}`,
        "'keepset packages IMAGE' lists them.",
      );
}
