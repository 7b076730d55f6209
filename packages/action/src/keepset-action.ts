#!/usr/bin/env node
import { runAction } from './run-action.js';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
process.exitCode = await runAction(process.env, {
  show: (bytes) => void process.stderr.write(bytes),
  signal: stop.signal,
});
