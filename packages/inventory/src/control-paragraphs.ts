/** Field name, in lower case, → value; lines of a folded value are joined by newlines, without their indent. */
export type Paragraph = ReadonlyMap<string, string>;

/**
 * Paragraphs of fields, parted by empty lines: dpkg's control files, R's DESCRIPTION, and the headers of Python's
 * METADATA. Of a field that comes twice the first counts; a line that is neither field nor continuation is passed over.
 *
 * @see deb822(5); "Writing R Extensions", 1.1.1; Python's core metadata specification
 */
export function parseParagraphs(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let fields = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      if (fields.size > 0) paragraphs.push(fields);
      fields = new Map();
      name = undefined;
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name !== undefined) fields.set(name, `${fields.get(name)}\n${line.trim()}`);
    } else {
      const colon = line.indexOf(':');
      const found = colon === -1 ? undefined : line.slice(0, colon).toLowerCase();
      name = found !== undefined && !fields.has(found) ? found : undefined;
      if (name !== undefined) fields.set(name, line.slice(colon + 1).trim());
    }
  }
  if (fields.size > 0) paragraphs.push(fields);
  return paragraphs;
}
