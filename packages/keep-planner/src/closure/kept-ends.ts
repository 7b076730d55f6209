import type { ImageTree } from '@keepset/image-tree';
import type { RealPath, Resolution } from '@keepset/symlink-resolver';
import { addReason, type Reason } from '../plan/reason.js';

export interface KeptEnd {
  readonly path: RealPath;
  readonly reasons: Reason[];
  /** Every place crossed on any way here. */
  readonly crossed: Set<RealPath>;
  /** Only its name is wanted, not its content. */
  isStub: boolean;
}

/**
 * The paths that are kept for their own sake, with the ways that led to them; the links and directories on
 * those ways come later, when it is settled which ends stay.
 */
export class KeptEnds {
  readonly #ends = new Map<RealPath, KeptEnd>();
  readonly #tree: ImageTree;

  constructor(tree: ImageTree) {
    this.#tree = tree;
  }

  /**
   * Keep where a way ends.
   *
   * @returns  false if the image's own tree has nothing there
   */
  add({ path, crossed }: Pick<Resolution, 'path' | 'crossed'>, reasons: readonly Reason[]): boolean {
    if (!this.#tree.has(path)) return false;
    let end = this.#ends.get(path);
    if (end === undefined) {
      end = { path, reasons: [], crossed: new Set(), isStub: false };
      this.#ends.set(path, end);
    }
    end.isStub = false;
    for (const reason of reasons) addReason(end.reasons, reason);
    for (const place of crossed) end.crossed.add(place);
    return true;
  }

  /** Keep a name without content, unless the path is kept already. */
  addStub(path: RealPath, reason: Reason): void {
    if (this.#ends.has(path)) return;
    this.add({ path, crossed: [] }, [reason]);
    const end = this.#ends.get(path);
    if (end !== undefined) end.isStub = true;
  }

  remove(path: RealPath): void {
    this.#ends.delete(path);
  }

  get(path: string): KeptEnd | undefined {
    return this.#ends.get(path as RealPath);
  }

  values(): Iterable<KeptEnd> {
    return this.#ends.values();
  }

  /** By the bytes of their paths. */
  sorted(): readonly KeptEnd[] {
    return [...this.#ends.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  }
}
