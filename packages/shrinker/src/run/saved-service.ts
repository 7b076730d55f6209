import type { ManifestService } from '@keepset/manifest';
import type { Service } from '@keepset/tracer';
import { z } from 'zod';

/** A service as text can hold it: with its patterns as their source. */
export type SavedService = ManifestService & Pick<Service, 'crawl'>;

const count = z.int().nonnegative();
const port = z.int().min(1).max(65535);
const seconds = z.number().nonnegative();
const request = {
  method: z.string().regex(/^[A-Za-z]+$/, 'expected a method of HTTP'),
  path: z.string().regex(/^\/[^\s\p{Cc}]*$/u, 'expected the path of a request'),
  port: port.optional(),
  status: z.int().min(100).max(599).optional(),
};
const pattern = z
  .string()
  .max(10_000)
  .refine((source) => {
    try {
      return new RegExp(source) !== undefined;
    } catch {
      return false;
    }
  }, 'not a regular expression');

/** What somebody else wrote is a service only if it is of this shape. */
export const savedServiceShape: z.ZodType<SavedService> = z.strictObject({
  ready: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('port'), ports: z.array(port) }),
      z.strictObject({ kind: z.literal('http'), ...request }),
      z.strictObject({ kind: z.literal('log'), pattern }),
      z.strictObject({ kind: z.literal('healthy') }),
      z.strictObject({ kind: z.literal('seconds'), seconds }),
    ]),
  ),
  steps: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('exec'), command: z.array(z.string()).min(1) }),
      z.strictObject({ kind: z.literal('probe'), command: z.string() }),
      z.strictObject({ kind: z.literal('http'), ...request }),
    ]),
  ),
  readySecondsMax: seconds.optional(),
  stepSecondsMax: seconds.optional(),
  graceSeconds: seconds.optional(),
  healthCheck: z.boolean().optional(),
  crawl: z
    .strictObject({ depth: count, requestsMax: count.optional(), bytesMax: count.optional() })
    .optional(),
}) as z.ZodType<SavedService>;

/**
 * A service as text can hold it.
 *
 * @example saveService({ ready: [{ kind: 'log', pattern: /up/ }], steps: [] }).ready // [{ kind: 'log', pattern: 'up' }]
 */
export function saveService({ ready, ...service }: Service): SavedService {
  return {
    ...service,
    ready: ready.map((each) => (each.kind === 'log' ? { kind: 'log', pattern: each.pattern.source } : each)),
  };
}

/**
 * The other way round. A pattern is compiled: the service must be of `savedServiceShape`.
 *
 * @example restoreService({ ready: [{ kind: 'healthy' }], steps: [] }) // { ready: [{ kind: 'healthy' }], steps: [] }
 */
export function restoreService({ ready, ...service }: SavedService): Service {
  return {
    ...service,
    ready: ready.map((each) => (each.kind === 'log' ? { ...each, pattern: new RegExp(each.pattern) } : each)),
  };
}
