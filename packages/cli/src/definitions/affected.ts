import { defineCommand } from '../options/command-definition.js';
import { IMAGE_NAMES, IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';
import { TABLE_OPTIONS } from '../options/table-options.js';

export const AFFECTED = defineCommand({
  name: 'affected',
  summary: 'print which results of an archive, or images, a bug upstream affects',
  usage: [
    'affected --in MANIFEST|DIR [OPTIONS] QUERY [QUERY...]',
    'affected --image IMAGE [OPTIONS] QUERY [QUERY...]',
  ],
  description: `Print which results of an archive of manifests a bug upstream affects, without an engine and without the
images; or which images it affects, of which nothing is known to be used. QUERY is the id of an advisory (CVE-2024-1234; its record is in the --osv files, or found with --online), a PURL with
or without versions ('pkg:pypi/numpy@>=1.20,<1.26.4|<1.19'), a package's name (ggplot2, deb:openssl), a soname
(libssl.so.3), a path, or the sha256 of a file.`,
  notes: `used: a run opened files of it. present: files of it are in the result, and none was opened. removed: the source
has it, and the result does not. unaffected: the source does not have it, or another version. unknown: the version
cannot be compared, kept files of no package bear its name, or no manifest knows the name at all.
${IMAGE_NAMES}`,
  topic: 'Say what software is in it',
  examples: [
    {
      does: 'Does a bug of OpenSSL concern any result of the archive?',
      line: 'affected --in archive libssl.so.3',
    },
    {
      does: 'An advisory, its record asked for; fail where it is in use',
      line: 'affected --in archive --online --fail-on used CVE-2024-3094',
    },
  ],
  usual: ['in', 'image', 'osv', 'online', 'fail-on', 'platform', 'json', 'csv'],
  placing: 'anywhere',
  operands: [{ name: 'QUERY', noun: 'query', repeatable: true }],
  groups: [
    optionGroup('Options', {
      in: {
        type: 'text',
        value: 'MANIFEST|DIR',
        repeatable: true,
        description:
          "A manifest, a folder with manifests (`*.json`, at any depth), a pattern (`'archive/**/m.json'`), or a `fleet.yaml`",
      },
      image: {
        type: 'text',
        value: 'IMAGE',
        repeatable: true,
        description: 'An image; the sha256 of a file has each of its files read',
      },
      osv: {
        type: 'text',
        value: 'FILE|DIR',
        repeatable: true,
        description: 'A file of the OSV format, or a folder with such files',
      },
      online: {
        type: 'flag',
        description:
          'Ask the OSV service for advisories that no `--osv` file has; its answers are kept for a day',
      },
      index: {
        type: 'flag',
        default: true,
        description: 'Do not write an index beside 100 manifests and more, which makes the next query quick',
      },
      'fail-on': {
        type: 'choice',
        choices: ['used', 'present', 'unknown'],
        description:
          'End with exit status 1 when an answer is this or worse (`used`, then `present`, then `unknown`)',
      },
    }),
    IMAGE_OPTIONS,
    TABLE_OPTIONS,
  ],
});
