import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emitContext, readManifest, type StoredManifest, toBakeFile } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { parseOptions } from '../options/parse-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const GRAMMAR = {
  name: 'keepset emit',
  usage: `Usage: keepset emit dockerfile -o DIR [--tools IMAGE] MANIFEST
       keepset emit bake -o DIR [--tools IMAGE] MANIFEST...

Write what makes a result again with docker build (BuildKit), without keepset.`,
  epilogue: 'MANIFEST is what keepset shrink --manifest FILE wrote. DIR must be new or empty.',
  definitions: {
    output: { type: 'string', nargs: 1, alias: 'o', description: 'The folder to write' },
    tools: {
      type: 'string',
      nargs: 1,
      description: 'An image with GNU tar and coreutils (default debian:bookworm-slim)',
    },
  },
} as const;

/** `keepset emit`. */
export async function emitCommand(args: readonly string[], console: Console): Promise<void> {
  const [form, ...rest] = args;
  if (form === '--help')
    return void (await console.writeOut(`${await parseOptions(args, GRAMMAR, console, console.columns)}\n`));
  if (form !== 'dockerfile' && form !== 'bake')
    throw new UsageError(
      form === undefined ? 'emit what?' : `emit knows no '${form}'`,
      "'keepset emit dockerfile' or 'keepset emit bake'.",
    );
  const parsed = await parseOptions(rest, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const folder = parsed.options.output as string | undefined;
  const tools = parsed.options.tools as string | undefined;
  if (folder === undefined)
    throw new UsageError('emit needs a folder', 'Give one with -o DIR, before MANIFEST.');
  if (parsed.rest.length === 0)
    throw new UsageError('no manifest given', 'keepset shrink --manifest FILE writes one.');
  if (form === 'dockerfile' && parsed.rest.length > 1)
    throw new UsageError('emit dockerfile takes one manifest', "'keepset emit bake' takes several.");
  if ((await readdir(folder).catch(() => [])).length > 0) throw new UsageError(`-o: ${folder} is not empty`);
  const manifests = await Promise.all(parsed.rest.map(readManifest));
  await using engine = await engineOf(console);
  const contexts = await Promise.all(manifests.map((manifest) => emitContext(engine, manifest, tools)));
  const names = form === 'bake' ? toTargetNames(manifests) : ['.'];
  for (const [index, context] of contexts.entries()) {
    const place = join(folder, names[index] as string);
    await mkdir(place, { recursive: true });
    for (const { name, content } of context) await writeFile(join(place, name), content);
  }
  if (form === 'dockerfile') return;
  const targets = manifests.map(({ result }, index) => ({
    name: names[index] as string,
    context: names[index] as string,
    tags: result.reference === undefined ? [] : [result.reference],
  }));
  await writeFile(join(folder, 'docker-bake.hcl'), toBakeFile(targets));
}

/** After the results' names, each once. @see docker buildx bake: letters, digits, `_` and `-` */
function toTargetNames(manifests: readonly StoredManifest[]): readonly string[] {
  const used = new Set<string>();
  return manifests.map(({ result }) => {
    const base = (result.reference ?? 'result').replace(/[^A-Za-z0-9_-]+/g, '-');
    let name = base;
    for (let number = 2; used.has(name); number++) name = `${base}-${number}`;
    used.add(name);
    return name;
  });
}
