import { setFlagsFromString } from 'node:v8';
import { verifyArchive, writeArchive } from '@keepset/archive';
import { ARCHIVE } from '../../definitions/archive.js';
import { readKeyText } from '../../inputs/checked/read-key-file.js';
import { toArchiveRequest } from '../../inputs/checked/to-archive-request.js';
import { engineOf } from '../../inputs/engine-of.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { formatBytes } from '../../terminal/format-bytes.js';
import { plainLine } from '../../terminal/plain-text.js';
import { createProgress } from '../../terminal/progress.js';
import { archiveJson, archiveText } from './archive-text.js';
import { recordedManifests } from './recorded-manifests.js';

/** `keepset archive`. */
export async function archiveCommand(
  { options, operands: given }: CommandLineOf<typeof ARCHIVE>,
  console: Console,
): Promise<number | undefined> {
  const { output: destination, verify, recorded, metadata: metadataFile, quiet, json } = options;
  const { key, sign: signFile } = options;
  if (options.remainder !== undefined && (given.length > 1 || recorded !== undefined))
    throw new UsageError('--remainder is of one image, and there are several', 'Leave it out.');
  if (key !== undefined && verify === undefined) throw new UsageError('--key is for --verify', USAGE);
  if (verify !== undefined) {
    if (given.length > 0 || recorded !== undefined || destination !== undefined)
      throw new UsageError('--verify writes nothing, and takes no manifest', USAGE);
    const keyText = key === undefined ? undefined : readKeyText(key, '--key');
    return await check(verify, { quiet: quiet === true, json: json === true, key: keyText }, console);
  }
  if (given.length > 0 === (recorded !== undefined))
    throw new UsageError(
      recorded === undefined ? 'no manifest given' : '--recorded says which manifests there are',
      USAGE,
    );
  if (destination === undefined) throw new UsageError('the deposit has no place', USAGE);
  const { inputs, env: variables, remainder, toolbox } = options;
  const request = toArchiveRequest(
    { destination, metadataFile, inputs, variables, remainder, toolbox, signFile },
    '-o',
    console,
  );
  const manifests =
    recorded === undefined ? { manifests: given } : await recordedManifests(recorded, console);
  // It waits for an engine and a disk: here memory counts more than speed.
  setFlagsFromString('--optimize-for-size');
  const progress = await createProgress(console, quiet === true || json === true);
  await using engine = await engineOf(console);
  try {
    const written = await writeArchive(engine, { ...request, ...manifests }, { onEvent: progress.onEvent });
    if (json === true) await console.writeOut(`${JSON.stringify(archiveJson(written))}\n`);
    else if (quiet !== true) console.writeError(archiveText(written, destination));
    return;
  } finally {
    progress.clear();
  }
}

const USAGE = `It is 'keepset ${ARCHIVE.usage.join("', or 'keepset ")}'.`;
const FOUND = 1;
/** Only a key tells by whom. */
const SIGNED = {
  checked: 'signed by the key\n',
  unchecked: 'signed; --key PUBLIC checks by whom\n',
} as const;

async function check(
  path: string,
  { quiet, json, key }: { readonly quiet: boolean; readonly json: boolean; readonly key: string | undefined },
  console: Console,
): Promise<number | undefined> {
  const checked = await verifyArchive(path, { ...(key !== undefined && { key }) });
  const { files, sizeBytes, problems, signed } = checked;
  if (json) await console.writeOut(`${JSON.stringify(checked)}\n`);
  else {
    await console.writeOut(problems.map((problem) => `${plainLine(problem)}\n`));
    if (problems.length > 0)
      console.writeError(`keepset: ${problems.length} things are wrong with ${plainLine(path)}\n`);
    else if (!quiet) {
      console.writeError(`${files} files, ${formatBytes(sizeBytes)}: each is what was deposited\n`);
      if (signed !== undefined) console.writeError(SIGNED[signed]);
    }
  }
  return problems.length > 0 ? FOUND : undefined;
}
