import { type Moment, momentAt, spellDate } from './spell-date.js';

/** What a clock could show while something ran. */
export interface Clock {
  /** All that a format of strftime(3) gives for it: in UTC, and in the time zone of what ran. */
  spellings(format: string): ReadonlySet<string>;
}

export interface ClockOptions {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Not before `from`. */
  readonly to: number;
  /** A name of the IANA's; one that is not known counts for nothing. Default UTC. */
  readonly timeZone?: string;
}

const SECOND = 1000;
/** Of a run of more than an hour not every second is looked at. */
const MOMENTS_MAX = 3600;

/** @example createClock({ from: 0, to: 500 }).spellings('%Y-%m-%d') // Set { '1970-01-01' } */
export function createClock({ from, to, timeZone }: ClockOptions): Clock {
  const step = (Math.floor((to - from) / SECOND / MOMENTS_MAX) + 1) * SECOND;
  const times: number[] = [];
  for (let time = Math.floor(from / SECOND) * SECOND; time < to; time += step) times.push(time);
  times.push(to);
  const zones = [undefined, timeZone === undefined ? undefined : zoneOf(timeZone)];
  let moments: readonly Moment[] | undefined;
  const known = new Map<string, ReadonlySet<string>>();
  return {
    spellings(format) {
      moments ??= [...new Set(zones)].flatMap((zone) => times.map((time) => momentAt(time, zone)));
      const spelled = known.get(format) ?? new Set(moments.map((moment) => spellDate(format, moment)));
      known.set(format, spelled);
      return spelled;
    },
  };
}

/**
 * The time zone of a program, by its variables: as a name of the IANA's.
 *
 * @param variables  NAME=value; a later one counts
 * @returns          undefined: UTC, or one that is told in another way
 * @example timeZoneOf(['TZ=Europe/Berlin']) // 'Europe/Berlin'
 */
export function timeZoneOf(variables: readonly string[]): string | undefined {
  const name = variables.findLast((each) => each.startsWith('TZ='))?.replace(/^TZ=:?/, '');
  return name && zoneOf(name) && !/^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal)$/i.test(name) ? name : undefined;
}

/** @returns undefined: it is not known */
function zoneOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
    });
  } catch {
    return undefined;
  }
}
