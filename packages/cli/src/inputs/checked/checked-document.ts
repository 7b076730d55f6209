import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';
import { FOREIGN_KEYS } from '../../options/foreign-words.js';
import { didYouMean } from '../../options/nearest-name.js';
import { UsageError } from '../../options/usage-error.js';
import { readTextFile } from '../read-text-file.js';
import { longDocument } from './long-document.js';

/** More than anybody writes, and too few to fill the memory. */
const ALIASES_MAX = 100;

const YAML = {
  prettyErrors: false,
  stringKeys: true,
  // The library would warn on its own, in the words of the file.
  logLevel: 'error',
} as const;

export interface DocumentOptions<Shape extends z.ZodType> {
  readonly shape: Shape;
  /** Where it is described, for people: a sentence. */
  readonly schema: string;
  /** Called before it is held against the shape; then it is read as a whole. */
  readonly prepare?: (document: Document) => void;
}

/** A document of the user's that is as it should be. */
export interface CheckedDocument<Value> {
  readonly value: Value;
  /** What else is wrong with it, at a place. */
  refuse(path: readonly PropertyKey[], message: string, hint?: string): UsageError;
  /** The same for one place; it does not hold the document. */
  at(path: readonly PropertyKey[]): Refusal;
}

/** Says what is wrong, with the file and the line. */
export type Refusal = (message: string, hint?: string) => UsageError;

/**
 * Read a file of YAML, or of JSON, which is YAML as well.
 *
 * @param option  as the user wrote it: --file
 * @throws UsageError  names the file, the line, and what was expected there
 */
export function readCheckedDocument<Shape extends z.ZodType>(
  file: string,
  option: string,
  { shape, schema, prepare }: DocumentOptions<Shape>,
): CheckedDocument<z.infer<Shape>> {
  const text = readTextFile(file, option);
  const refuseAt = (offset: number, message: string, hint = schema) =>
    new UsageError(`${file}:${lineAt(text, offset)}: ${message}`, hint);
  // The document of a long file is fifty times as large as its text: where it is wrong, it is read as a whole.
  const refuse = (issue: Issue, message: string, hint?: string) =>
    refuseAt(offsetOf(parse(text, prepare), issue), message, hint);
  const { value } = (prepare === undefined && longDocument(text, YAML)) || {
    value: toValue(parse(text, prepare), refuseAt),
  };
  const parsed = shape.safeParse(value ?? {}, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue !== undefined) throw refuse(issue, describeIssue(issue, shape));
    throw refuseAt(0, 'not understood');
  }
  const at =
    (path: readonly PropertyKey[]): Refusal =>
    (message, hint) =>
      refuse({ code: 'custom', path, message: '' }, message, hint);
  return { value: parsed.data, refuse: (path, message, hint) => at(path)(message, hint), at };
}

function parse(text: string, prepare: ((document: Document) => void) | undefined): Document {
  const document = parseDocument(text, YAML);
  if (document.errors.length === 0) prepare?.(document);
  return document;
}

/** @throws UsageError */
function toValue(
  document: Document,
  refuseAt: (offset: number, message: string, hint?: string) => UsageError,
): unknown {
  const [broken] = document.errors;
  if (broken !== undefined) throw refuseAt(broken.pos[0], broken.message, 'It must be YAML 1.2.');
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    // An alias that names nothing, or so many of them that the whole would fill the memory.
    throw refuseAt(0, (error as Error).message);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

type Issue = z.core.$ZodIssue | { code: 'custom'; path: readonly PropertyKey[]; message: string };

/** Where in the text the trouble is: at the key that nobody knows, or at the value. */
function offsetOf(document: Document, issue: Issue): number {
  let path = [...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && key.value === issue.keys[0])
      : undefined;
    if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  // What is missing has no place: the one around it has.
  for (; path.length > 0; path = path.slice(0, -1)) {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** An issue of zod as a message. */
function describeIssue(issue: z.core.$ZodIssue, whole: z.ZodType): string {
  const where = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  if (issue.code === 'unrecognized_keys')
    return `${where === '' ? '' : `${where}: `}there is no key '${issue.keys[0]}' here${meantKey(issue.keys[0] ?? '', issue.path, whole)}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${where} is missing`;
  if (issue.code === 'invalid_type') return `${where}: expected ${issue.expected}`;
  if (issue.code === 'invalid_union') return `${where}: not of the kind that is expected here`;
  return `${where}: ${issue.message}`;
}

/** A suggestion, of the keys that may stand there. */
function meantKey(key: string, path: readonly PropertyKey[], whole: z.ZodType): string {
  const shape = path.reduce<unknown>(shapeAt, whole);
  const keys = shape instanceof z.ZodObject ? Object.keys(shape.shape) : [];
  return didYouMean(FOREIGN_KEYS.get(key) ?? key, keys);
}

function shapeAt(shape: unknown, step: PropertyKey): unknown {
  const inner: unknown =
    shape instanceof z.ZodArray ? shape.element : shape instanceof z.ZodObject && shape.shape[String(step)];
  if (inner instanceof z.ZodPipe) return inner.out;
  return inner instanceof z.ZodOptional ? inner.unwrap() : inner;
}
