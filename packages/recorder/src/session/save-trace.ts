import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { Container } from '@keepset/docker-engine';
import { TRACE_FOLDER } from '@keepset/tracer';
import { readLines } from './read-events.js';
import { type Launch, splitLaunches } from './split-launches.js';

/** The trace of one start of a program, on this machine. */
export interface SavedLaunch extends Launch {
  /** strace's text. */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Take a trace from the engine.
 *
 * @param traces  holds the traces
 * @param name    of the file
 * @param folder  on this machine; takes each launch, gzipped
 * @returns of each start of the program; none: it was never started
 */
export async function saveTrace(
  traces: Pick<Container, 'getFiles'>,
  name: string,
  folder: string,
): Promise<readonly SavedLaunch[]> {
  const launches: SavedLaunch[] = [];
  for await (const { content } of (await traces.getFiles(`${TRACE_FOLDER}/${name}`)) ?? []) {
    let file = '';
    let gzip = createGzip();
    let saved: Promise<unknown> = Promise.resolve();
    await splitLaunches(readLines(Readable.from(content, { objectMode: false }), 'latin1'), {
      async begin() {
        file = join(folder, `${name}-${launches.length}.gz`);
        gzip = createGzip({ level: 1 });
        const stream = createWriteStream(file, { mode: 0o600 });
        saved = once(stream, 'finish');
        gzip.pipe(stream);
      },
      async write(text) {
        if (!gzip.write(text, 'latin1')) await once(gzip, 'drain');
      },
      async end(launch) {
        gzip.end();
        await saved;
        const from = file;
        launches.push({ ...launch, read: () => createReadStream(from).pipe(createGunzip()) });
      },
    });
    return launches;
  }
  return launches;
}
