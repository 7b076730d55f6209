import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AsyncDisposableStack } from '@keepset/docker-engine';
import { toBakeFile } from '@keepset/image-builder';
import type { ImageSource } from '@keepset/image-source';
import { readManifest, type StoredManifest } from '@keepset/manifest';
import { emitContext } from '@keepset/shrinker';
import type { EMIT } from '../definitions/emit.js';
import { openNamedImage } from '../images/open-named-image.js';
import { engineOf } from '../inputs/engine-of.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

/** `keepset emit`. */
export async function emitCommand(
  { options, operands: [form, ...files] }: CommandLineOf<typeof EMIT>,
  console: Console,
): Promise<undefined> {
  const { output: folder, tools } = options;
  if (files.length === 0)
    throw new UsageError('no manifest given', "'keepset shrink --manifest FILE' writes one.");
  if (form === 'dockerfile' && files.length > 1)
    throw new UsageError('emit dockerfile takes one manifest', "'keepset emit bake' takes several.");
  if ((await readdir(folder).catch(() => [])).length > 0) throw new UsageError(`-o: ${folder} is not empty`);
  const manifests = await Promise.all(files.map((file) => readManifest(file, { side: 'kept' })));
  await using opened = new AsyncDisposableStack();
  const sources = await openSources(options, opened, console);
  const contexts = await Promise.all(
    manifests.map((manifest) => emitContext(sources(manifest), manifest, tools)),
  );
  const names = form === 'bake' ? toTargetNames(manifests) : ['.'];
  for (const [index, context] of contexts.entries()) {
    const place = join(folder, names[index] ?? '.');
    await mkdir(place, { recursive: true });
    for (const { name, content } of context) await writeFile(join(place, name), content);
  }
  if (form === 'dockerfile') return;
  const targets = manifests.map(({ result }, index) => {
    const name = names[index] ?? '.';
    return { name, context: name, tags: result.reference === undefined ? [] : [result.reference] };
  });
  await writeFile(join(folder, 'docker-bake.hcl'), toBakeFile(targets));
}

type Source = Parameters<typeof emitContext>[0];

/** Where the source of each manifest is: at the engine, unless sources are named. */
async function openSources(
  { source: names, ...options }: CommandLineOf<typeof EMIT>['options'],
  opened: AsyncDisposableStack,
  console: Console,
): Promise<(manifest: StoredManifest) => Source> {
  const images: ImageSource[] = [];
  for (const name of names) {
    const image = await openNamedImage(name, options, console);
    if (image.kind === 'source') images.push(opened.use(image.source));
  }
  const [only] = images;
  const otherwise =
    images.length < names.length || only === undefined ? opened.use(await engineOf(console)) : only;
  return ({ source }) =>
    images.find(({ id, manifestDigest }) => [id, manifestDigest].includes(source.id)) ?? otherwise;
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
