import { count, flag, list, number, object, oneOf, type Shape, ShapeError, text } from './shape.js';

/**
 * A text that goes into scripts and configurations, where a letter too many would mean something.
 *
 * @param pattern  of the whole
 */
function like(pattern: RegExp): Shape {
  return (value, place) => {
    if (typeof value !== 'string' || !pattern.test(value))
      throw new ShapeError(`${place} is not what it should be`);
  };
}

const line = like(/^[^\p{Cc}]*$/u);
const lines = list(line);
/** As `findPlaces` makes them. */
const mountPoint = like(/^\/(?:(?![:,"'\\$`])[\x20-\x7e])+$/);
const callName = like(/^[a-z_][a-z0-9_]*$/);
const reasons = list(
  object(
    { kind: oneOf(['run', 'repair', 'base', 'runtime']) },
    { run: text, program: text, call: text, line: number, family: text, runtimes: list(text) },
  ),
);

/** What the record of rights must be like. */
export const hardening: Shape = object(
  {
    architecture: text,
    calls: list(
      object({ name: callName, reasons }, { only: object({}, { oneOf: list(count), without: count }) }),
    ),
    absent: list(callName),
    capabilities: list(object({ name: like(/^[A-Z][A-Z0-9_]*$/), reasons })),
    gaining: lines,
    writable: list(
      object(
        { path: mountPoint, kind: oneOf(['tmpfs', 'volume']), because: line },
        { mode: count, executable: flag },
      ),
    ),
    rootWrites: lines,
    network: object({
      kind: oneOf(['none', 'network']),
      listens: list(like(/^(?:tcp|udp)\/\d{1,5}$/)),
      connects: flag,
    }),
    devices: lines,
    runs: lines,
    images: lines,
    engines: lines,
    used: object(
      { programs: lines, folders: lines },
      { listed: lines, mounts: list(object({ path: line }, { readOnly: flag })) },
    ),
    seen: object({ processes: count, files: count }),
  },
  { thirtyTwoBit: flag, isMerged: flag, plainUser: flag },
);
