// The site: docs/, the README of each package, and its API as site/build.ts writes it.
import { cpSync, existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { addressOf, headingsOf, REPOSITORY, resolveLink } from '../pages.ts';

/** Files that pages lead to, which are no pages. */
const linkedFiles = new Set<string>();

const page = (text: string, path: string): DefaultTheme.SidebarItem => ({
  text,
  link: `/${addressOf(path)}`,
});

/** As GitHub and the API's pages make it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-');
}

const packages = headingsOf('packages/*/README.md').map(({ text, path }) => ({
  ...page(text.replace('@keepset/', ''), path),
  // A package of commands alone exports nothing.
  ...(existsSync(join(REPOSITORY, dirname(path), 'src/index.ts')) && {
    items: [page('API', path.replace(/packages\/(.*)\/README/, 'site/api/$1'))],
  }),
}));

const decisions = headingsOf('docs/decisions/*.md');

const MAIN: DefaultTheme.SidebarItem[] = [
  { text: 'Start', items: [page('Quick start', 'docs/quick-start.md')] },
  {
    text: 'Guides',
    items: [
      page('A research paper', 'docs/guides/research-paper.md'),
      page('Deposit it with a paper', 'docs/guides/archive.md'),
      page('Continuous integration', 'docs/guides/ci.md'),
      page('A pipeline', 'docs/guides/pipelines.md'),
      page('Many images', 'docs/guides/fleet.md'),
      page('A web service', 'docs/guides/web-service.md'),
      page('A compose stack', 'docs/guides/compose.md'),
      page('A database', 'docs/guides/database.md'),
      page('Least privilege', 'docs/guides/least-privilege.md'),
      page('Scanners', 'docs/guides/scanners.md'),
      page('Without an engine', 'docs/guides/without-engine.md'),
      page('Without a network', 'docs/guides/air-gapped.md'),
    ],
  },
  {
    text: 'To understand it',
    items: [
      page('How it works', 'docs/how-it-works.md'),
      page('The proof', 'docs/proof.md'),
      page('Limits', 'docs/limits.md'),
      page('Troubleshooting', 'docs/troubleshooting.md'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('The command line', 'docs/cli.md'),
      page('keepset.yaml', 'docs/keepset.yaml.md'),
      page('Callers', 'docs/callers.md'),
      page('Families of files', 'docs/families.md'),
    ],
  },
  {
    text: 'The project',
    items: [
      page('Packages, and their API', 'packages/cli/README.md'),
      page('Architecture', 'docs/architecture.md'),
      page('Decisions', decisions[0]?.path ?? ''),
      page('Contributing', 'CONTRIBUTING.md'),
      page('Security', 'SECURITY.md'),
    ],
  },
];

/** Beside the pages of a folder. */
const PACKAGES: DefaultTheme.SidebarItem[] = [{ text: 'Packages', items: packages }];
const DECISIONS: DefaultTheme.SidebarItem[] = [
  { text: 'Decisions', items: decisions.map(({ text, path }) => page(text, path)) },
];

/** Pages lie outside of this package, where its Vue is not found: what renders them on this machine loads it from here. */
const vueFromHere = {
  name: 'vue-from-here',
  enforce: 'pre' as const,
  resolveId: (id: string, _importer: string | undefined, { ssr }: { readonly ssr?: boolean }) =>
    ssr === true && /^vue(\/|$)/.test(id) ? { id, external: true } : undefined,
};

export default defineConfig({
  title: 'keepset',
  description:
    'Make a Docker image as small as the command that runs in it needs, and verify that it still works.',
  lang: 'en',
  srcDir: '..',
  // Of the whole repository the pages alone.
  srcExclude: ['README.md', '!(docs|packages|site)/**/*', 'packages/*/*/**/*', 'site/!(api)/**/*'],
  outDir: './dist',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  transformPageData: (data) => {
    // Of an API the names alone: below each stands the same.
    if (data.relativePath.startsWith('api/')) data.frontmatter.outline = 2;
  },
  rewrites: addressOf,
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: anchorOf },
    config: (markdown) => {
      const linkOpen = markdown.renderer.rules.link_open;
      markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
        const token = tokens[index];
        const link = token?.attrGet('href') ?? '';
        if (token !== undefined && !/^(#|\/|[a-z]+:)/.test(link)) {
          const { address, file } = resolveLink(relative(REPOSITORY, env.realPath ?? env.path), link);
          token.attrSet('href', address);
          if (file !== undefined) {
            linkedFiles.add(file);
            token.attrSet('target', '_self');
          }
        }
        return linkOpen?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
      };
    },
  },
  vite: {
    plugins: [vueFromHere],
    // The search's index is one file, which is loaded when somebody searches.
    build: { chunkSizeWarningLimit: 4000 },
  },
  themeConfig: {
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Commands', link: '/cli' },
      { text: 'Packages', link: '/packages/cli' },
    ],
    sidebar: { '/packages/': PACKAGES, '/api/': PACKAGES, '/decisions/': DECISIONS, '/': MAIN },
    outline: [2, 3],
    search: { provider: 'local' },
  },
  buildEnd: ({ outDir }) => {
    for (const file of linkedFiles) cpSync(join(REPOSITORY, file), join(outDir, 'files', file));
  },
});
