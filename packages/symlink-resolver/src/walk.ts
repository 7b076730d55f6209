import type { Place } from './place.js';
import type { RealPath } from './real-path.js';

/** Links that one resolution may follow, as Linux (MAXSYMLINKS); the next one is ELOOP. */
const MAX_LINKS = 40;
/** Bytes of one name, as on every common Linux file system (NAME_MAX). */
const MAX_NAME_BYTES = 255;

export type WalkFailure = 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'ENAMETOOLONG';

/** A text still to be walked, from a place on; a link's target is put in front of what followed the link. */
interface Remaining {
  readonly text: string;
  /** Where its next name begins; behind the end when there is none left. */
  at: number;
  readonly after: Remaining | undefined;
}

/**
 * The walk of one path: path_resolution(7) with three variables (current place, what remains, links
 * followed). It stops where an answer is not known yet and goes on when asked again.
 */
export class Walk {
  /** The last place that is known to exist. */
  current: Place;
  done = false;
  failure: WalkFailure | undefined;
  missing: RealPath | undefined;
  #remaining: Remaining | undefined;
  #links = 0;
  /** Each place crossed, once, in order; kept from the first link or `..` on: until then it is what is above. */
  #crossed: RealPath[] | undefined;
  readonly #root: Place;
  readonly #follow: boolean;

  constructor(root: Place, path: string, follow: boolean) {
    this.#root = root;
    this.#follow = follow;
    this.current = root;
    this.#remaining = { text: path, at: 0, after: undefined };
    // An empty path names nothing, and no file has a NUL in its name.
    if (path === '' || path.includes('\0')) this.#fail('ENOENT');
  }

  /** Each place crossed, once, in order; the last is where the walk has ended. */
  get crossed(): readonly RealPath[] {
    if (this.#crossed === undefined) return pathsTo(this.current, this.#root);
    const end = this.current.path;
    if (this.#crossed.at(-1) === end) return this.#crossed;
    return [...this.#crossed.filter((path) => path !== end), end];
  }

  /** Go on as far as the answers reach; true when the walk has ended. */
  advance(): boolean {
    while (!this.done) {
      const remaining = this.#nextRemaining();
      if (remaining === undefined) {
        this.done = true;
        break;
      }
      const name = nameAt(remaining.text, remaining.at);
      if (this.current.answer?.kind !== 'directory') {
        this.#fail('ENOTDIR');
      } else if (name === '.' || name === '') {
        // Nothing between two slashes, or after the last one, is as a dot: it demands a directory and stays.
        remaining.at += name.length + 1;
      } else if (name === '..') {
        remaining.at += name.length + 1;
        this.#crossed ??= pathsTo(this.current, this.#root);
        if (this.current !== this.#root) this.#enter(this.current.parent);
      } else if (name.length > MAX_NAME_BYTES) {
        this.#fail('ENAMETOOLONG');
      } else {
        const place = this.current.below(name);
        if (place.answer === undefined) return false;
        remaining.at += name.length + 1;
        this.#step(place);
      }
    }
    return true;
  }

  /** Add the places that the rest of the path needs if no further link is on it, and that are not asked yet. */
  collectUnasked(places: Place[]): void {
    let place = this.current;
    for (let part = this.#remaining; part !== undefined; part = part.after) {
      for (let at = part.at; at <= part.text.length; ) {
        const name = nameAt(part.text, at);
        at += name.length + 1;
        if (name === '.' || name === '') continue;
        if (name === '..') {
          if (place !== this.#root) place = place.parent;
          continue;
        }
        if (name.length > MAX_NAME_BYTES) return;
        place = place.below(name);
        if (!place.asked) {
          place.asked = true;
          places.push(place);
        } else if (place.answer !== undefined && place.answer.kind !== 'directory') return;
      }
    }
  }

  #step(place: Place): void {
    const answer = place.answer;
    if (answer === undefined || answer.kind === 'missing') {
      this.missing = place.path;
      this.#fail('ENOENT');
      return;
    }
    const isLast = this.#nextRemaining() === undefined;
    if (answer.kind !== 'link' || (isLast && !this.#follow)) {
      this.#enter(place);
      return;
    }
    this.#crossed ??= pathsTo(this.current, this.#root);
    this.#cross(place);
    if (this.#links === MAX_LINKS) {
      this.current = place;
      this.#fail('ELOOP');
      return;
    }
    this.#links++;
    if (answer.target.startsWith('/')) {
      this.#enter(this.#root);
    }
    this.#remaining = { text: answer.target, at: 0, after: this.#remaining };
  }

  #enter(place: Place): void {
    this.current = place;
    this.#cross(place);
  }

  #cross({ path }: Place): void {
    if (this.#crossed?.includes(path) === false) this.#crossed.push(path);
  }

  #fail(failure: WalkFailure): void {
    this.failure = failure;
    this.done = true;
  }

  /** The text that the next name is in; undefined at the end. */
  #nextRemaining(): Remaining | undefined {
    while (this.#remaining !== undefined && this.#remaining.at > this.#remaining.text.length) {
      this.#remaining = this.#remaining.after;
    }
    return this.#remaining;
  }
}

function nameAt(text: string, at: number): string {
  const end = text.indexOf('/', at);
  return end === -1 ? text.slice(at) : text.slice(at, end);
}

/** The paths from `root` down to `place`. */
function pathsTo(place: Place, root: Place): RealPath[] {
  const paths = [place.path];
  for (let above = place; above !== root; ) {
    above = above.parent;
    paths.push(above.path);
  }
  return paths.reverse();
}
