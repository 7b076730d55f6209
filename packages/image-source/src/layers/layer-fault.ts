/** What a layer names and no layer may; whoever reads it says which layer. */
export class LayerFault extends Error {
  override readonly name = 'LayerFault';
}

/** A path for a message: byte strings may hold anything. */
export function quoted(path: string): string {
  const text = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  return text.replace(/[\x7f-\x9f]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16)}`);
}
