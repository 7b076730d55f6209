import { relative } from 'node:path';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import { plainLine } from '../../terminal/plain-text.js';
import { quoteWords } from '../../terminal/quote-words.js';
import { textTable } from '../../terminal/text-table.js';
import { type FleetOptions, namedTasks, openFleet, planFleet, statusesOf, toDoOf } from './open-fleet.js';

const DIGEST_DIGITS = 12;

/** `keepset fleet plan`: what there is to do, and nothing of it done. */
export async function planAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const opened = openFleet(words, console);
  const tasks = namedTasks(await planFleet(opened, console), options);
  const statuses = await statusesOf(tasks, opened, console);
  const toDo = new Set(toDoOf(statuses, { named: tasks, again: options.again === true }));
  if (options.json === true) {
    const { folder } = opened.fleet;
    const all = statuses.map((each) => ({ ...each.task, state: each.state, toDo: toDo.has(each) }));
    await console.writeOut(`${JSON.stringify({ folder, tasks: all })}\n`);
    return;
  }
  const rows = statuses.map(({ task, state }) => [
    task.name,
    state,
    task.sourceDigest?.replace(/^sha256:/, '').slice(0, DIGEST_DIGITS) ?? 'unknown',
    plainLine(quoteWords(['keepset', ...task.command])),
  ]);
  const columns = ['TASK', 'STATE', 'IMAGE', 'COMMAND'].map((title) => ({ title }));
  await console.writeOut(textTable(columns, rows));
  const place = relative(console.workingDirectory, opened.fleet.folder);
  console.writeError(
    `keepset: ${formatCount(toDo.size)} of ${formatCount(tasks.length)} tasks to do${place === '' ? '' : `; commands run in ${plainLine(place)}`}\n`,
  );
}
