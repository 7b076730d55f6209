/**
 * The things that are timed. Each reads the whole log from a stream and returns a sample of what it found: a fast
 * wrong answer is seen there. Plain JavaScript, because Node's own compiler for TypeScript costs 20 MB.
 */
import { createReadStream } from 'node:fs';
import { parseStrace, printPath, readAccesses } from '../dist/index.js';

/** @typedef {{ readonly lines: number, readonly sample: string }} Reading */

const CHUNK_BYTES = 64 * 1024;
const SAMPLE_AT = 100_000;

/** @type {Readonly<Record<string, (log: string) => Promise<Reading>>>} */
export const READERS = {
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

  'one regular expression a line': async (log) => {
    let lines = 0;
    let sample = '';
    let carry = '';
    for await (const chunk of chunks(log)) {
      const text = carry + chunk.toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const match = /^(\d+) +(\w+)\((.*)\) += (\S+)/.exec(text.slice(start, end));
        if (match !== null && lines === SAMPLE_AT) sample = `${match[1]} ${match[2]} ${match[4]}`;
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

  'events with argument trees': async (log) => {
    let lines = 0;
    let count = 0;
    let nodes = 0;
    let sample = '';
    for await (const event of parseStrace(chunks(log))) {
      if (event.kind === 'syscall') {
        nodes += event.arguments.length;
        if (event.result !== undefined) nodes++;
        lines += event.parts.length;
      } else if (event.kind !== 'forking') lines++;
      if (count++ === SAMPLE_AT) sample = event.text;
    }
    return { lines, sample: `${count} events, ${nodes} trees; ${sample}` };
  },
};

/** @param {string} log  @returns {AsyncIterable<Buffer>} */
function chunks(log) {
  return createReadStream(log, { highWaterMark: CHUNK_BYTES });
}
