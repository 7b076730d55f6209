import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { ActionError } from './action-error.js';
import { readFacts } from './facts.js';
import { dotenv, githubOutput, type Outputs, toOutputs } from './outputs.js';
import { type Environment, type Inputs, readInputs, resultFiles } from './read-inputs.js';
import { runKeepset } from './run-keepset.js';
import { type Outcome, toSummary } from './summary.js';

const DONE = 0;
const CONDITION_HOLDS = 1;
const FAILED = 1;
const USAGE = 2;

/** Of one step. */
export interface ActionOptions {
  /** Takes what is printed for people. */
  readonly show: (bytes: Uint8Array | string) => void;
  /** Ends keepset, which then cleans up. */
  readonly signal: AbortSignal;
}

/**
 * One step of a pipeline: shrink, compare with the run before, and leave manifest, report, summary and outputs.
 *
 * @param environment  inputs (KEEPSET_…), and what the pipeline gives: GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, GITHUB_ACTIONS
 * @returns            the exit status: that of keepset; 1 where a condition of `fail-if` holds
 */
export async function runAction(environment: Environment, { show, signal }: ActionOptions): Promise<number> {
  try {
    return await runInputs(readInputs(environment), environment, { show, signal });
  } catch (error) {
    if (error instanceof ActionError) {
      show(`keepset-action: ${error.message}\n  ${error.hint}\n`);
      return USAGE;
    }
    // Of the disk: it says what could not be done, and where.
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    show(`keepset-action: ${error.message}\n  'results' has to be a folder that can be written.\n`);
    return FAILED;
  }
}

async function runInputs(
  inputs: Inputs,
  environment: Environment,
  { show, signal }: ActionOptions,
): Promise<number> {
  const files = resultFiles(inputs.results);
  await mkdir(inputs.results, { recursive: true });
  // A pipeline's cache has put the manifest of the run before where that run has written it.
  await rm(files.previous, { force: true });
  if (existsSync(files.manifest)) await rename(files.manifest, files.previous);
  const previous = inputs.previous ?? files.previous;
  const variables = { ...environment, KEEPSET_MANIFEST: files.manifest, KEEPSET_REPORT: files.report };
  const { exitStatus, lines } = await withoutCommands(environment, show, () =>
    runKeepset(['shrink', ...inputs.operands], variables, { show, signal }),
  );
  const outcome: Outcome =
    exitStatus === DONE
      ? await readOutcome(files.manifest, previous, inputs)
      : { kind: 'failed', exitStatus, lines };
  const summary = toSummary(outcome, inputs.operands[0]);
  const made = outcome.kind === 'made' ? outcome : undefined;
  const { manifest, report } = files;
  const outputs = toOutputs(made?.facts, {
    growth: made?.changes?.growth,
    exitStatus,
    files: { manifest, report, summary: files.summary },
  });
  await writeFile(files.summary, summary);
  await writeFile(files.outputs, dotenv(outputs));
  await tellRunner(environment, summary, outputs);
  for (const { text } of made?.failed ?? []) show(`keepset-action: fail-if: ${text}\n`);
  return made === undefined ? exitStatus : made.failed.length > 0 ? CONDITION_HOLDS : DONE;
}

async function readOutcome(manifest: string, previous: string, inputs: Inputs): Promise<Outcome> {
  const alone = async (notCompared: string | undefined) => ({
    ...(await readFacts(manifest, undefined)),
    notCompared,
  });
  const isThere = existsSync(previous);
  // What an earlier run left may be damaged, or of another version: no reason to fail in each run from now on.
  const read = isThere
    ? await readFacts(manifest, previous)
        .then((all) => ({ ...all, notCompared: undefined }))
        .catch(() => alone('The manifest of the earlier run cannot be read.'))
    : await alone(inputs.previous && 'There is no such earlier manifest.');
  const failed = inputs.failIf.filter(({ holds }) => holds(read.facts, read.changes) === true);
  return { kind: 'made', ...read, failed };
}

/** The runner of GitHub Actions obeys lines that begin with `::`, whoever has printed them. @see "Workflow commands" */
async function withoutCommands<Value>(
  { GITHUB_ACTIONS }: Environment,
  show: (text: string) => void,
  perform: () => Promise<Value>,
): Promise<Value> {
  if (GITHUB_ACTIONS !== 'true') return await perform();
  const token = randomUUID();
  show(`::stop-commands::${token}\n`);
  try {
    return await perform();
  } finally {
    show(`\n::${token}::\n`);
  }
}

async function tellRunner(
  { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY }: Environment,
  summary: string,
  outputs: Outputs,
): Promise<void> {
  if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, githubOutput(outputs, randomUUID()));
  if (GITHUB_STEP_SUMMARY) await appendFile(GITHUB_STEP_SUMMARY, summary);
}
