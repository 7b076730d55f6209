import { Char } from '../text/char.js';

const DAY = 24 * 60 * 60;

/**
 * When the lines of a log were printed, in seconds: with -ttt since the epoch, as printed; with -t and -tt since the
 * log's first time of day, over midnights; with -r alone since its first line. A double has a step of 0.24 µs at
 * today's epoch, so that nanoseconds are kept only of times that begin with the log.
 */
export class Clock {
  /** -r: the sum of what the lines have said, in nanoseconds: in seconds it would not stay exact. */
  elapsed = 0;
  /** The latest time of day, with 24 hours for each midnight, and the first one. */
  #latest = Number.NaN;
  #first = 0;

  /** -t, -tt, -ttt. */
  read(text: string, start: number, end: number): number {
    const seconds = parseTime(text, start, end);
    return text.charCodeAt(start + 2) === Char.Colon ? this.ofDay(seconds) : seconds;
  }

  /** -r: seconds since the line before. */
  advance(text: string, start: number, end: number): number {
    this.elapsed += Math.round(parseTime(text, start, end) * 1e9);
    return this.elapsed / 1e9;
  }

  /** A time of day is the nearest one to the latest: no call takes half a day, and no clock is set so far. */
  ofDay(seconds: number): number {
    if (Number.isNaN(this.#latest)) this.#latest = this.#first = seconds;
    const time = seconds + Math.round((this.#latest - seconds) / DAY) * DAY;
    if (time > this.#latest) this.#latest = time;
    return time - this.#first;
  }
}

/** `21:57:53.123456`, `1700000000.123456`, `0.000281` in seconds. `scanner/scan-lines.ts` reckons in the same way. */
function parseTime(text: string, start: number, end: number): number {
  let seconds = 0;
  let part = 0;
  let scale = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === Char.Colon) {
      seconds = (seconds + part) * 60;
      part = 0;
    } else if (code === Char.Dot) {
      seconds += part;
      part = 0;
      scale = 1;
    } else {
      part = part * 10 + code - Char.Zero;
      scale *= 10;
    }
  }
  return seconds + (scale === 0 ? part : part / scale);
}
