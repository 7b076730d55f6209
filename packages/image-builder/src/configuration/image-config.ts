import { OWN_LABELS } from '@keepset/docker-engine';
import type { SourceConfig } from '@keepset/image-source';
import type { Layer } from '../layer/layer.js';

/** What a configuration says of its layers. */
export interface ResultFacts {
  /** The lowest first; `diffId` is sha256:… of the uncompressed layer. */
  readonly layers: readonly Pick<Layer, 'diffId' | 'comment'>[];
  /** ISO 8601; the source's own by default, so that the same input gives the same image. */
  readonly created?: string;
  /** How the layers came to be: stands in the history, the one place where it does not change how the image runs. */
  readonly createdBy: string;
  readonly comment?: string;
}

/**
 * The result's configuration: the source's, over other layers. In one form, whoever told it: keys sorted, without those
 * that say nothing, which engines add.
 *
 * @returns JSON; its sha256 is the image id
 * @see OCI image specification, "Image Configuration"
 * @example
 * const facts = { layers: [], createdBy: 'an example' };
 * JSON.parse(toImageConfig(image.config, facts)).rootfs // { type: 'layers', diff_ids: [] }
 */
export function toImageConfig(source: SourceConfig, facts: ResultFacts): string {
  const { createdBy, layers } = facts;
  const { architecture, variant, os, 'os.version': osVersion, author } = source;
  const created = canonicalTime(facts.created ?? source.created);
  return JSON.stringify({
    architecture,
    ...(variant !== undefined && variant !== '' && { variant }),
    os,
    ...(osVersion !== undefined && osVersion !== '' && { 'os.version': osVersion }),
    ...(author !== undefined && author !== '' && { author }),
    created,
    config: withoutOwnLabels(source.config ?? {}),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ comment = facts.comment }) => ({
      created,
      created_by: createdBy,
      ...(comment !== undefined && { comment }),
    })),
  });
}

/** What engines say of an image that does not say when it was made. */
const NO_TIME = '0001-01-01T00:00:00Z';

/** As engines print a time: of the decimals none that says nothing. */
function canonicalTime(text = ''): string {
  const [, second, decimals = '', zone = ''] = /^(.{19})(?:\.([0-9]+))?(Z|[+-][0-9:]{5})$/.exec(text) ?? [];
  if (second === undefined) return NO_TIME;
  const part = decimals.slice(0, 9).replace(/0+$/, '');
  return `${second}${part === '' ? '' : `.${part}`}${zone.replace(/^[+-]00:00$/, 'Z')}`;
}

type Json = Readonly<Record<string, unknown>>;

/** Labels by which an engine's containers are known as keepset's are nothing that an image has. */
function withoutOwnLabels({ Labels, ...others }: Json): Json {
  const labels = Object.entries((Labels as Json | null | undefined) ?? {});
  return canonical({
    ...others,
    Labels: Object.fromEntries(labels.filter(([name]) => !OWN_LABELS.includes(name))),
  });
}

/** Engines tell of every image what it does not say: no user, no hostname, no ports. */
function canonical(config: Json): Json {
  return sortKeys(
    Object.fromEntries(Object.entries(config).filter(([, value]) => !saysNothing(value))),
  ) as Json;
}

function saysNothing(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}
