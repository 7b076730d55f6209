import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import { ManifestError } from '../manifest-error.js';
import { parseUniqueJson, RepeatedKeyError } from '../record/parse-unique-json.js';
import type { StoredManifest } from '../record/read-manifest.js';
import { count, list, object, record, ShapeError, text } from '../record/shape.js';

/** Files that several results have, and no other: each of these has all of them. */
export interface SharedLayer {
  /** For people: the packages that most of it is of. */
  readonly name: string;
  /** How many results have it. */
  readonly results: number;
  /** Of its files. */
  readonly sizeBytes: number;
  /** Byte strings. */
  readonly paths: readonly string[];
}

/** Which layers results of some sources share. */
export interface SharedLayers {
  /** Those of most results first. */
  readonly layers: readonly SharedLayer[];
  /** By the id of a source: places in `layers` of those that a result of it may have. */
  readonly sources: ReadonlyMap<string, readonly number[]>;
}

/** What sharing comes to, in bytes of files that are not compressed. */
export interface SharingSums {
  readonly results: number;
  /** Of all results, each for itself. */
  readonly sizeBytes: number;
  /** With each shared layer counted once. */
  readonly sharedBytes: number;
}

/** Engines stack 127 layers at most; each costs a moment whenever the image is used. */
const SHARED_LAYERS_MAX = 60;
/** About what a layer adds to each result: its names in the configuration and the manifest, its folders, its end. */
const LAYER_BYTES = 4096;

interface Unit {
  /** Of one content: more than one where a file is kept under several names. */
  readonly paths: readonly string[];
  readonly sizeBytes: number;
  readonly package: string;
  /** Places of results, ascending. */
  readonly results: number[];
}

/**
 * Finds the layers that some results share: files that the same results have, with the same content, owner, mode and time,
 * become one layer. So no result gets a file that it does not need, and no content is stored twice that is worth a layer.
 *
 * @example
 * const plan = new SharedLayerPlan();
 * for (const file of files) plan.add(await readManifest(file, { side: 'kept' }));
 * plan.layers().layers.length
 */
export class SharedLayerPlan {
  readonly #units = new Map<string, Unit>();
  readonly #sources: string[] = [];
  #sizeBytes = 0;

  add(manifest: Pick<StoredManifest, 'source' | 'entries' | 'generated' | 'inventory'>): void {
    const result = this.#sources.push(manifest.source.id) - 1;
    for (const { key, ...unit } of unitsOf(manifest)) {
      this.#sizeBytes += unit.sizeBytes;
      const known = this.#units.get(key);
      if (known === undefined) this.#units.set(key, { ...unit, results: [result] });
      else known.results.push(result);
    }
  }

  layers(): SharedLayers {
    const classes = Map.groupBy(
      [...this.#units.values()].filter(({ results }) => results.length > 1),
      ({ results }) => results.join(),
    );
    const found = [...classes.values()]
      .map((units) => ({ layer: toLayer(units), of: units[0]?.results ?? [] }))
      .filter(({ layer }) => savedBytes(layer) > 0)
      .sort((one, other) => compareLayers(one.layer, other.layer));
    const sources = new Map<string, Set<number>>();
    for (const [place, { of }] of found.entries())
      for (const result of of) {
        const source = this.#sources[result] ?? '';
        sources.set(source, (sources.get(source) ?? new Set()).add(place));
      }
    return {
      layers: found.map(({ layer }) => layer),
      sources: new Map(
        [...sources]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([source, places]) => [source, [...places]] as const),
      ),
    };
  }

  /** @param shared  what `layers` gave */
  sums({ layers }: Pick<SharedLayers, 'layers'>): SharingSums {
    const saved = layers.reduce((sum, { sizeBytes, results }) => sum + sizeBytes * (results - 1), 0);
    return {
      results: this.#sources.length,
      sizeBytes: this.#sizeBytes,
      sharedBytes: this.#sizeBytes - saved,
    };
  }
}

/** What a result has of its source as it is there, and has a content. */
function* unitsOf({
  entries,
  generated,
  inventory,
}: Pick<StoredManifest, 'entries' | 'generated' | 'inventory'>): Generator<
  Omit<Unit, 'results'> & { readonly key: string }
> {
  const names = new Map<string, string[]>();
  for (const [path, { type, isKept, isStub, sizeBytes, sha256, hardLinkTo }] of entries) {
    if (type !== 'file' || !isKept || isStub || sizeBytes === 0 || sha256 === undefined) continue;
    if (generated.has(path)) continue;
    const first = hardLinkTo ?? path;
    const others = names.get(first);
    if (others === undefined) names.set(first, [path]);
    else others.push(path);
  }
  for (const paths of names.values()) {
    paths.sort();
    const entry = entries.get(paths[0] ?? '');
    if (entry === undefined) continue;
    const { sha256, mode, uid, gid, mtimeSeconds, sizeBytes, owners } = entry;
    yield {
      key: JSON.stringify([paths, sha256, mode, uid, gid, mtimeSeconds]),
      paths,
      sizeBytes,
      package: inventory?.packages[owners[0] ?? -1]?.name ?? '',
    };
  }
}

