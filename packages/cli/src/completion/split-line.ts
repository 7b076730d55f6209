/**
 * The words of a command line that is being written, after the command's own name. Quotes and backslashes are taken as a
 * shell takes them, also where they are not closed yet.
 *
 * @example splitLine("keepset ls 'a b' m") // ['ls', 'a b', 'm']
 * @example splitLine('keepset ') // ['']
 */
export function splitLine(line: string): readonly string[] {
  const pieces = line.match(/\\[\s\S]?|'[^']*'?|"(?:\\[\s\S]?|[^"\\])*"?|\s+|[^\s'"\\]+/g) ?? [];
  const words = [''];
  for (const piece of pieces) {
    if (/^\s/.test(piece)) words.push('');
    else words[words.length - 1] += unquote(piece);
  }
  return words.slice(1);
}

function unquote(piece: string): string {
  if (piece.startsWith("'")) return piece.replace(/^'|'$/g, '');
  return piece.replace(/^"|(?<!\\)"$/g, '').replace(/\\([\s\S]?)/g, '$1');
}
