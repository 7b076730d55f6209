import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

export const ARCHIVE = defineCommand({
  name: 'archive',
  summary: 'write a deposit: the image, what its runs give, and how to check that for years',
  usage: [
    'archive -o PATH [OPTIONS] MANIFEST…',
    'archive -o PATH --recorded DIR [OPTIONS]',
    'archive --verify PATH [--key PUBLIC]',
  ],
  description: `Write a deposit for an archive: the image of a manifest, what each of its runs gives, and the texts by which
people and programs know what it is. A reader checks it with keepset replay, or with the check.sh in it, without keepset.`,
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote, and the engine must have its image; of several, one deposit has all
images. Each run is run again, without a network. A deposit is for others to read: values of variables are in it only where -e gives them again, and
mounted folders only where --inputs names them. SOURCE_DATE_EPOCH sets its date; without it, it is that of the image.`,
  topic: 'Keep it for years',
  examples: [
    { does: 'A folder', line: 'archive -o paper m.json' },
    { does: 'One file, with title and authors', line: 'archive -o paper.zip --metadata paper.yaml m.json' },
    { does: 'All images of a recording that was shrunk', line: 'archive -o paper --recorded run' },
    { does: 'Is each file what was deposited?', line: 'archive --verify paper.zip' },
  ],
  usual: ['output', 'recorded', 'metadata', 'inputs', 'env', 'sign', 'verify', 'key'],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest', optional: true, repeatable: true }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'PATH',
        description: 'Write to this new folder, or to a file that ends with `.zip` or `.tar`',
      },
      recorded: {
        type: 'text',
        value: 'DIR',
        description:
          'The small images of a recording, of which `keepset shrink --recorded DIR` wrote the manifests',
      },
      metadata: {
        type: 'text',
        value: 'FILE',
        description: 'Title, authors, licence and more, as YAML or JSON',
      },
      inputs: {
        type: 'text',
        value: 'DIR',
        repeatable: true,
        description: 'Copy this folder, which runs have mounted, into the deposit',
      },
      remainder: {
        type: 'text',
        value: 'IMAGE',
        description: 'Add this image, which `keepset shrink --remainder` made: the rest of the source',
      },
      env: {
        type: 'text',
        alias: 'e',
        value: 'NAME[=VALUE]',
        repeatable: true,
        description: 'The value of a variable that runs were given; it can be read in the deposit',
      },
      sign: {
        type: 'text',
        value: 'KEY',
        description: 'Sign it with this private key (PEM: Ed25519, ECDSA or RSA)',
      },
      verify: {
        type: 'text',
        value: 'PATH',
        description: 'Write nothing: check each file of this deposit against its checksums',
      },
      key: {
        type: 'text',
        value: 'PUBLIC',
        description: 'With `--verify`: the public key (PEM) that it must be signed by',
      },
      toolbox: SOURCE_OPTIONS.options.toolbox,
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing but errors' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
