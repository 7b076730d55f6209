import { detach } from './detach.js';

/** Of strange logs not every word is remembered. */
const MOST = 1000;

/** What short texts mean: a log has few names, flags and errors, over and over. */
export class TextMemo<T> {
  readonly #values = new Map<string, T>();

  readonly #read: (text: string) => T;

  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  get(cut: string): T {
    const known = this.#values.get(cut);
    if (known !== undefined) return known;
    if (this.#values.size === MOST) this.#values.clear();
    const text = detach(cut);
    const value = this.#read(text);
    this.#values.set(text, value);
    return value;
  }
}
