import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeError } from '../packages/cli/src/terminal/describe-error.ts';
import { randomOf } from './fuzz/mutate.ts';
import { removeFiles, targets } from './fuzz/targets.ts';

/** For each reader; `pnpm fuzz` has a minute. */
const SECONDS = Number(process.env.KEEPSET_FUZZ_SECONDS ?? 2);
/** Says in a failure which inputs it were. */
const SEED = Number(process.env.KEEPSET_FUZZ_SEED ?? Date.now() % 1_000_000);
/** Of the whole process, for inputs of a few kilobytes. */
const MEMORY_BYTES_MAX = 1.5e9;

afterAll(removeFiles);

/** Whether keepset can say what is wrong. */
const isOurs = (error: unknown) => describeError(error).code !== 'UNEXPECTED';

it.each(targets(isOurs).map((target) => [target.name, target] as const))(
  `whatever a file holds, its reader says so in words of its own: %s`,
  { timeout: (SECONDS + 120) * 1000 },
  async (name, { plain, make, read }) => {
    await read(plain);
    const until = performance.now() + SECONDS * 1000;
    let [inputs, refused, longestMs] = [0, 0, 0];
    for (; performance.now() < until; inputs++) {
      const input = make(randomOf(SEED + inputs));
      const begun = performance.now();
      try {
        await read(input);
      } catch (error) {
        refused++;
        if (name !== 'tar' && !isOurs(error)) {
          const file = join(tmpdir(), `fuzz-${name.replace(/\W+/g, '-')}-${SEED + inputs}`);
          writeFileSync(file, input);
          throw new Error(`seed ${SEED}, input ${inputs}, in ${file}: ${(error as Error).stack}`);
        }
      }
      longestMs = Math.max(longestMs, performance.now() - begun);
    }
    const memoryBytes = process.memoryUsage().rss;
    if (process.env.KEEPSET_FUZZ_SECONDS)
      process.stdout.write(
        `${name}: ${inputs} inputs, ${refused} refused, the longest ${longestMs.toFixed(0)} ms, ${(memoryBytes / 1e6).toFixed(0)} MB, seed ${SEED}\n`,
      );
    expect(inputs).toBeGreaterThan(0);
    expect(memoryBytes).toBeLessThan(MEMORY_BYTES_MAX);
  },
);
