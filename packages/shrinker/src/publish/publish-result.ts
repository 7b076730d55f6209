import { join } from 'node:path';
import { type Engine, type ImageDetails, parseTagReference } from '@keepset/docker-engine';
import {
  type Attach,
  applyChanges,
  type BuiltImage,
  configureImage,
  type ImageFacts,
  type Output,
  type SpooledLayer,
  writeOutput,
} from '@keepset/image-builder';
import { toSourceConfig } from '@keepset/image-source';
import type { Progress } from '../progress.js';
import { attachPushed } from './attach-pushed.js';

/** What becomes of a result. */
export interface Publication {
  /** NAME[:TAG] of the result, any number of them; none: it stays without a name, or goes when it has outputs. */
  readonly tags: readonly string[];
  /** Dockerfile instructions that change the result's configuration, once it is verified with the source's. */
  readonly changes?: readonly string[];
  /** Where the result goes besides the engine. */
  readonly outputs?: readonly Output[];
  /** Send each name to its registry. Default false. */
  readonly push?: boolean;
  /** ISO 8601, of the result; default: the source's. */
  readonly created?: string;
  /** What is attached to the result where it goes as an OCI image or to a registry. Default nothing. */
  readonly attach?: Attach;
  /** Of keepset, for history and manifest. */
  readonly version: string;
}

export interface Published {
  readonly image: BuiltImage;
  /** Of the first OCI image that was written. */
  readonly manifestDigest: string | undefined;
  /** NAME@sha256:… of each that was sent to a registry. */
  readonly pushed: readonly string[];
}

/** What made the result. */
export type Maker = 'shrink' | 'flatten' | 'restore' | 'remainder';

/**
 * What cannot be understood must not be found out after a long run.
 *
 * @throws BuildError BUILD_BAD_CHANGE; EngineError REFERENCE_INVALID
 */
export function checkPublication({ tags, changes = [], outputs = [] }: Publication): void {
  for (const tag of tags) parseTagReference(tag);
  for (const { type, destination } of outputs)
    if (type === 'registry') parseTagReference(String(destination));
  applyChanges({}, changes);
}

/** What is said of the result until it is verified: the source's configuration, unchanged. */
export function imageFacts(
  { version, created }: Publication,
  source: ImageDetails,
  maker: Maker,
): ImageFacts {
  return {
    source: { config: toSourceConfig(source) },
    createdBy: `${maker} ${version}`,
    comment: `from ${source.id}`,
    ...(created !== undefined && { created }),
  };
}

/** The layer is kept on this machine when it is to be sent again, as it is for `other` images as well. */
export function layerFileOf(
  folder: string,
  { outputs = [], changes = [] }: Publication,
  source: ImageDetails,
  other = false,
): { readonly layerFile?: string } {
  const isSentAgain = outputs.length > 0 || ((changes.length > 0 || other) && !source.layersByDiffId);
  return isSentAgain ? { layerFile: join(folder, 'layer.tar') } : {};
}

export interface PublishParts {
  readonly source: ImageDetails;
  readonly maker: Maker;
  /** Files in the order in which runs used them first, as far as it is known. Default unknown. */
  readonly used?: readonly string[];
  readonly progress: Pick<Progress, 'stage'>;
}

/**
 * Give a verified result its configuration, its names, and take it to where it is wanted.
 *
 * @param engine  undefined: it is written to its outputs alone, which know its names
 * @returns the image that has the names; with outputs and no name it has left the engine
 * @throws BuildError, EngineError
 */
export async function publishResult(
  engine: Engine | undefined,
  built: BuiltImage,
  publication: Publication,
  { source, maker, used = [], progress }: PublishParts,
): Promise<Published> {
  const names = publication.tags.map(parseTagReference);
  const { changes = [], outputs = [], attach } = publication;
  const final =
    changes.length === 0
      ? built
      : await configureImage(engine, built.layers, { ...imageFacts(publication, source, maker), changes });
  const references = names.map(({ repository, tag }) => `${repository}:${tag}`);
  let manifestDigest: string | undefined;
  const pushed: string[] = [];
  try {
    for (const output of outputs) {
      await progress.stage('output', output.type, async () => {
        const layers = final.layers as readonly SpooledLayer[];
        const mountFrom = [...source.repositoryDigests, ...pushed].map((name) => name.replace(/@.*$/, ''));
        const attached = attach !== undefined && { attach };
        const image = { config: final.config, layers, references, used, mountFrom, ...attached };
        const digest = await writeOutput(image, output);
        manifestDigest ??= digest;
        const { type, destination } = output;
        if (type === 'registry')
          pushed.push(`${parseTagReference(String(destination)).repository}@${digest}`);
        return [undefined, typeof destination === 'string' ? destination : 'standard output'] as const;
      });
    }
    for (const name of names) await engine?.tagImage(final.id, name);
  } catch (error) {
    if (final !== built && !final.existed) await engine?.removeImage(final.id);
    throw error;
  }
  // It has handed over its layer.
  if (final.id !== built.id && !built.existed) await engine?.removeImage(built.id);
  if (names.length === 0 && outputs.length > 0 && !final.existed) await engine?.removeImage(final.id);
  return { image: final, manifestDigest, pushed };
}

/**
 * Send a result to the registries of its names, where that was asked for, with what is attached to it. A push that
 * fails leaves the names here.
 *
 * @returns NAME@sha256:… of each that was sent
 * @throws EngineError PUSH_FAILED, REGISTRY_UNREACHABLE and the like; ShrinkError NOT_PUSHED
 */
export async function pushNames(
  engine: Engine | undefined,
  { config }: Pick<BuiltImage, 'config'>,
  { tags, push = false, attach }: Publication,
  progress: Pick<Progress, 'stage'>,
): Promise<readonly string[]> {
  const { created = '' } = JSON.parse(config) as { readonly created?: string };
  const pushed: string[] = [];
  if (engine === undefined) return pushed;
  for (const name of push ? tags.map(parseTagReference) : []) {
    const text = `${name.repository}:${name.tag}`;
    await progress.stage('push', text, async () => {
      const digest = await engine.pushImage(name);
      pushed.push(`${name.repository}@${digest}`);
      const attachments = (await attach?.(digest)) ?? [];
      const repository = engine.openRepository(name.repository);
      for (const attachment of attachments) await attachPushed(repository, digest, { attachment, created });
      return [undefined, text] as const;
    });
  }
  return pushed;
}

/** sha256:… of what was sent first: by the engine, where it sent something. */
export function digestOfPushed(pushed: readonly string[]): string | undefined {
  return pushed[0]?.replace(/^.*@/, '');
}
