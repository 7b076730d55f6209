import { type ImageConfig, type ImageDetails, OWN_LABELS } from '@keepset/docker-engine';
import type { Layer } from '../layer/layer.js';

/** What a configuration says of its layers. */
export interface ResultFacts {
  /** The lowest first; `diffId` is sha256:… of the uncompressed layer. */
  readonly layers: readonly Pick<Layer, 'diffId' | 'comment'>[];
  /** ISO 8601; the source's own by default, so that the same input gives the same image. */
  readonly created: string;
  /** How the layers came to be: stands in the history, the one place where it does not change how the image runs. */
  readonly createdBy: string;
  readonly comment?: string;
}

/**
 * The result's configuration: the source's, whole, over other layers.
 *
 * @returns JSON; its sha256 is the image id
 * @see OCI image specification, "Image Configuration"
 * @example
 * const facts = { layers: [], created: source.created, createdBy: 'an example' };
 * JSON.parse(toImageConfig(source, facts)).rootfs // { type: 'layers', diff_ids: [] }
 */
export function toImageConfig(source: ImageDetails, facts: ResultFacts): string {
  const { created, createdBy, layers } = facts;
  return JSON.stringify({
    architecture: source.architecture,
    ...(source.variant !== undefined && { variant: source.variant }),
    os: source.os,
    ...(source.osVersion !== undefined && { 'os.version': source.osVersion }),
    ...(source.author !== undefined && { author: source.author }),
    created,
    config: withoutOwnLabels(source.config),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ comment = facts.comment }) => ({
      created,
      created_by: createdBy,
      ...(comment !== undefined && { comment }),
    })),
  });
}

/** Labels by which an engine's containers are known as keepset's are nothing that an image has. */
function withoutOwnLabels(config: ImageConfig): ImageConfig {
  const labels = config.Labels as Readonly<Record<string, string>> | null | undefined;
  if (!labels || !OWN_LABELS.some((name) => Object.hasOwn(labels, name))) return config;
  const kept = Object.entries(labels).filter(([name]) => !OWN_LABELS.includes(name));
  return { ...config, Labels: Object.fromEntries(kept) };
}
