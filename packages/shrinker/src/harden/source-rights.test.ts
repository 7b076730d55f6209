import { toSeccompProfile } from '@keepset/hardening';
import { expect, it } from 'vitest';
import type { Source } from '../source/open-source.js';
import { sourceRights } from './source-rights.js';

it.each([
  ['386', 'amd64', ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']],
  ['arm', 'arm64', ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']],
])(
  'the profile of an image for %s is one of its machine, which is %s',
  async (ofImage, architecture, expected) => {
    const source = { image: { architecture: ofImage, config: {} }, coveredPaths: [] };
    const rights = await sourceRights(source as unknown as Source, [], {
      ...{ architecture, thirtyTwoBit: true, executed: [], capable: [], gaining: [], families: [] },
      image: { get: () => undefined, hasContents: () => false },
    });
    expect(toSeccompProfile(rights).architectures).toEqual(expected);
  },
);
