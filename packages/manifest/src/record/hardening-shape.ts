import { count, flag, list, number, object, oneOf, type Shape, text } from './shape.js';

const texts = list(text);
const reasons = list(
  object(
    { kind: oneOf(['run', 'repair', 'base', 'runtime']) },
    { run: text, program: text, call: text, line: number, family: text, runtimes: texts },
  ),
);

/** What the record of rights must be like. */
export const hardening: Shape = object(
  {
    architecture: text,
    calls: list(
      object({ name: text, reasons }, { only: object({}, { oneOf: list(count), without: count }) }),
    ),
    absent: texts,
    capabilities: list(object({ name: text, reasons })),
    gaining: texts,
    writable: list(
      object(
        { path: text, kind: oneOf(['tmpfs', 'volume']), because: text },
        { mode: count, executable: flag },
      ),
    ),
    rootWrites: texts,
    network: object({ kind: oneOf(['none', 'network']), listens: texts, connects: flag }),
    devices: texts,
    runs: texts,
    images: texts,
    engines: texts,
    seen: object({ processes: count, files: count }),
  },
  { isMerged: flag, plainUser: flag },
);