function toLayer(units: readonly Unit[]): SharedLayer {
  const sizes = new Map<string, number>();
  let sizeBytes = 0;
  for (const unit of units) {
    sizeBytes += unit.sizeBytes;
    sizes.set(unit.package, (sizes.get(unit.package) ?? 0) + unit.sizeBytes);
  }
  const names = [...sizes]
    .filter(([name]) => name !== '')
    .sort(([one, size], [other, otherSize]) => otherSize - size || (one < other ? -1 : 1))
    .map(([name]) => name);
  const shown = names.slice(0, 3).join(', ');
  return {
    name: shown === '' ? 'of no package' : names.length > 3 ? `${shown}, …` : shown,
    results: units[0]?.results.length ?? 0,
    sizeBytes,
    paths: units.flatMap(({ paths }) => paths).sort(),
  };
}

function savedBytes({ sizeBytes, results }: SharedLayer): number {
  return sizeBytes * (results - 1) - LAYER_BYTES * results;
}

/** An engine shares the lowest layers alone: those of most results lie lowest. */
function compareLayers(one: SharedLayer, other: SharedLayer): number {
  return (
    other.results - one.results ||
    other.sizeBytes - one.sizeBytes ||
    ((one.paths[0] ?? '') < (other.paths[0] ?? '') ? -1 : 1)
  );
}

/**
 * The shared layers that a result has: those of its source of which it has all files. Of too many, those that save most.
 *
 * @param kept  paths of the result, as they are in its source
 * @returns     in the order of the plan
 */
export function chooseSharedLayers(
  kept: ReadonlySet<string>,
  source: string,
  { layers, sources }: SharedLayers,
): readonly SharedLayer[] {
  const whole = (sources.get(source) ?? []).flatMap((place) => layers[place] ?? []);
  const fitting = whole.filter(({ paths }) => paths.every((path) => kept.has(path)));
  return fitting
    .toSorted((one, other) => savedBytes(other) - savedBytes(one) || compareLayers(one, other))
    .slice(0, SHARED_LAYERS_MAX)
    .sort(compareLayers);
}

/** Raised when a reader of older files would misunderstand a newer one. */
const LAYERS_VERSION = 1;

/** As a file: paths as manifests have them. */
export function printSharedLayers({ layers, sources }: SharedLayers): string {
  const printed = layers.map((layer) => ({ ...layer, paths: layer.paths.map(printPath) }));
  return `${JSON.stringify(
    { layersVersion: LAYERS_VERSION, layers: printed, sources: Object.fromEntries(sources) },
    null,
    1,
  )}\n`;
}

const shape = object({
  layersVersion: count,
  layers: list(object({ name: text, results: count, sizeBytes: count, paths: list(text) })),
  sources: record(list(count)),
});

interface PrintedLayers {
  readonly layersVersion: number;
  readonly layers: readonly SharedLayer[];
  readonly sources: Readonly<Record<string, readonly number[]>>;
}

/**
 * What `printSharedLayers` wrote.
 *
 * @throws ManifestError MANIFEST_INVALID
 */
export function parseSharedLayers(printed: string): SharedLayers {
  try {
    const value = parseUniqueJson(printed);
    shape(value, '');
    const { layersVersion, layers, sources } = value as PrintedLayers;
    if (layersVersion !== LAYERS_VERSION)
      throw new ShapeError(`it is of version ${layersVersion}, and ${LAYERS_VERSION} can be read`);
    // Any result has all of nothing: it would be a layer of each, and no image has such a one.
    const empty = layers.findIndex(({ paths }) => paths.length === 0);
    if (empty >= 0) throw new ShapeError(`layers[${empty}].paths is empty`);
    return {
      layers: layers.map((layer) => ({ ...layer, paths: layer.paths.map(parsePrintedPath) })),
      sources: new Map(Object.entries(sources)),
    };
  } catch (error) {
    const isKnown = error instanceof ShapeError || error instanceof RepeatedKeyError;
    if (!isKnown && !(error instanceof SyntaxError)) throw error;
    throw new ManifestError(
      'MANIFEST_INVALID',
      `this is no file of shared layers: ${(error as Error).message}`,
      {
        hint: "'keepset fleet layers' writes one.",
        cause: error,
      },
    );
  }
}
