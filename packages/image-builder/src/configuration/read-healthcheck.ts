import { readList } from './read-list.js';

const DURATION_OPTIONS: Readonly<Record<string, string>> = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
};

/**
 * What follows HEALTHCHECK, as it stands in a configuration; durations in nanoseconds.
 *
 * @throws RangeError  it is not in Dockerfile's notation
 * @see Dockerfile reference, HEALTHCHECK
 */
export function readHealthcheck(text: string): { readonly Test: readonly string[] } {
  const options: Record<string, number> = {};
  let rest = text;
  for (let found = OPTION.exec(rest); found !== null; found = OPTION.exec(rest)) {
    const [whole, name = '', value = ''] = found;
    const field = Object.hasOwn(DURATION_OPTIONS, name) ? DURATION_OPTIONS[name] : undefined;
    if (field !== undefined) options[field] = readDuration(name, value);
    else if (name === 'retries' && /^\d+$/.test(value)) options.Retries = Number(value);
    else throw new RangeError(`--${name}=${value} is not known here`);
    rest = rest.slice(whole.length);
  }
  if (/^none\s*$/i.test(rest)) return { Test: ['NONE'] };
  const [, command] = /^cmd\s+(.+)$/is.exec(rest) ?? [];
  if (command === undefined) throw new RangeError('CMD or NONE is missing');
  const list = readList(command);
  return { ...options, Test: list === undefined ? ['CMD-SHELL', command] : ['CMD', ...list] };
}

const OPTION = /^--([a-z-]+)=(\S*)\s*/;

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** @returns nanoseconds. @see Go, time.ParseDuration */
function readDuration(name: string, text: string): number {
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text)
    throw new RangeError(`--${name}=${text} is not a duration, such as 30s or 1m30s`);
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (NANOSECONDS[unit] ?? 0), 0);
}
