/** What V8 has, and TypeScript's library not yet. @see https://tc39.es/proposal-json-parse-with-source */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

/**
 * JSON whose numbers stay as they are written: the engine's are of 64 bits, and JavaScript's would round them.
 *
 * @throws SyntaxError
 * @example JSON.stringify(parseExactJson('{"a":9223372036854775807}')) // '{"a":9223372036854775807}'
 */
export function parseExactJson(text: string): unknown {
  const { parse, rawJSON } = JSON as unknown as JsonWithSource;
  return parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );
}
