import type { CallPart } from '../events/events.js';
import { detach } from '../text/detach.js';

/** A system call's name, and what is known about it. */
export interface NameEntry<Spec> {
  readonly name: string;
  readonly spec: Spec;
}

/**
 * The first half of a call that another process interrupted, or a call whose line was broken. One object per
 * thread, used again for its next call: take from it what you need before you return.
 */
export class Half<Spec> {
  waiting = false;
  line = 0;
  /** Byte offset in the log of the line. */
  offset = 0;
  /** When it began, if the line says so. */
  time: number | undefined = undefined;
  /** What the following are places in. */
  text = '';
  lineStart = 0;
  bodyStart = 0;
  nameEnd = 0;
  /** After the last character of the call in this half: the mark or the foreign text begins here. */
  bodyEnd = 0;
  lineEnd = 0;
  /** The other threads are gone and this execve has succeeded: strace has said so. */
  superseded = false;
  /** The lines that `text` was put together from, where foreign text has broken the first one. */
  pieces: readonly CallPart[] | undefined = undefined;

  constructor(
    /** The thread that began the call. It may end under its leader's number. */
    public pid: number,
    public call: NameEntry<Spec | undefined>,
  ) {}

  /** A slice keeps the whole text it was cut from alive; a half that goes on waiting gets a copy of its own. */
  detach(): void {
    const { lineStart } = this;
    this.text = detach(this.text.slice(lineStart, this.lineEnd));
    this.bodyStart -= lineStart;
    this.nameEnd -= lineStart;
    this.bodyEnd -= lineStart;
    this.lineEnd -= lineStart;
    this.lineStart = 0;
  }

  /** What it has of the arguments. */
  get argumentsText(): string {
    return this.text.slice(this.nameEnd + 1, this.bodyEnd);
  }

  /** The line that it is on. */
  asPart(): CallPart {
    const { lineStart, time } = this;
    const part = {
      line: this.line,
      byteOffset: this.offset,
      text: this.text.slice(lineStart, this.lineEnd),
      start: this.bodyStart - lineStart,
      end: this.bodyEnd - lineStart,
    };
    // Most logs have no times, and their parts need no room for them.
    return time === undefined ? part : { ...part, time };
  }

  /** The pid under which it goes on, of `<pid changed to N ...>`; NaN if it has no such mark. */
  get movesTo(): number {
    const mark = this.text.slice(this.bodyEnd, this.lineEnd);
    return Number(/^ <pid changed to (\d+) /.exec(mark)?.[1]);
  }
}
