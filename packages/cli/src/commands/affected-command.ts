import {
  type AffectedAnswer,
  type AffectedStatus,
  findRecords,
  isAdvisory,
  parseQuery,
  printPath,
  ShrinkError,
} from '@keepset/shrinker';
import { askOsv } from '../inputs/ask-osv.js';
import { readOsvRecords } from '../inputs/read-osv-records.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { textTable } from '../terminal/text-table.js';
import { type ArchiveAnswer, answerArchive } from './answer-archive.js';

const GRAMMAR = {
  name: 'keepset affected',
  usage: `Usage: keepset affected --in MANIFEST|DIR [OPTIONS] QUERY [QUERY...]

Tell what the results of an archive of manifests have to do with a bug upstream.

QUERY is the id of an advisory (CVE-2024-1234; its record is in the --osv files, or --online), a PURL with or without versions
('pkg:pypi/numpy@>=1.20,<1.26.4|<1.19'), a package's name (ggplot2, deb:openssl), a soname (libssl.so.3), a path, or the
sha256 of a file.`,
  epilogue: `used: a run opened files of it. present: files of it are in the result, and none was opened. removed: the source
has it, and the result does not. unaffected: the source does not have it, or another version. unknown: the version
cannot be compared, or kept files of no package bear its name.`,
  definitions: {
    in: {
      type: 'string',
      array: true,
      nargs: 1,
      description:
        "A manifest, a folder with manifests (*.json, at any depth), or a pattern ('archive/**/m.json')",
    },
    osv: {
      type: 'string',
      array: true,
      nargs: 1,
      description: 'A file of the OSV format, or a folder with such files',
    },
    online: {
      type: 'boolean',
      description: 'Ask the OSV service for advisories that no --osv file has (answers are kept for a day)',
    },
    index: {
      type: 'boolean',
      default: true,
      description:
        'Keep an index beside 100 manifests and more, so that the next question is quick (--no-index: do not)',
    },
    'fail-on': {
      type: 'string',
      choices: ['used', 'present', 'unknown'],
      nargs: 1,
      description: 'End with exit status 1 when an answer is this or graver (used, present, unknown)',
    },
    json: { type: 'boolean', description: 'Print JSON' },
  },
} as const;

const FAILS_ON: Readonly<Record<string, readonly AffectedStatus[]>> = {
  used: ['used'],
  present: ['used', 'present'],
  unknown: ['used', 'present', 'unknown'],
};

/** `keepset affected`: needs no engine. */
export async function affectedCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const list = (name: string) => (parsed.options[name] as readonly string[] | undefined) ?? [];
  if (parsed.rest.length === 0)
    throw new UsageError('no question', "'keepset affected --help' tells which there are.");
  if (list('in').length === 0)
    throw new UsageError(
      'no manifests',
      'Give a file or a folder with --in; keepset shrink --manifest writes them.',
    );
  const given = readOsvRecords(list('osv'));
  const ids = parsed.rest.filter((text) => isAdvisory(text) && findRecords(text, given).length === 0);
  const records = [...given, ...(parsed.options.online ? await askOsv(ids, console) : [])];
  const queries = parsed.rest.map((text) => parseQuery(text, records));

  const rows: ArchiveAnswer[] = [];
  const index = parsed.options.index !== false;
  for (const place of list('in')) rows.push(...(await answerArchive(place, queries, { console, index })));
  await console.writeOut(parsed.options.json ? toJson(rows) : toText(rows));
  const failing = FAILS_ON[String(parsed.options['fail-on'])] ?? [];
  const grave = rows.filter(({ status }) => failing.includes(status));
  if (grave.length > 0)
    throw new ShrinkError(
      'AFFECTED',
      `${grave.length} of ${rows.length} answers are ${failing.join(' or ')}`,
    );
}

const SHOWN_FILES = 2;

function toText(rows: readonly ArchiveAnswer[]): string {
  const titles = ['STATUS', 'QUERY', 'MANIFEST', 'PACKAGES', 'FILES'].map((title) => ({ title }));
  return textTable(
    titles,
    rows.map(({ status, query, manifest, packages, files }) => [
      status,
      query,
      manifest,
      packages.map((each) => `${each.package.name} ${each.package.version}`).join(', ') || '-',
      filesText(files),
    ]),
  );
}

function filesText(files: AffectedAnswer['files']): string {
  const shown = files
    .slice(0, SHOWN_FILES)
    .map(({ path, runs }) => `${printPath(path)}${runs.length === 0 ? '' : ` (run ${runs.join(', ')})`}`);
  const rest = files.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ') || '-';
}

function toJson(rows: readonly ArchiveAnswer[]): string {
  const printed = rows.map(({ packages, files, ...row }) => ({
    ...row,
    packages: packages.map((each) => ({ purl: each.package.purl, status: each.status })),
    files: files.map(({ path, runs }) => ({ path: printPath(path), runs })),
  }));
  return `${JSON.stringify(printed)}\n`;
}
