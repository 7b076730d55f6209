import {
  Composer,
  CST,
  type DocumentOptions,
  Lexer,
  type ParseOptions,
  Parser,
  type SchemaOptions,
} from 'yaml';

/** Items of a list that are read together. */
const PIECE_ITEMS = 100;

/** What is read of it depends on what stands elsewhere. */
const FAR_REACHING: ReadonlySet<string | null> = new Set(['anchor', 'alias', 'tag', 'directive-line']);

type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions;

/**
 * The value of a YAML document whose lists may be long. Those below its keys are read piece by piece, and only values are
 * held of them: the nodes of a whole document take fifty times as much memory as its text.
 *
 * @param options.pieceItems  default 100
 * @returns undefined: something is wrong with it, or it has aliases or tags; read as a whole, it says what it is
 * @example longDocument('images: [a]') // { value: { images: ['a'] } }
 */
export function longDocument(
  text: string,
  { pieceItems = PIECE_ITEMS, ...options }: YamlOptions & { readonly pieceItems?: number } = {},
): { readonly value: unknown } | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const begun = new Map<string, unknown[]>();
  for (const lexeme of new Lexer().lex(text)) {
    if (FAR_REACHING.has(CST.tokenType(lexeme))) return undefined;
    tokens.push(...parser.next(lexeme));
    const [, map, list, ...inner] = parser.stack;
    if (map?.type !== 'block-map' || list?.type !== 'block-seq' || inner.length > 0) continue;
    // The last item may go on.
    if (list.items.length <= pieceItems) continue;
    const piece = { ...list, items: list.items.splice(0, pieceItems) };
    const items = readWhole([{ type: 'document', offset: list.offset, start: [], value: piece }], options);
    const key = CST.resolveAsScalar(map.items.at(-1)?.key)?.value;
    if (items === undefined || key === undefined) return undefined;
    begun.set(key, [...(begun.get(key) ?? []), ...(items.value as unknown[])]);
  }
  tokens.push(...parser.end());
  const rest = readWhole(tokens, options);
  if (rest === undefined || begun.size === 0) return rest;
  const value = rest.value as Readonly<Record<string, readonly unknown[]>>;
  const whole = [...begun].map(([key, items]) => [key, [...items, ...(value[key] ?? [])]] as const);
  return { value: { ...value, ...Object.fromEntries(whole) } };
}

/** @returns undefined: it is wrong, or more than one document */
function readWhole(
  tokens: Iterable<CST.Token>,
  options: YamlOptions,
): { readonly value: unknown } | undefined {
  const [document, second] = new Composer(options).compose(tokens, true);
  if (document === undefined || second !== undefined || document.errors.length > 0) return undefined;
  // Its strings hang together in pieces of the text, a quoted one sign by sign: a copy takes a tenth.
  return { value: structuredClone(document.toJS()) };
}
