/** Times one question in a process of its own: node one.js QUESTION LOG */
import { createReadStream } from 'node:fs';
import { parseStrace } from '@keepset/strace-parser';
import { summariseFiles, summariseTimes } from '../dist/index.js';

const CHUNK_BYTES = 64 * 1024;

/** @type {Readonly<Record<string, (log: string) => Promise<string>>>} */
const QUESTIONS = {
  events: async (log) => {
    let count = 0;
    for await (const event of parseStrace(chunks(log))) if (event.line > 0) count++;
    return `${count} events`;
  },
  'events with argument trees': async (log) => {
    let nodes = 0;
    for await (const event of parseStrace(chunks(log)))
      if (event.kind === 'syscall') nodes += event.arguments.length + (event.result === undefined ? 0 : 1);
    return `${nodes} trees`;
  },
  files: async (log) => {
    const files = await summariseFiles(parseStrace(chunks(log)));
    return `${files.length} files; ${JSON.stringify(files[files.length >> 1]).slice(0, 200)}`;
  },
  times: async (log) => {
    const { calls, files, unknown } = await summariseTimes(parseStrace(chunks(log)));
    return `${calls.length} calls, ${files.length} files, ${unknown} unknown; ${JSON.stringify(calls[0])}`;
  },
};

/** @param {string} log */
function chunks(log) {
  return createReadStream(log, { highWaterMark: CHUNK_BYTES });
}

const [, , name = '', log = ''] = process.argv;
const question = QUESTIONS[name];
if (question === undefined) throw new Error(`no such question: ${name}`);
const start = performance.now();
const sample = await question(log);
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ seconds, peakBytes, sample })}\n`);
