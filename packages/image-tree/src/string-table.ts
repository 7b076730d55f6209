import { Column } from './column.js';
import { sortNumbers } from './sort-numbers.js';

/** A place is the number of a chunk and one of its bytes: 16 bits each. */
const CHUNK_BITS = 16;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const SLOTS_MIN = 2048;

/**
 * Byte strings by their numbers, and their numbers by the strings. It holds the bytes and some 24 more of each, where a
 * string in a map takes a hundred more.
 *
 * @example
 * const paths = new StringTable();
 * paths.add('/usr/bin/perl') // 0
 * paths.at(0)                // '/usr/bin/perl'
 */
export class StringTable {
  /** No string is cut: one that is longer than a chunk has a larger one of its own. */
  readonly #chunks: Buffer[] = [];
  #freeAt = CHUNK_BYTES;
  readonly #starts = new Column((length) => new Uint32Array(length));
  readonly #lengths = new Column((length) => new Uint32Array(length));
  readonly #hashes = new Column((length) => new Uint32Array(length));
  /** A hash table with open addresses: a string's number plus 1, or 0. At most three of four are taken. */
  #slots = new Uint32Array(SLOTS_MIN);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the string's number: from 0, in the order in which they came; of one that is there, its own */
  add(text: string): number {
    const hash = hashOf(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot] as number;
    if (known > 0) return known - 1;
    const index = this.#size++;
    this.#store(text, index);
    this.#hashes.set(index, hash);
    this.#slots[slot] = index + 1;
    if (this.#size * 4 > this.#slots.length * 3) this.#growSlots();
    return index;
  }

  /** @returns undefined if it is not there */
  indexOf(text: string): number | undefined {
    const known = this.#slots[this.#slotOf(text, hashOf(text))] as number;
    return known === 0 ? undefined : known - 1;
  }

  /** @param index  below `size` */
  at(index: number): string {
    const start = this.#startOf(index);
    return this.#chunkOf(index).toString('latin1', start, start + this.#lengths.at(index));
  }

  /** The numbers, sorted by the bytes of the strings. */
  sorted(): Uint32Array {
    const numbers = new Uint32Array(this.#size).map((_, index) => index);
    return sortNumbers(numbers, (one, other) => this.#compare(one, other));
  }

  #compare(one: number, other: number): number {
    const bytes = this.#chunkOf(one);
    const start = this.#startOf(one);
    const otherBytes = this.#chunkOf(other);
    const otherStart = this.#startOf(other);
    const longer = this.#lengths.at(one) - this.#lengths.at(other);
    const shared = longer < 0 ? this.#lengths.at(one) : this.#lengths.at(other);
    for (let at = 0; at < shared; at++) {
      const difference = (bytes[start + at] as number) - (otherBytes[otherStart + at] as number);
      if (difference !== 0) return difference;
    }
    return longer;
  }

  #store(text: string, index: number): void {
    const { length } = text;
    if (this.#freeAt + length >= CHUNK_BYTES) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(length, CHUNK_BYTES)));
      this.#freeAt = 0;
    }
    const last = this.#chunks.length - 1;
    (this.#chunks[last] as Buffer).write(text, this.#freeAt, 'latin1');
    this.#starts.set(index, ((last << CHUNK_BITS) | this.#freeAt) >>> 0);
    this.#lengths.set(index, length);
    this.#freeAt += length;
  }

  #chunkOf(index: number): Buffer {
    return this.#chunks[this.#starts.at(index) >>> CHUNK_BITS] as Buffer;
  }

  #startOf(index: number): number {
    return this.#starts.at(index) & (CHUNK_BYTES - 1);
  }

  /** Where the string's number is, or would be. */
  #slotOf(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let taken = this.#slots[slot] as number; taken > 0; taken = this.#slots[slot] as number) {
      if (this.#hashes.at(taken - 1) === hash && this.#is(taken - 1, text)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #is(index: number, text: string): boolean {
    if (this.#lengths.at(index) !== text.length) return false;
    const bytes = this.#chunkOf(index);
    const start = this.#startOf(index);
    for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes.at(index) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a. Who makes strings that collide makes the reading of his own image slow. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // The low bits of a product know nothing of the high ones.
  return (hash ^ (hash >>> 15)) >>> 0;
}
