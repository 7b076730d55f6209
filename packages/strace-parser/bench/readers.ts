/** The things that are timed. Each reads the whole log from a stream and returns a sample of what it found. */
import { createReadStream } from 'node:fs';
import { printPath, readAccesses } from '../dist/index.js';

export interface Reading {
  readonly lines: number;
  /** What came out of it: a fast wrong answer is seen here. */
  readonly sample: string;
}

const CHUNK_BYTES = 64 * 1024;
const SAMPLE_AT = 100_000;

export const READERS: Readonly<Record<string, (log: string) => Promise<Reading>>> = {
  'line ends': async (log) => {
    let lines = 0;
    for await (const chunk of chunks(log)) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    }
    return { lines, sample: `${lines} lines` };
  },

  'quote loop': async (log) => {
    let lines = 0;
    let sample = '';
    let carry = '';
    for await (const chunk of chunks(log)) {
      const text = carry + chunk.toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const open = text.indexOf('"', start);
        if (open >= 0 && open < end) {
          const close = text.indexOf('"', open + 1);
          const quoted = text.slice(open + 1, close);
          if (lines === SAMPLE_AT) sample = quoted;
        }
        lines++;
        start = end + 1;
      }
      carry = text.slice(start);
    }
    return { lines, sample };
  },

  'accesses, in batches': async (log) => {
    const reader = readAccesses(chunks(log));
    let count = 0;
    let sample = '';
    for await (const batch of reader.batches()) {
      const access = batch[SAMPLE_AT - count];
      if (access !== undefined && sample === '') {
        sample = `${access.pid} ${access.call} ${access.action} ${access.errno ?? 'ok'} ${printPath(access.path)}`;
      }
      count += batch.length;
    }
    return { lines: reader.summary.lines, sample: `${count} accesses; ${sample}` };
  },

  'accesses, one by one': async (log) => {
    const reader = readAccesses(chunks(log));
    let count = 0;
    let sample = '';
    for await (const access of reader) {
      if (count++ === SAMPLE_AT) sample = printPath(access.path);
    }
    return { lines: reader.summary.lines, sample: `${count} accesses; ${sample}` };
  },
};

function chunks(log: string): AsyncIterable<Buffer> {
  return createReadStream(log, { highWaterMark: CHUNK_BYTES });
}
