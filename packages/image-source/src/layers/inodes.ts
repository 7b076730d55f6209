import { Column } from '@keepset/image-tree';
import { SourceError } from '../source-error.js';
import type { TarEntry } from '../tar/read-tar.js';
import { BLOCK_BYTES } from '../tar/tar-header.js';

/** Where in the layers an inode stands: its content. */
export interface Place {
  readonly layer: number;
  /** Where in the unpacked layer its content begins. */
  readonly position: number;
}

/** What a tree does not hold of an inode. */
export type InodeFacts = Pick<TarEntry, 'mtimeNanoseconds' | 'attributes' | 'device'>;

const NO_ATTRIBUTES: InodeFacts['attributes'] = new Map();
const NO_DEVICE: InodeFacts['device'] = [0, 0];

/** File capabilities have 20 bytes each; labels of a security module, on each file of a large image, 50. */
const ATTRIBUTES_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Inodes, which are numbered from 1 as they come: where their contents are, and what a tree does not hold of them. Ten
 * bytes each, but for those few that have attributes or are devices.
 */
export class Inodes {
  readonly #layers = new Column((length) => new Uint16Array(length));
  /** The blocks before its content; 0 where no layer has one. */
  readonly #blocks = new Column((length) => new Uint32Array(length));
  readonly #nanoseconds = new Column((length) => new Uint32Array(length));
  readonly #attributes = new Map<number, InodeFacts['attributes']>();
  readonly #devices = new Map<number, InodeFacts['device']>();
  #attributesBytes = 0;
  #size = 0;

  /** @returns the number of the inode */
  add({ layer, position }: Place, facts: Pick<TarEntry, 'type' | 'mtimeSeconds'> & InodeFacts): number {
    const number = this.addFolder();
    this.#layers.set(number, layer);
    this.#blocks.set(number, position / BLOCK_BYTES);
    if (facts.type === 'character-device' || facts.type === 'block-device')
      this.#devices.set(number, facts.device);
    this.change(number, facts);
    return number;
  }

  /** One that no layer has, and that unpacking makes. */
  addFolder(): number {
    this.#size++;
    return this.#size;
  }

  /** Another with the same content. */
  copy(number: number): number {
    const copied = this.addFolder();
    this.#layers.set(copied, this.#layers.at(number));
    this.#blocks.set(copied, this.#blocks.at(number));
    this.#nanoseconds.set(copied, this.#nanoseconds.at(number));
    const [attributes, device] = [this.#attributes.get(number), this.#devices.get(number)];
    if (attributes !== undefined) this.#attributes.set(copied, attributes);
    if (device !== undefined) this.#devices.set(copied, device);
    return copied;
  }

  /** As another entry for it says: attributes are added to those that it has. */
  change(number: number, { attributes, ...time }: Pick<TarEntry, 'mtimeSeconds'> & InodeFacts): void {
    this.#nanoseconds.set(number, toFileTime(time).mtimeNanoseconds);
    if (attributes.size === 0) return;
    for (const [name, value] of attributes) this.#attributesBytes += name.length + value.length;
    if (this.#attributesBytes > ATTRIBUTES_BYTES_MAX)
      throw new SourceError(
        'SOURCE_TOO_LARGE',
        `the image has more than ${ATTRIBUTES_BYTES_MAX} bytes of extended attributes`,
      );
    const before = this.#attributes.get(number) ?? NO_ATTRIBUTES;
    this.#attributes.set(number, new Map([...before, ...attributes]));
  }

  /** @returns undefined of a folder that no layer has */
  placeOf(number: number): Place | undefined {
    const blocks = this.#blocks.at(number);
    return blocks === 0 ? undefined : { layer: this.#layers.at(number), position: blocks * BLOCK_BYTES };
  }

  factsOf(number: number): InodeFacts {
    return {
      mtimeNanoseconds: this.#nanoseconds.at(number),
      attributes: this.#attributes.get(number) ?? NO_ATTRIBUTES,
      device: this.#devices.get(number) ?? NO_DEVICE,
    };
  }
}

/** Nanoseconds since 1970 in 63 bits. */
const TIME_SECONDS_MAX = 9_223_372_036;

/** As engines do, to whose file systems other times mean nothing. @see moby, pkg/archive, boundTime */
export function toFileTime<T extends Pick<TarEntry, 'mtimeSeconds' | 'mtimeNanoseconds'>>({
  mtimeSeconds,
  mtimeNanoseconds,
}: T): Pick<TarEntry, 'mtimeSeconds' | 'mtimeNanoseconds'> {
  const isKnown = mtimeSeconds >= 0 && mtimeSeconds <= TIME_SECONDS_MAX;
  return isKnown ? { mtimeSeconds, mtimeNanoseconds } : { mtimeSeconds: 0, mtimeNanoseconds: 0 };
}
