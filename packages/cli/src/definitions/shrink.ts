import { defineCommand } from '../options/command-definition.js';
import { HARDEN_OPTIONS } from '../options/harden-options.js';
import { KEEP_OPTIONS } from '../options/keep-options.js';
import { optionGroup } from '../options/option.js';
import { OUTPUT_OPTIONS } from '../options/output-options.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SERVICE_OPTIONS } from '../options/service-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';
import { VERIFY_OPTIONS } from '../options/verify-options.js';

/** Of `keepset shrink` alone. */
const OWN_OPTIONS = optionGroup('Plan and records', {
  locked: {
    type: 'text',
    value: 'FILE',
    description: 'Build what this keep list says, without tracing; still verified',
  },
  from: {
    type: 'text',
    value: 'FILE',
    repeatable: true,
    description:
      'Build what the runs of this trace used, as `keepset trace` wrote it, without running them again',
  },
  recorded: {
    type: 'text',
    value: 'DIR',
    description:
      'Make a small image of each image that `keepset record` saw, from all that was used of it, without running anything again',
  },
  suffix: {
    type: 'text',
    value: 'TEXT',
    defaultText: '`-small`',
    description: 'With `--recorded`: what is added to the tags of the sources, for the names of the results',
  },
  compose: {
    type: 'text',
    value: 'FILE',
    description:
      'Shrink one service of this file of docker-compose, while the others run beside it as they are: the stack is started for it, and taken down again',
  },
  service: {
    type: 'text',
    value: 'NAME',
    description: 'With `--compose`: which service; what it is asked say `--http`, `--probe` and `--exec`',
  },
  trust: {
    type: 'flag',
    description:
      'Let `--from` files start probes and further programs, and have mounts, devices, rights and networks, that the command line does not repeat',
  },
  'keep-list': {
    type: 'text',
    value: 'FILE',
    description:
      'Write the list of kept paths to this file: it can be reviewed, committed, and given to `--locked`',
  },
  manifest: {
    type: 'text',
    value: 'FILE',
    description: 'Write the manifest to this file (JSON): what was kept and why, and what was removed',
  },
  report: {
    type: 'text',
    value: 'FILE',
    description: 'Write an HTML page to this file: what was kept, what was removed, and why',
  },
  archive: {
    type: 'text',
    value: 'PATH',
    description:
      'Write a deposit as well, as `keepset archive -o PATH` does: a new folder, or a file that ends with `.zip` or `.tar`',
  },
  'archive-metadata': {
    type: 'text',
    value: 'FILE',
    description: 'With `--archive`: title, authors, licence and more, as YAML or JSON',
  },
  'archive-inputs': {
    type: 'text',
    value: 'DIR',
    repeatable: true,
    description: 'With `--archive`: copy this folder, which runs have mounted, into the deposit',
  },
  'archive-env': {
    type: 'text',
    value: 'NAME[=VALUE]',
    repeatable: true,
    description:
      'With `--archive`: the value of a variable that runs were given; it can be read in the deposit',
  },
  builder: {
    type: 'choice',
    choices: ['direct', 'dockerfile'],
    default: 'direct',
    description:
      'Make the result of the kept files (`direct`), or by a Dockerfile that removes the others, flattened: the same image, more slowly, on any engine that builds',
  },
  layers: {
    type: 'choice',
    choices: ['one', 'by-package'],
    default: 'one',
    description: 'One layer, or one for each of the larger packages, which results of one source can share',
  },
  'layers-from': {
    type: 'text',
    value: 'FILE',
    description:
      "Layers that the results of a fleet share, also those of other sources: FILE is of 'keepset fleet layers'",
  },
  metadata: {
    type: 'choice',
    choices: ['used', 'all', 'none'],
    default: 'used',
    description:
      'Package databases, by which scanners know what is in the image: reduced to what is left (`used`), unchanged (`all`), or only what the command reads (`none`)',
  },
  sbom: {
    type: 'flag',
    description:
      'Attach the bill of materials (CycloneDX) as an OCI referrer: in `-o type=oci`, and at registries with `--push`',
  },
  attest: {
    type: 'flag',
    description: 'Attach what the runs did, in the same way: an in-toto statement (runtime trace)',
  },
  provenance: {
    type: 'flag',
    description: 'Attach how the result was made, in the same way: an in-toto statement (SLSA provenance)',
  },
  vex: {
    type: 'text',
    value: 'FILE',
    description:
      'Attach which findings of a scanner about IMAGE are gone with the files, in the same way: an in-toto statement (OpenVEX). FILE is JSON of grype or trivy, or records of the OSV format',
  },
  sign: {
    type: 'text',
    value: 'KEY',
    description:
      'Sign these statements, and the deposit of `--archive`, with this private key (PEM: Ed25519, ECDSA or RSA)',
  },
  remainder: {
    type: 'text',
    value: 'NAME[:TAG]',
    description:
      "Also make an image of the result's layers and, above them, the rest of IMAGE: the whole for the price of the rest; `--archive` has it as well",
  },
  quiet: { type: 'flag', alias: 'q', description: 'Print only the ID of the result' },
  json: { type: 'flag', description: 'Print one JSON object' },
});

export const SHRINK = defineCommand({
  name: 'shrink',
  summary: 'shrink IMAGE to what COMMAND uses',
  usage: [
    'shrink [OPTIONS] -t OUT IMAGE [COMMAND [ARG...]]',
    'shrink [OPTIONS] --recorded DIR',
    'shrink -t OUT --compose FILE --service NAME',
  ],
  description: 'Shrink IMAGE to what COMMAND uses, verify that it does the same, name it OUT.',
  notes: `Options end at IMAGE; what follows is the command, and without one the image's own ENTRYPOINT and CMD run. Each
option can be set by a variable as well (--read-only: KEEPSET_READ_ONLY=true; lists: one value a line); DOCKER_FLAGS holds
further options of the run. SOURCE_DATE_EPOCH sets the time of creation; without it, it is that of IMAGE. IMAGE is one of
the engine. With --no-verify and --locked or --from, which run nothing, it may also be \`docker://NAME\` at a registry,
\`oci:FOLDER[:TAG]\`, \`oci-archive:FILE[:TAG]\` or \`docker-archive:FILE[:NAME:TAG]\`, without an engine: the result has the same id.`,
  topic: 'Make an image',
  examples: [
    { does: 'Keep what this command uses', line: 'shrink -t small debian:12 cat /etc/debian_version' },
    {
      does: 'A web service: start it, ask for its page, stop it',
      line: 'shrink --http / -t web:small nginx',
    },
    {
      does: 'Keep a record of what was kept and why, and a page to look at',
      line: 'shrink -t small --manifest m.json --report r.html debian:12 perl -v',
    },
  ],
  usual: [
    'tag',
    'env',
    'volume',
    'http',
    'run',
    'file',
    'keep',
    'for',
    'keep-package',
    'keep-list',
    'locked',
    'manifest',
    'report',
    'check',
    'verify',
    'harden',
  ],
  placing: 'leading',
  operands: [
    { name: 'IMAGE', noun: 'image', optional: true },
    { name: 'COMMAND', noun: 'command', optional: true, repeatable: true },
  ],
  groups: [
    OUTPUT_OPTIONS,
    OWN_OPTIONS,
    VERIFY_OPTIONS,
    HARDEN_OPTIONS,
    SOURCE_OPTIONS,
    KEEP_OPTIONS,
    SERVICE_OPTIONS,
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
  ],
});
