import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const EXPORT = defineCommand({
  name: 'export',
  summary: 'write an archive of manifests as tables',
  usage: ['export [OPTIONS] --in MANIFEST|DIR -o DIR'],
  description: `Write results, runs, packages and files of an archive of manifests as tables, for DuckDB, ClickHouse, Spark or
SQLite to answer what keepset does not.`,
  notes: `The tables are results, runs, packages and files; each row names its manifest. With parquet and ndjson each is a file
of its name, with sqlite all are in keepset.sqlite. Manifests are read one after another, and rows are not held. DIR must be
new or empty. Paths are escaped as in manifests.`,
  topic: 'Say what software is in it',
  examples: [
    { does: 'Tables of an archive, for DuckDB', line: 'export --in archive -o tables' },
    {
      does: 'One database, also with what was removed',
      line: 'export --format sqlite --removed --in archive -o tables',
    },
  ],
  placing: 'anywhere',
  operands: [],
  groups: [
    optionGroup('Options', {
      in: {
        type: 'text',
        value: 'MANIFEST|DIR',
        repeatable: true,
        description:
          "A manifest, a folder with manifests (`*.json`, at any depth), a pattern (`'archive/**/m.json'`), or a `fleet.yaml`",
      },
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        required: 'folder',
        description: 'The folder to write',
      },
      format: {
        type: 'choice',
        choices: ['parquet', 'sqlite', 'ndjson'],
        default: 'parquet',
        description: 'The form of the tables',
      },
      removed: { type: 'flag', description: 'Write also the files that are not in results' },
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing' },
    }),
  ],
});
