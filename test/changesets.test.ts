import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import parseChangeset from '@changesets/parse';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const files = readdirSync(join(ROOT, '.changeset')).filter((name) => /(?<!README)\.md$/.test(name));
const packages = readdirSync(join(ROOT, 'packages')).map(
  (name) => JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')).name,
);

// A release reads them all, and stops at the first that it cannot read.
it.each(files)('%s says of which packages what changed', (file) => {
  const { summary, releases } = parseChangeset(readFileSync(join(ROOT, '.changeset', file), 'utf8'));
  expect(summary).not.toBe('');
  expect(releases.length).toBeGreaterThan(0);
  for (const { name } of releases) expect(packages).toContain(name);
});
