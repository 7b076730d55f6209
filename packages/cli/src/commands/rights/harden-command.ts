import { existsSync } from 'node:fs';
import { countCalls, type Hardening, mergeHardenings } from '@keepset/hardening';
import { readHardening } from '@keepset/manifest';
import { HARDEN } from '../../definitions/harden.js';
import { requireFolder } from '../../inputs/checked/to-hardening.js';
import { engineOf } from '../../inputs/engine-of.js';
import { toService } from '../../inputs/to-service.js';
import { toSourceArguments } from '../../inputs/to-source-arguments.js';
import { toTraceOptions } from '../../inputs/to-trace-options.js';
import { toComparison } from '../../inputs/to-verification.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import type { KEEP_OPTIONS } from '../../options/keep-options.js';
import type { GroupValues } from '../../options/option.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { createProgress } from '../../terminal/progress.js';
import { rightsText } from '../../terminal/rights/rights-text.js';
import { runStreams } from '../../terminal/run-streams.js';
import { writeHardening } from './write-hardening.js';

/** `keepset harden`: of manifests, it needs no engine. */
export async function hardenCommand(
  line: CommandLineOf<typeof HARDEN>,
  console: Console,
): Promise<undefined> {
  const { options, operands } = line;
  const { output: folder, quiet, json } = options;
  requireFolder(folder, '-o');
  const [first] = operands;
  const isManifest = first !== undefined && existsSync(first);
  if (isManifest && options.base.length > 0)
    throw new UsageError('--base is for an IMAGE: of a manifest, the rights are known', 'Leave it out.');
  const rights = isManifest ? await joined(operands) : await found(line, console);
  await writeHardening(rights, folder);
  if (json === true)
    await console.writeOut(`${JSON.stringify({ folder, calls: countCalls(rights), rights })}\n`);
  else if (quiet !== true) console.writeError(`rights    ${rightsText(rights)}\nwritten   ${folder}\n`);
}

async function joined(files: readonly string[]): Promise<Hardening> {
  const all: Hardening[] = [];
  for (const file of files) all.push(await readHardening(file));
  return all.reduce(mergeHardenings);
}

/** Nothing is dropped of what is not shrunk. */
const KEEP_NOTHING_ELSE: GroupValues<typeof KEEP_OPTIONS> = {
  keep: [],
  for: [],
  drop: [],
  'keep-file': [],
  'drop-file': [],
  'keep-package': [],
  'round-up': undefined,
  listed: undefined,
  secrets: undefined,
};

async function found(
  { options, operands: [image, ...words] }: CommandLineOf<typeof HARDEN>,
  console: Console,
): Promise<Hardening> {
  const command = words[0] === '--' ? words.slice(1) : words;
  const source = await toSourceArguments(
    {
      options: { ...options, ...KEEP_NOTHING_ELSE },
      operands: image === undefined ? [] : [image, ...command],
      service: toService(options),
      usage: HARDEN.usage[0],
    },
    console,
  );
  const progress = await createProgress(console, source.quiet || source.json);
  await using engine = await engineOf(console);
  const { hardenImage } = await import('@keepset/shrinker');
  try {
    return await hardenImage(
      engine,
      { ...toTraceOptions(source, console), ...toComparison(options), families: options.base },
      runStreams(console, { progress, isQuiet: source.quiet, standardOutput: source.json ? 'error' : 'out' }),
    );
  } finally {
    progress.clear();
  }
}
