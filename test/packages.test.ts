import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PACKAGES = join(import.meta.dirname, '../packages');
const REPOSITORY = 'https://github.com/keepset/keepset';
const OLDEST_NODE = '>=22.13';

describe.each(readdirSync(PACKAGES))('%s as a registry shows it', (folder) => {
  const text = readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8');
  const { description, keywords, files, ...about } = JSON.parse(text);
  const readme = readFileSync(join(PACKAGES, folder, 'README.md'), 'utf8');

  it('says whose it is, where it is kept and where to complain', () => {
    expect(about).toMatchObject({
      license: 'Apache-2.0',
      homepage: `${REPOSITORY}/tree/main/packages/${folder}#readme`,
      bugs: `${REPOSITORY}/issues`,
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: `packages/${folder}` },
      engines: { node: OLDEST_NODE },
      publishConfig: { access: 'public' },
    });
  });

  it('can be found', () => {
    expect(description).toMatch(/^.{20,150}\.$/);
    expect(keywords.length).toBeGreaterThan(4);
    expect(new Set(keywords).size).toBe(keywords.length);
  });

  it('has in its files what they name', () => {
    const missing = files.filter(
      (file: string) => file !== 'dist' && !existsSync(join(PACKAGES, folder, file)),
    );
    expect(missing).toEqual([]);
  });

  it('shows in its README only what it has, or what has an address', () => {
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (target.startsWith('#')) return !headings(readme).includes(target.slice(1));
      const [, here] = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/([^#]+)`).exec(target) ?? [];
      if (here !== undefined) return !existsSync(join(PACKAGES, '..', here));
      return !target.startsWith('https://') && !files.includes(target);
    });
    expect(broken).toEqual([]);
  });

  it('runs nothing where it is installed', () => {
    expect(Object.keys(about.scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });
});

/** As a link names them. */
function headings(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
