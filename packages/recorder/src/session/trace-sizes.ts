import { setTimeout } from 'node:timers/promises';
import { TRACE_FOLDER } from '@keepset/tracer';
import type { Upstream } from '../proxy/upstream.js';

/** How much the traces of a recording take at the engine. Disposing of it ends the measuring. */
export interface TraceSizes extends AsyncDisposable {
  /** As far as it is known: it is measured from time to time. */
  totalBytes(): number;
}

/** A trace that may grow, and whether it still does. */
export interface GrowingTrace {
  /** Of the file. */
  readonly name: string;
  readonly isGrowing: boolean;
}

/** The engine mounts a container's files for each question: not so often that it is felt. */
const MEASURE_MS = 5000;

/**
 * Measure traces while they grow, and each once more when it has ended.
 *
 * @param holder  id of the container that holds them
 * @param traces  of all containers up to now
 */
export function measureTraces(
  upstream: Upstream,
  holder: string,
  traces: () => Iterable<GrowingTrace>,
): TraceSizes {
  const sizes = new Map<string, number>();
  const ended = new Set<string>();
  const ending = new AbortController();
  const measure = async () => {
    while (!ending.signal.aborted) {
      for (const { name, isGrowing } of [...traces()]) {
        if (!isGrowing && ended.has(name)) continue;
        // A container may be started again.
        if (isGrowing) ended.delete(name);
        else ended.add(name);
        sizes.set(name, await fileBytes(upstream, holder, `${TRACE_FOLDER}/${name}`));
      }
      await setTimeout(MEASURE_MS, undefined, { ref: false, signal: ending.signal });
    }
  };
  measure().catch(() => {});
  return {
    totalBytes: () => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    async [Symbol.asyncDispose]() {
      ending.abort();
    },
  };
}

/** @see Docker Engine API, "Get information about files in a container" */
async function fileBytes(upstream: Upstream, container: string, path: string): Promise<number> {
  const target = `/containers/${container}/archive?path=${encodeURIComponent(path)}`;
  const request = upstream.request('HEAD', target, ['Host', 'docker']);
  return await new Promise((resolve) => {
    request.on('error', () => resolve(0));
    request.on('response', (answer) => {
      answer.resume();
      resolve(toSize(answer.headers['x-docker-container-path-stat']));
    });
    request.end();
  });
}

function toSize(header: string | string[] | undefined): number {
  try {
    const { size } = JSON.parse(Buffer.from(String(header), 'base64').toString('utf8')) as { size?: unknown };
    return typeof size === 'number' ? size : 0;
  } catch {
    // There is no such file, yet.
    return 0;
  }
}
