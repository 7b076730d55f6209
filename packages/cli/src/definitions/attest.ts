import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const ATTEST = defineCommand({
  name: 'attest',
  summary: 'write what the runs did as an in-toto statement about the result',
  usage: ['attest [OPTIONS] MANIFEST'],
  description: `Write what the runs of a manifest did as an in-toto statement about the result (predicate runtime-trace v0.1):
their processes, and the files that they used, with digests.`,
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote. Without --sign the statement is not signed; 'cosign attest'
and similar tools sign it. The subject is the digest of a registry, or of an OCI image, where the manifest holds one, and else the image's ID.`,
  topic: 'Say what software is in it',
  examples: [
    { does: 'Print the statement', line: 'attest m.json' },
    { does: 'Write it to a file, to be signed', line: 'attest -o statement.json m.json' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'FILE',
        defaultText: 'standard output',
        description: 'Write the statement to this file',
      },
      sign: {
        type: 'text',
        value: 'KEY',
        description: 'Write it in a DSSE envelope, signed with this private key (PEM: Ed25519, ECDSA or RSA)',
      },
    }),
  ],
});
