import { parse } from 'shell-quote';
import { UsageError } from '../options/usage-error.js';

/**
 * The words of a command in shell notation. Variables stay as they are, since they are the image's to know.
 *
 * @param where  the option, for messages
 * @example shellWords("Rscript 'a b.R'", '--exec') // ['Rscript', 'a b.R']
 * @throws UsageError  it needs a shell, or there is none
 */
export function shellWords(text: string, where: string): readonly string[] {
  const words = parse(text, (variable) => `$${variable}`);
  const command = words.filter((word) => typeof word === 'string');
  if (command.length < words.length)
    throw new UsageError(
      `${where}: the command needs a shell, and is run without one`,
      "Write sh -c '...' around it.",
    );
  return command;
}
