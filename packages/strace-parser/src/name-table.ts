import { detach } from './detach.js';

/** A system call's name, found in a log's text without cutting it out. */
export interface NameEntry<Spec> {
  readonly name: string;
  readonly spec: Spec;
}

const SLOTS = 1024;

/** Names → what is known about them. A log has few names and many lines: the text of a line is compared, not copied. */
export class NameTable<Spec> {
  private readonly slots: Array<NameEntry<Spec> | undefined> = new Array(SLOTS).fill(undefined);

  constructor(private readonly describe: (name: string) => Spec) {}

  /** The call of this name; undefined if it cannot be one. */
  lookup(text: string, start: number, end: number): NameEntry<Spec> | undefined {
    const length = end - start;
    const middle = text.charCodeAt(start + (length >> 1));
    const slot =
      (text.charCodeAt(start) * 7 + middle * 31 + text.charCodeAt(end - 1) * 101 + length * 13) & (SLOTS - 1);
    const cut = text.slice(start, end);
    const entry = this.slots[slot];
    // Comparing two strings is many times as fast as startsWith, or as comparing their characters here.
    if (entry !== undefined && entry.name === cut) return entry;
    if (!/^[\w?]{1,64}$/.test(cut)) return undefined;
    const name = detach(cut);
    const fresh = { name, spec: this.describe(name) };
    this.slots[slot] = fresh;
    return fresh;
  }
}
