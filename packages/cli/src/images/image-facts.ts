import { type Engine, parseImageReference } from '@keepset/docker-engine';
import { forEach } from '@keepset/fleet';
import { engineOf } from '../inputs/engine-of.js';
import type { ImageFacts } from '../inputs/fleet/to-workloads.js';
import type { Console } from '../terminal/console.js';
import { openNamedImage } from './open-named-image.js';

/** Questions to a registry at a time. */
const ASKED_AT_A_TIME = 8;

/**
 * What the engine knows of images, and of those that it has not, what their registries know. A digest in a name is the
 * image's, whoever has it. Images of which nobody knows are left out: who does the task may have them.
 *
 * @param labelled  those whose labels are wanted: of others with a digest, nobody is asked
 */
export async function imageFacts(
  images: ReadonlySet<string>,
  labelled: ReadonlySet<string>,
  console: Console,
): Promise<ReadonlyMap<string, ImageFacts>> {
  const facts = new Map<string, ImageFacts>();
  const left = new Set(images);
  const add = (image: string, found: ImageFacts | undefined) => {
    if (found === undefined) return;
    facts.set(image, { ...found, digest: digestIn(image) ?? found.digest });
    left.delete(image);
  };
  for (const image of images) {
    const digest = digestIn(image);
    if (digest !== undefined && !labelled.has(image)) add(image, { digest, labels: {} });
  }
  if (left.size > 0) {
    // Who submits to a scheduler need not have an engine.
    await using engine = await engineOf(console).catch(() => undefined);
    if (engine !== undefined) {
      const listed = await listedFacts(engine);
      for (const image of images) add(image, listed.get(fullName(image)));
      await forEach([...left], ASKED_AT_A_TIME, async (image) => add(image, await askEngine(engine, image)));
    }
  }
  await forEach([...left], ASKED_AT_A_TIME, async (image) => add(image, await askRegistry(image, console)));
  return facts;
}

async function listedFacts(engine: Engine): Promise<ReadonlyMap<string, ImageFacts>> {
  const facts = new Map<string, ImageFacts>();
  for (const { id, names, repositoryDigests, labels } of await engine.listImages())
    for (const name of [id, ...names, ...repositoryDigests]) facts.set(name, { digest: id, labels });
  return facts;
}

function digestIn(image: string): string | undefined {
  return image.startsWith('sha256:') ? image : parseImageReference(image).digest;
}

/** As the engine lists it. */
function fullName(image: string): string {
  if (image.startsWith('sha256:')) return image;
  const { repository, tag, digest } = parseImageReference(image);
  return digest === undefined ? `${repository}:${tag ?? 'latest'}` : `${repository}@${digest}`;
}

/** By another name than the engine lists it under. */
async function askEngine(engine: Engine, image: string): Promise<ImageFacts | undefined> {
  const found = await engine.inspectImage(image).catch(() => undefined);
  return found && { digest: found.id, labels: labelsOf(found.config) };
}

async function askRegistry(image: string, console: Console): Promise<ImageFacts | undefined> {
  try {
    const named = await openNamedImage(`docker://${image}`, {}, console);
    if (named.kind !== 'source') return undefined;
    await using source = named.source;
    return { digest: source.id, labels: labelsOf(source.config.config) };
  } catch {
    return undefined;
  }
}

function labelsOf(config: Readonly<Record<string, unknown>> | undefined): ImageFacts['labels'] {
  const { Labels: labels } = config ?? {};
  return typeof labels === 'object' && labels !== null ? (labels as ImageFacts['labels']) : {};
}
