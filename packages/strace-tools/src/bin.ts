#!/usr/bin/env node
import { once } from 'node:events';
import { runCommand } from './commands/run-command.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has seen enough: `strace-parser events LOG | head`.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`strace-parser: ${error.message}\n`);
  process.exit(1);
});
process.exitCode = await runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  write: (text) =>
    process.stdout.write(text) ? undefined : once(process.stdout, 'drain').then(() => undefined),
  writeError: (text) => void process.stderr.write(text),
});
