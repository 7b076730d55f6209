import { type CitationFormat, readManifest, writeCitations } from '@keepset/shrinker';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { quoteWords } from '../terminal/quote-words.js';

const GRAMMAR = {
  name: 'keepset cite',
  usage: `Usage: keepset cite [OPTIONS] MANIFEST

Print the software that the runs of a manifest really used, with versions, to be cited in a paper.`,
  epilogue: `MANIFEST is what keepset shrink --manifest FILE wrote; no image is needed. A distribution's packages are told as
what they were built from. Authors are not in a manifest: BibTeX goes without, CFF has a place for them.`,
  definitions: {
    format: {
      type: 'string',
      choices: ['text', 'bibtex', 'cff'],
      nargs: 1,
      description: 'Sentences (text, the default), BibTeX (bibtex), or a CITATION.cff (cff)',
    },
  },
} as const;

/** `keepset cite`: needs no engine. */
export async function citeCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const [file, surplus] = parsed.rest;
  if (file === undefined) throw new UsageError('no manifest given', "'keepset cite MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  const format = parsed.options.format as CitationFormat | undefined;
  await console.writeOut(await writeCitations(await readManifest(file), format ?? 'text', quoteWords));
}
