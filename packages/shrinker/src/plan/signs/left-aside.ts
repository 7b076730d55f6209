/** Folders of what others wrote, of what is made again, and of what is there for people and developers. */
const FOLDERS: ReadonlySet<string> = new Set(
  'node_modules bower_components site-packages dist-packages site-library vendor gems __pycache__ cache caches tmp temp log logs test tests __tests__ testdata spec specs fixtures coverage doc docs man examples licenses legal'.split(
    ' ',
  ),
);

const NAMES: readonly RegExp[] = [
  // For people.
  /^(?:readme|licen[sc]e|copying|copyright|notice|authors|contributors|contributing|change(?:s|log)|history|news|todo|security|code_of_conduct)\b/i,
  /\.(?:md|markdown|rst|adoc)$/i,
  // What builds and checks a program.
  /^(?:dockerfile|containerfile|docker-compose|compose)\b/i,
  /^(?:makefile|cmakelists\.txt|rakefile|gemfile|pipfile|procfile|vagrantfile|jenkinsfile)(?:\.lock)?$/i,
  /^(?:package(?:-lock)?|composer|tsconfig[\w.-]*|lerna|turbo|nx|bower)\.json$/,
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|manifest\.in|go\.(?:mod|sum)|cargo\.(?:toml|lock)|pom\.xml|build\.gradle|pnpm-workspace\.yaml)$/i,
  /^requirements[\w.-]*\.(?:txt|in)$/,
  /\.(?:lock|lockb|gemspec|cabal)$|^pnpm-lock\.yaml$/,
  /\.config\.[cm]?[jt]s$/,
  // What is made of others, or read by their makers alone.
  /\.(?:py[co]|map|d\.[cm]?ts|pyi|o|a|la|log|bak|orig|rej|swp|tmp)$|~$/,
  // Tests.
  /^test_.*\.py$|_test\.(?:py|go|rb)$|_spec\.rb$|\.(?:test|spec|stories)\.[\w.]+$|^conftest\.py$/,
];

/**
 * Whether a file that was not used says nothing by that: caches, documents, build files, tests, other people's
 * packages, hidden files, what was compiled of another, and the compressed twin of another.
 *
 * @param path  from the folder of the application on, with a slash before it
 * @param isThere  whether there is a file at such a path
 */
export function isLeftAside(path: string, isThere: (path: string) => boolean): boolean {
  const parts = path.split('/').slice(1);
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part.startsWith('.'))) return true;
  if (parts.slice(0, -1).some((part) => FOLDERS.has(part.toLowerCase()) || /\.(?:dist|egg)-info$/.test(part)))
    return true;
  if (NAMES.some((pattern) => pattern.test(name))) return true;
  const plain = path.replace(/\.(?:gz|br|zst)$/, '');
  return plain !== path && isThere(plain);
}

const SOURCE =
  /\.(?:c|cc|cpp|cxx|h|hh|hpp|go|rs|java|kt|scala|cs|swift|f|f90|pas|zig|[cm]?ts|tsx|jsx|vue|svelte|scss|sass|less|styl|coffee|proto|y|l|pyx|pxd)$/i;

/** Whether a file is in a language that is compiled before it runs. */
export function isSource(path: string): boolean {
  return SOURCE.test(path);
}
