/** Times one reader in a process of its own, so that its peak memory is its own: node one.js READER LOG */
import { READERS } from './readers.js';

const [, , name = '', log = ''] = process.argv;
const reader = READERS[name];
if (reader === undefined) throw new Error(`no such reader: ${name}`);
const start = performance.now();
const reading = await reader(log);
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ ...reading, seconds, peakBytes })}\n`);
