import type { LinkAnswer, LinkReader } from '@keepset/symlink-resolver';

/** A reader that asks each path of the one behind it once, however many resolutions ask. */
export function rememberLinks(reader: LinkReader): LinkReader {
  const known = new Map<string, LinkAnswer>();
  return {
    async readLinks(paths) {
      const unknown = paths.filter((path) => !known.has(path));
      if (unknown.length > 0) {
        const answers = await reader.readLinks(unknown);
        if (answers.length !== unknown.length) return answers;
        unknown.forEach((path, index) => {
          known.set(path, answers[index] as LinkAnswer);
        });
      }
      return paths.map((path) => known.get(path) as LinkAnswer);
    },
  };
}
