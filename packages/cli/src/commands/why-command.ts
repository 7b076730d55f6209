import { explain, parsePrintedPath, readManifest } from '@keepset/shrinker';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const GRAMMAR = {
  name: 'keepset why',
  usage:
    'Usage: keepset why --manifest FILE PATH\n\nTell why PATH of the source was kept, or that it was removed.',
  epilogue: 'PATH is absolute; bytes that are no text are written as in the keep list (\\377).',
  definitions: {
    manifest: { type: 'string', nargs: 1, description: 'As keepset shrink --manifest FILE wrote it' },
  },
} as const;

/** `keepset why`: needs no engine. */
export async function whyCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const [path, surplus] = parsed.rest;
  const manifest = parsed.options.manifest as string | undefined;
  if (path === undefined) throw new UsageError('no path given', "'keepset why --manifest FILE PATH'.");
  if (surplus !== undefined) throw new UsageError(`one path at a time: what is '${surplus}'?`);
  if (!path.startsWith('/')) throw new UsageError(`'${path}' is no absolute path`);
  if (manifest === undefined)
    throw new UsageError('no manifest given', 'Give one with --manifest FILE; keepset shrink writes it.');
  for (const line of await explain(parsePrintedPath(path), await readManifest(manifest)))
    await console.writeOut(`${line}\n`);
}
