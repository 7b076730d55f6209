import { writeFile } from 'node:fs/promises';
import { readManifest, restore } from '@keepset/shrinker';
import { requireWritable } from '../inputs/require-writable.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { MADE_IMAGE_DEFINITIONS, tellMadeImage } from './make-image.js';

const GRAMMAR = {
  name: 'keepset restore',
  usage: `Usage: keepset restore --manifest FILE [OPTIONS] -t OUT PATH...
       keepset restore --manifest FILE [OPTIONS] -t OUT --package NAME [PATH...]

Add files of the source to a result, without tracing again: what the manifest lists, and PATH with all below it.`,
  epilogue: 'PATH is absolute, and may be a pattern (as of --keep). The image is not run.',
  definitions: {
    ...MADE_IMAGE_DEFINITIONS,
    manifest: { type: 'string', nargs: 1, description: 'As keepset shrink --manifest FILE wrote it' },
    package: {
      type: 'string',
      array: true,
      nargs: 1,
      description: 'Add the whole of a package (NAME, or deb:NAME in one ecosystem); repeatable',
    },
    'keep-list': { type: 'string', nargs: 1, description: 'Write the new list of kept paths to this file' },
  },
} as const;

/** `keepset restore`. */
export async function restoreCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const { options, rest } = parsed;
  const packages = (options.package as readonly string[] | undefined) ?? [];
  const file = options.manifest as string | undefined;
  const listFile = options['keep-list'] as string | undefined;
  if (file === undefined)
    throw new UsageError('no manifest given', 'Give one with --manifest FILE; keepset shrink writes it.');
  if (rest.length === 0 && packages.length === 0)
    throw new UsageError('restore what?', 'Give paths of the source, or --package NAME.');
  const relative = rest.find((path) => !path.startsWith('/'));
  if (relative !== undefined) throw new UsageError(`'${relative}' is no absolute path`);
  requireWritable(listFile, '--keep-list');
  const manifest = await readManifest(file);
  const made = await tellMadeImage(options, console, (engine, request, streams) =>
    restore(engine, { ...request, manifest, paths: rest, packages, version }, streams),
  );
  if (listFile !== undefined) await writeFile(listFile, made.keepList);
}
