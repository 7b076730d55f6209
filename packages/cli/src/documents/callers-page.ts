import { COREUTILS_TEXT, callerRows } from '../options/callers.js';
import { markdownTable } from './markdown-table.js';

/** docs/callers.md */
export function callersPage(): string {
  return `# Callers: what starts programs in an image beside its command

A workflow engine, a cluster or a person starts programs in a container that no trace of the image's own command shows.
\`--for NAME\` keeps them, with their interpreters and libraries; it can be given several times. \`keepset why\` names the
caller. What a caller cannot do without and the image lacks is a warning; of the others it keeps what there is. The result
is verified as always, but the callers are not run: their own programs are not compared.

${markdownTable(['caller', 'needs', 'uses where it is there', 'since'], callerRows())}
coreutils: ${COREUTILS_TEXT}.

This page is written by \`pnpm docs:options\` from \`packages/cli/src/options/callers.ts\`; a further caller is one entry there.
`;
}
