import { join } from 'node:path';
import { Application, Converter, type DeclarationReflection, ReflectionKind } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { REPOSITORY } from './pages.ts';

const MARKDOWN: Partial<PluginOptions> = {
  outputFileStrategy: 'modules',
  pageTitleTemplates: { module: ({ name }) => `API of @keepset/${name}` },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  useHTMLEncodedBrackets: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  indexFormat: 'table',
  // An anchor for each name as it is written: `Container.state` and `ContainerState` are two.
  useHTMLAnchors: true,
};

/**
 * Write a page of each package: what it exports, by its docstrings.
 *
 * @param folder  new or written before
 * @throws Error  a docstring, or a type that is not exported, gives a warning: it is printed
 */
export async function writeApi(folder: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(REPOSITORY, 'site/tsconfig.api.json'),
    entryPoints: [join(REPOSITORY, 'packages/*/src/index.ts')],
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    logLevel: 'Warn',
    sluggerConfiguration: { lowercase: false },
    outputs: [{ name: 'markdown', path: folder }],
    ...MARKDOWN,
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection: DeclarationReflection) => {
    if (reflection.kind === ReflectionKind.Module) reflection.name = reflection.name.replace(/\/src$/, '');
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources have errors');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('the API has warnings: mend what they name');
}
