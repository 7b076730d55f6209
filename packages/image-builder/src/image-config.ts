import type { ImageDetails } from '@keepset/docker-engine';

export interface ResultFacts {
  /** sha256:… of the uncompressed layer. */
  readonly diffId: string;
  /** ISO 8601; the source's own by default, so that the same input gives the same image. */
  readonly created: string;
  /** How the layer came to be: stands in the history, the one place where it does not change how the image runs. */
  readonly createdBy: string;
  readonly comment?: string;
}

/**
 * The result's configuration: the source's, whole, over one layer.
 *
 * @returns JSON; its sha256 is the image id
 * @see OCI image specification, "Image Configuration"
 */
export function toImageConfig(source: ImageDetails, facts: ResultFacts): string {
  const { created, createdBy, comment } = facts;
  return JSON.stringify({
    architecture: source.architecture,
    ...(source.variant !== undefined && { variant: source.variant }),
    os: source.os,
    ...(source.osVersion !== undefined && { 'os.version': source.osVersion }),
    ...(source.author !== undefined && { author: source.author }),
    created,
    config: source.config,
    rootfs: { type: 'layers', diff_ids: [facts.diffId] },
    history: [{ created, created_by: createdBy, ...(comment !== undefined && { comment }) }],
  });
}
