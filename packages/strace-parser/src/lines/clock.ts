import { Char } from '../text/char.js';

const DAY = 24 * 60 * 60;

/** What a clock remembers: floating-point numbers. */
enum Remembered {
  /** -r: the sum of what the lines have said, in nanoseconds: in seconds it would not stay exact. */
  Elapsed = 0,
  /** The latest time of day, with 24 hours for each midnight; below 0 before the first one. */
  Latest = 1,
  First = 2,
}

/**
 * When the lines of a log were printed, in seconds: with -ttt since the epoch, as printed; with -t and -tt since the
 * log's first time of day, over midnights; with -r alone since its first line. A double has a step of 0.24 µs at
 * today's epoch, so that nanoseconds are kept only of times that begin with the log.
 */
export class Clock {
  // Before the line at hand.
  #elapsed = 0;
  #latest = 0;

  /** @param numbers  see `Remembered`; the scanner reads and writes there, too */
  constructor(private readonly numbers: Record<number, number> = []) {
    numbers[Remembered.Elapsed] = 0;
    numbers[Remembered.Latest] = -1;
  }

  /** A line begins. */
  begin(): void {
    this.#elapsed = this.numbers[Remembered.Elapsed] as number;
    this.#latest = this.numbers[Remembered.Latest] as number;
  }

  /** What was read of the line was none of strace's times. */
  undo(): void {
    this.numbers[Remembered.Elapsed] = this.#elapsed;
    this.numbers[Remembered.Latest] = this.#latest;
  }

  /** -t, -tt, -ttt. */
  read(text: string, start: number, end: number): number {
    const seconds = parseTime(text, start, end);
    return text.charCodeAt(start + 2) === Char.Colon ? this.#ofDay(seconds) : seconds;
  }

  /** -r: seconds since the line before. */
  advance(text: string, start: number, end: number): number {
    const { numbers } = this;
    const elapsed = (numbers[Remembered.Elapsed] as number) + Math.round(parseTime(text, start, end) * 1e9);
    numbers[Remembered.Elapsed] = elapsed;
    return elapsed / 1e9;
  }

  /** A time of day is the nearest one to the latest: no call takes half a day, and no clock is set so far. */
  #ofDay(seconds: number): number {
    const { numbers } = this;
    let latest = numbers[Remembered.Latest] as number;
    if (latest < 0) latest = numbers[Remembered.First] = seconds;
    const time = seconds + Math.round((latest - seconds) / DAY) * DAY;
    numbers[Remembered.Latest] = Math.max(latest, time);
    return time - (numbers[Remembered.First] as number);
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
