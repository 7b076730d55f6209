import { join } from 'node:path';
import { parse } from 'shell-quote';
import { ActionError } from './action-error.js';
import { type Condition, parseConditions } from './conditions.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the step itself is told. Options of `keepset shrink` reach keepset by their own variables: KEEPSET_TAG, … */
export interface Inputs {
  /** Words that follow the options: IMAGE and the command. */
  readonly operands: readonly string[];
  /** Folder of manifest, report and summary. */
  readonly results: string;
  /** Manifest to compare with; without one, what an earlier run left in the folder. */
  readonly previous: string | undefined;
  readonly failIf: readonly Condition[];
}

/** Variables of the inputs that are no options. */
export const INPUT_VARIABLES = {
  image: 'KEEPSET_IMAGE',
  command: 'KEEPSET_COMMAND',
  results: 'KEEPSET_RESULTS',
  previous: 'KEEPSET_PREVIOUS',
  failIf: 'KEEPSET_FAIL_IF',
} as const;

const RESULTS_DEFAULT = 'keepset-results';

/**
 * Read the inputs. A variable that is empty is not given. What they hold is split into words, and never run by a shell.
 *
 * @throws ActionError
 */
export function readInputs(environment: Environment): Inputs {
  const given = (input: keyof typeof INPUT_VARIABLES) =>
    environment[INPUT_VARIABLES[input]]?.trim() || undefined;
  const [image, command] = [given('image'), given('command')];
  if (image?.startsWith('-'))
    throw new ActionError(
      `image '${image}' is none`,
      'A name does not begin with a dash; options are inputs of their own.',
    );
  if (image === undefined && command !== undefined)
    throw new ActionError(
      'a command without an image',
      'Give `image` as well, or write both into keepset.yaml.',
    );
  return {
    operands: image === undefined ? [] : [image, ...toWords(command ?? '')],
    results: given('results') ?? RESULTS_DEFAULT,
    previous: given('previous'),
    failIf: parseConditions(given('failIf') ?? ''),
  };
}

/** Variables stay as they are, since they are the image's to know. */
function toWords(command: string): readonly string[] {
  return parse(command, (variable) => `$${variable}`).map((word) => {
    if (typeof word === 'string') return word;
    throw new ActionError(
      `command '${command}' needs a shell, and is run without one`,
      "Write sh -c '…' around it.",
    );
  });
}

/** Where the files of a run are. */
export function resultFiles(results: string) {
  return {
    manifest: join(results, 'manifest.json'),
    /** The manifest of the run before. */
    previous: join(results, 'previous.json'),
    report: join(results, 'report.html'),
    summary: join(results, 'summary.md'),
    /** NAME=VALUE lines, which GitLab reads as a dotenv report. */
    outputs: join(results, 'outputs.env'),
  } as const;
}
