import { UsageError } from '../../options/usage-error.js';
import { shellWords } from '../shell-words.js';

const RUN_LABEL = /^keepset\.run\.([A-Za-z0-9][\w-]{0,63})$/;
const HTTP_LABEL = 'keepset.http';
/** [METHOD ][:PORT]/path[=STATUS], and nothing else. */
const REQUEST = /^(?:[A-Z]{3,8} )?(?::\d{1,5})?\/[\x21-\x7e]{0,500}$/;

/**
 * How an image says that it is run, as options: `keepset.run.NAME` is a command, `keepset.http` what is asked of a service,
 * one request a line. Labels are data: they choose what a container of their own image does, which it may do anyway, and
 * nothing else. There is no label for mounts, variables, networks, rights, or programs of the host.
 *
 * @throws UsageError
 * @example labelRuns({ 'keepset.run.plot': 'Rscript plot.R' }) // ['--run', 'plot=Rscript plot.R']
 */
export function labelRuns(labels: Readonly<Record<string, unknown>>): readonly string[] {
  const runs = Object.entries(labels).flatMap(([label, command]) => {
    const name = RUN_LABEL.exec(label)?.[1];
    return name === undefined || typeof command !== 'string' ? [] : [{ name, command }];
  });
  const requests = String(labels[HTTP_LABEL] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (runs.length > 0 && requests.length > 0)
    throw new UsageError(`the image has labels for runs and ${HTTP_LABEL}`, 'Write a keepset.yaml for it.');
  for (const { name, command } of runs) shellWords(command, `the label keepset.run.${name}`);
  const bad = requests.find((request) => !REQUEST.test(request));
  if (bad !== undefined)
    throw new UsageError(
      `the label ${HTTP_LABEL} is no request: ${bad.slice(0, 100)}`,
      'Write, for example: /',
    );
  return [
    ...runs
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap(({ name, command }) => ['--run', `${name}=${command}`]),
    ...requests.map((request) => `--http=${request}`),
  ];
}
