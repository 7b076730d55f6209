import { StringTable } from '@keepset/image-tree';

/** A map whose values are made as they are asked for: a million of them are never held. */
export abstract class LazyMap<V> implements ReadonlyMap<string, V> {
  abstract readonly size: number;
  abstract get(key: string): V | undefined;
  abstract entries(): Generator<[string, V], undefined>;

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(action: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) action(value, key, this);
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries();
  }

  /** The keys by their places. */
  placedKeys(): PlacedKeys {
    return tableOf(this.keys());
  }
}

/** Keys (byte strings) by their places: from 0, in the order in which the map has them. */
export interface PlacedKeys {
  at(place: number): string;
  /** All places, sorted by the bytes of the keys. */
  sorted(): Uint32Array;
}

/** The keys of any map; those of a large one are not held once more. */
export function keysByPlace(map: ReadonlyMap<string, unknown>): PlacedKeys {
  return map instanceof LazyMap ? map.placedKeys() : tableOf(map.keys());
}

function tableOf(keys: Iterable<string>): PlacedKeys {
  const table = new StringTable();
  for (const key of keys) table.add(key);
  return table;
}

/** The same keys with other values, each made as it is asked for. */
export function mapValues<A, B>(
  map: ReadonlyMap<string, A>,
  toValue: (value: A) => B,
): ReadonlyMap<string, B> {
  return new MappedValues(map, toValue);
}

class MappedValues<A, B> extends LazyMap<B> {
  readonly #map: ReadonlyMap<string, A>;
  readonly #toValue: (value: A) => B;

  constructor(map: ReadonlyMap<string, A>, toValue: (value: A) => B) {
    super();
    this.#map = map;
    this.#toValue = toValue;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): B | undefined {
    const value = this.#map.get(key);
    return value === undefined ? undefined : this.#toValue(value);
  }

  override has(key: string): boolean {
    return this.#map.has(key);
  }

  override keys(): Generator<string, undefined> {
    return this.#map.keys() as Generator<string, undefined>;
  }

  override *values(): Generator<B, undefined> {
    for (const value of this.#map.values()) yield this.#toValue(value);
  }

  override placedKeys(): PlacedKeys {
    return keysByPlace(this.#map);
  }

  *entries(): Generator<[string, B], undefined> {
    for (const [key, value] of this.#map) yield [key, this.#toValue(value)];
  }
}
