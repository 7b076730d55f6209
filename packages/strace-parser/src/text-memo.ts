import { detach } from './detach.js';

const SLOTS = 128;

/** What short texts mean, for those that were asked last: a log has few flags and errors, over and over. */
export class TextMemo<T> {
  private readonly texts: string[] = new Array(SLOTS).fill('');
  private readonly values: Array<T | undefined> = new Array(SLOTS).fill(undefined);

  constructor(private readonly read: (text: string) => T) {}

  get(cut: string): T {
    const slot = (cut.length * 31 + cut.charCodeAt(1) * 7 + cut.charCodeAt(cut.length - 1) * 5) & (SLOTS - 1);
    const known = this.values[slot];
    if (known !== undefined && this.texts[slot] === cut) return known;
    const text = detach(cut);
    const value = this.read(text);
    this.texts[slot] = text;
    this.values[slot] = value;
    return value;
  }
}
