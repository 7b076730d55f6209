// The public API of every package in one list, docs/public-api.txt, so that a change of it is seen in review:
//   node bin/public-api.ts --write
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = new URL('../', import.meta.url).pathname;
export const API_FILE = join(root, 'docs/public-api.txt');

/** Each entry point of each package, with what it exports: a block each, sorted. */
export function printPublicApi(): string {
  const { entries, program } = readPackages();
  return entries.map(({ name, file }) => `${name}\n\n${printModule(program, file)}`).join('\n');
}

/** Exports that no docstring explains, as `@keepset/manifest: readManifest`. */
export function findUndocumented(): readonly string[] {
  const { entries, program } = readPackages();
  const checker = program.getTypeChecker();
  return entries.flatMap(({ name, file }) =>
    exportsOf(program, file)
      .filter((symbol) => unaliased(symbol, checker).getDocumentationComment(checker).length === 0)
      .map((symbol) => `${name}: ${symbol.name}`),
  );
}

let packages: { readonly entries: readonly EntryPoint[]; readonly program: ts.Program } | undefined;

/** Read once: it takes seconds. */
function readPackages() {
  if (packages !== undefined) return packages;
  const entries = readdirSync(join(root, 'packages')).sort().flatMap(entryPoints);
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    { ...compilerOptions(), noEmit: true, skipLibCheck: true },
  );
  packages = { entries, program };
  return packages;
}

interface EntryPoint {
  /** As it is imported. */
  readonly name: string;
  readonly file: string;
}

/** Sources of what a package exports: `./dist/x.js` is `src/x.ts`. */
function entryPoints(folder: string): readonly EntryPoint[] {
  const text = readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8');
  const { name, exports = {} } = JSON.parse(text) as {
    name: string;
    exports?: Record<string, { default?: string }>;
  };
  return Object.entries(exports).flatMap(([place, { default: built = '' }]) => {
    const file = join(root, 'packages', folder, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
    return built.endsWith('.js') && existsSync(file) ? [{ name: join(name, place), file }] : [];
  });
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(
    { ...config, compilerOptions: { ...config.compilerOptions, types: ['node'] }, files: [] },
    ts.sys,
    root,
  ).options;
}

const printer = ts.createPrinter({ removeComments: true });

function printModule(program: ts.Program, file: string): string {
  const checker = program.getTypeChecker();
  const blocks = exportsOf(program, file).map((symbol) =>
    printSymbol(checker, symbol.name, unaliased(symbol, checker)),
  );
  return `${blocks.sort().join('\n')}\n`;
}

function exportsOf(program: ts.Program, file: string): readonly ts.Symbol[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing`);
  return checker.getExportsOfModule(module);
}

function unaliased(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function printSymbol(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): string {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return name;
  if (ts.isFunctionDeclaration(declaration)) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    return type
      .getCallSignatures()
      .map(
        (signature) =>
          `function ${name}${checker.signatureToString(signature, declaration, ts.TypeFormatFlags.NoTruncation)}`,
      )
      .join('\n');
  }
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
    return `${printer.printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile()).replace(/^export /, '')}`;
  if (ts.isClassDeclaration(declaration)) return printClass(declaration);
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  return `const ${name}: ${checker.typeToString(type, declaration, ts.TypeFormatFlags.NoTruncation)}`;
}

/** Without bodies: what is private, and how it is done, is nobody's concern. */
function printClass(declaration: ts.ClassDeclaration): string {
  const file = declaration.getSourceFile();
  const members = declaration.members.flatMap((member) => {
    if (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) return [];
    if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return [];
    const end = 'body' in member ? (member.body as ts.Node | undefined)?.getStart(file) : undefined;
    const text = file.text.slice(member.getStart(file), end ?? member.end);
    return [`    ${text.trim().replace(/\s+/g, ' ')}`];
  });
  return `class ${declaration.name?.text}\n${members.join('\n')}`;
}

if (process.argv.includes('--write')) writeFileSync(API_FILE, printPublicApi());
