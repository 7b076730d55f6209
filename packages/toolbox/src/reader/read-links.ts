import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import { answerCovered, type CoveredPaths } from './covered-paths.js';
import type { LinkAnswer } from './link-answer.js';
import { nulSeparated } from './nul-separated.js';

/** One answer a path, in order; one program run for all. */
export async function readLinks(
  container: Container,
  covered: CoveredPaths,
  paths: readonly string[],
): Promise<readonly LinkAnswer[]> {
  if (paths.length === 0) return [];
  const command = toolCommand('find', ['-files0-from', '-', '-maxdepth', '0', '-printf', '%y\\0%l\\0%p\\0']);
  const asked = paths.filter((path) => !path.includes('\0') && path !== '');
  const output = await runProgram(container, { command, stdin: nulSeparated(asked) }, [0, 1]);
  const fields = output.toString('latin1').split('\0');
  const answers = new Map<string, LinkAnswer>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [kind, target = '', path = ''] = fields.slice(at, at + 3);
    answers.set(
      path,
      kind === 'l' ? { kind: 'link', target } : { kind: kind === 'd' ? 'directory' : 'other' },
    );
  }
  return paths.map((path) => answerCovered(covered, path) ?? answers.get(path) ?? { kind: 'missing' });
}
