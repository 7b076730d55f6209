/** A JSON object of an image, or undefined for anything else: what others wrote may be broken. */
export function parseJson<T extends object>(bytes: Uint8Array): T | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
