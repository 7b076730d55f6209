import type { OutputChunk } from '@keepset/docker-engine';
import type { Readiness } from './service.js';

/** What of a service's output shows that it is ready. */
export interface LogWatch {
  note(chunk: OutputChunk): void;
  /** Whether a line, or the beginning of one, was like this. */
  saw(pattern: RegExp): boolean;
}

/** A longer line is searched in pieces. */
const LINE_MAX = 64 * 1024;

/** Searches both streams, line by line as they come, for the patterns of a service's signs. */
export function watchLog(ready: readonly Readiness[]): LogWatch {
  const patterns = ready.flatMap((each) => (each.kind === 'log' ? [each.pattern] : []));
  const seen = new Set<RegExp>();
  const rests = { stdout: '', stderr: '' };
  return {
    note({ stream, bytes }) {
      if (seen.size === patterns.length) return;
      const text = rests[stream] + Buffer.from(bytes).toString('utf8');
      for (const line of text.split('\n'))
        for (const pattern of patterns) if (pattern.test(line)) seen.add(pattern);
      rests[stream] = text.slice(text.lastIndexOf('\n') + 1).slice(-LINE_MAX);
    },
    saw: (pattern) => seen.has(pattern),
  };
}
