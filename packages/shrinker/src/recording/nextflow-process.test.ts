import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readNextflowProcess } from './nextflow-process.js';

const folder = mkdtempSync(join(tmpdir(), 'test-nextflow-'));
afterAll(() => rmSync(folder, { recursive: true }));

let tasks = 0;
const task = (script: string) => {
  const workdir = join(folder, `${++tasks}`);
  mkdirSync(workdir);
  writeFileSync(join(workdir, '.command.run'), script);
  return workdir;
};
const COMMAND = ['/bin/bash', '-ue', '.command.sh'];

it.each([
  [
    'of releases up to now',
    '#!/bin/bash\n# NEXTFLOW TASK: RNASEQ:ALIGN (sample 1)\nset -e\n',
    'RNASEQ:ALIGN',
  ],
  ['without a tag', '#!/bin/bash\n# NEXTFLOW TASK: sort\n', 'sort'],
  ['with a head of YAML', "#!/bin/bash\n### ---\n### name: 'FLOW:sort (1)'\n### ...\n", 'FLOW:sort'],
  ['of something else', '#!/bin/bash\necho\n', undefined],
  ['of a name that is none', "# NEXTFLOW TASK: a'}\n", undefined],
  ['of nothing', '', undefined],
])('the script of a task %s', async (_, script, expected) => {
  expect(await readNextflowProcess({ command: COMMAND, options: { workdir: task(script) } })).toBe(expected);
});

it('a container of anybody else is not asked', async () => {
  const workdir = task('# NEXTFLOW TASK: sort\n');
  expect(await readNextflowProcess({ command: ['sort'], options: { workdir } })).toBeUndefined();
  expect(await readNextflowProcess({ command: COMMAND, options: { workdir: 'x' } })).toBeUndefined();
  expect(
    await readNextflowProcess({ command: COMMAND, options: { workdir: `${folder}/none` } }),
  ).toBeUndefined();
});
