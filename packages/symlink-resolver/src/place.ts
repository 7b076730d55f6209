import type { LinkAnswer } from './link-reader.js';
import type { RealPath } from './real-path.js';

/**
 * One path of the tree under resolution, known or only supposed.
 *
 * Places form a trie, so a step of a walk is one look-up of a short name, and each place's answer is
 * asked for once however many paths cross it.
 */
export class Place {
  readonly path: RealPath;
  /** The root is its own parent, as `/..` is `/`. */
  readonly parent: Place;
  answer: LinkAnswer | undefined;
  asked = false;
  // Most places are leaves: a map for each would be most of the memory.
  #below: Map<string, Place> | undefined;

  private constructor(path: string, parent: Place | undefined) {
    this.path = path as RealPath;
    this.parent = parent ?? this;
  }

  static root(): Place {
    const root = new Place('/', undefined);
    root.answer = { kind: 'directory' };
    root.asked = true;
    return root;
  }

  below(name: string): Place {
    this.#below ??= new Map();
    const known = this.#below.get(name);
    if (known !== undefined) return known;
    const place = new Place(this.parent === this ? `/${name}` : `${this.path}/${name}`, this);
    this.#below.set(name, place);
    return place;
  }
}
