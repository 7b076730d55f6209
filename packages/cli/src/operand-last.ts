/** Options may stand after the one word that is none: no command of another program's follows it here. */
export function operandLast(args: readonly string[]): readonly string[] {
  const [first, ...others] = args;
  return first === undefined || first.startsWith('-') ? args : [...others, first];
}
