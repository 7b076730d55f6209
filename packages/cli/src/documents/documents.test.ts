import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import action from '../../../action/package.json' with { type: 'json' };
import { ABOUT } from '../about.js';
import { SHRINK } from '../definitions/shrink.js';
import { COMMANDS } from '../registry.js';
import { callersPage } from './callers-page.js';
import { commandReference } from './command-reference.js';
import { fillTables } from './fill-tables.js';
import { manPage } from './man-page.js';
import { fillInputs } from './pipeline-inputs.js';

/** After a change of a definition, `pnpm docs:options` writes them anew. */
const repository = new URL('../../../../', import.meta.url);
const definitions = COMMANDS.map(({ definition }) => definition);

const INTRODUCTION = `# The command line

All commands and options. This page is written by \`pnpm docs:options\`; so are the tables of the READMEs.

The commands that run a command of the image (\`shrink\`, \`trace\`, \`check\`, \`cost\`, \`doctor\`) have the grammar of
\`docker run\`: options end at IMAGE, and what follows is left alone, even if it looks like options. With the others an
option may stand anywhere. A value follows its option as a word of its own or behind \`=\`; short forms can be joined
(\`-ie A=1\`). A flag is switched off by \`--no-…\`. Where an option that takes one value is given several times, the last
one counts.

Each option can be set by its variable: a flag by \`true\` or \`false\`, a list by one value a line. \`DOCKER_FLAGS\` holds
further options of the run, in shell notation and with the meaning that they have for docker (there \`-t\` is \`--tty\`).
The command line wins.
`;

it('docs/cli.md says what the definitions say', async () => {
  const file = new URL('docs/cli.md', repository).pathname;
  await expect(commandReference(definitions, INTRODUCTION)).toMatchFileSnapshot(file);
});

it('docs/callers.md says what --for keeps', async () => {
  const file = new URL('docs/callers.md', repository).pathname;
  await expect(callersPage()).toMatchFileSnapshot(file);
});

it('the manual page says what the definitions say', async () => {
  const file = new URL('packages/cli/man/keepset.1', repository).pathname;
  await expect(manPage(definitions, ABOUT)).toMatchFileSnapshot(file);
});

it.each([
  ['README.md', 'docs/cli.md'],
  ['packages/cli/README.md', 'https://github.com/keepset/keepset/blob/main/docs/cli.md'],
])('the tables of %s say what the definitions say', async (name, reference) => {
  const file = new URL(name, repository).pathname;
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('<!-- table: ');
  await expect(fillTables(text, definitions, reference)).toMatchFileSnapshot(file);
});

it.each(['action.yml', 'templates/shrink.yml'])(
  'the inputs of %s are the options of shrink',
  async (name) => {
    const file = new URL(name, repository).pathname;
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# options of keepset shrink: ');
    const filled = fillInputs(text, SHRINK).replace(/(?<=@keepset\/action@)\d[\w.-]*/, action.version);
    await expect(filled).toMatchFileSnapshot(file);
  },
);
