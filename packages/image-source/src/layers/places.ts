import { Column } from '@keepset/image-tree';

/** Where in the layers an inode stands: its attributes and content. */
export interface Place {
  readonly layer: number;
  /** Of the entry in its layer, from 0. */
  readonly entry: number;
}

/** The places of inodes, which are numbered from 1 as they come; six bytes each. */
export class Places {
  readonly #layers = new Column((length) => new Uint16Array(length));
  /** Of the entry plus 1; 0 where no layer has one. */
  readonly #entries = new Column((length) => new Uint32Array(length));
  #size = 0;

  /** @returns the number of the inode */
  add(place: Place | undefined): number {
    this.#size++;
    this.#layers.set(this.#size, place?.layer ?? 0);
    this.#entries.set(this.#size, place === undefined ? 0 : place.entry + 1);
    return this.#size;
  }

  /** @returns undefined of a folder that no layer has, and that unpacking makes */
  at(inode: number): Place | undefined {
    const entry = this.#entries.at(inode);
    return entry === 0 ? undefined : { layer: this.#layers.at(inode), entry: entry - 1 };
  }
}
