// Build the site into site/dist: the API's pages, the site, and a check of its links. pnpm docs:build
import { globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { checkLinks } from './check-links.ts';
import { writeApi } from './write-api.ts';

const SITE = import.meta.dirname;
const OUTPUT = join(SITE, 'dist');

await writeApi(join(SITE, 'api'));
rmSync(OUTPUT, { recursive: true, force: true });
await build(SITE);
const { dead, pages, links } = checkLinks(OUTPUT);
for (const line of dead) process.stderr.write(`dead link in ${line}\n`);
const files = globSync('**/*', { cwd: OUTPUT }).map((name) => statSync(join(OUTPUT, name)));
const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
process.stdout.write(
  `site/dist/index.html: ${pages} pages, ${links} links, ${dead.length} of them dead, ${(sizeBytes / 1e6).toFixed(1)} MB\n`,
);
process.exitCode = dead.length === 0 ? 0 : 1;
