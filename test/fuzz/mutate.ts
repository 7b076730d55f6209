/** Numbers from 0 to 1, the same for the same seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)] as T;
}

/** What readers stumble over. */
const PIECES = [
  '\0',
  '\n',
  '\r\n',
  '"',
  '\\',
  '\\u0000',
  '{',
  '}',
  '[',
  ']',
  ',',
  '&a [',
  '*a',
  '<<: *a',
  '!!binary ',
  '__proto__',
  'constructor',
  '/../',
  '//',
  '%',
  '99999999999999999999',
  '-1',
  '1e999',
  'NaN',
  '\x1b[2K',
  '\xff\xfe',
  '\ufeff',
  'a'.repeat(5000),
  '['.repeat(3000),
];

const CHANGES: readonly ((random: Random, bytes: Buffer) => Buffer)[] = [
  (random, bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[below(random, changed.length)] = below(random, 256);
    return changed;
  },
  (random, bytes) => insert(random, bytes, Buffer.from(pick(random, PIECES), 'latin1')),
  (random, bytes) => {
    const [from, to] = range(random, bytes);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (random, bytes) => insert(random, bytes, bytes.subarray(...range(random, bytes))),
  (random, bytes) => bytes.subarray(0, below(random, bytes.length + 1)),
];

function insert(random: Random, bytes: Buffer, piece: Uint8Array): Buffer {
  const at = below(random, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function range(random: Random, bytes: Buffer): [number, number] {
  const from = below(random, bytes.length + 1);
  return [from, Math.min(bytes.length, from + below(random, 1 + pick(random, [8, 64, 4096])))];
}

/** Some bytes otherwise, a few times. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  let changed = bytes;
  for (let times = 1 + below(random, 4); times > 0; times--) changed = pick(random, CHANGES)(random, changed);
  return changed;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '/',
  '/a\\',
  '__proto__',
  'a\nb\x1b[2K',
  [],
  [null],
  [[]],
  {},
  { path: '/a' },
  { kind: 'probe', command: 'false' },
];

/** A JSON value of which something, anywhere, is something else. */
export function mutateJson(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.1) return pick(random, VALUES);
  if (Array.isArray(value)) {
    if (value.length === 0) return [pick(random, VALUES)];
    const at = below(random, value.length);
    if (random() < 0.1) return [...value, ...value];
    return value.map((each, index) => (index === at ? mutateJson(random, each) : each));
  }
  const keys = Object.keys(value);
  const key = keys.length === 0 ? 'x' : pick(random, keys);
  const fields = value as Record<string, unknown>;
  if (random() < 0.1) return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
  if (random() < 0.05)
    return { ...fields, [pick(random, ['__proto__x', 'constructor', 'toString'])]: pick(random, VALUES) };
  return { ...fields, [key]: mutateJson(random, fields[key]) };
}
