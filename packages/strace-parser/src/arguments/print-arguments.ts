import { escapeC } from '../text/c-escape.js';
import type { Argument } from './argument-tree.js';

/**
 * The inverse of `parseArguments`: what strace prints for these arguments.
 * @example printArguments(parseArguments('3, [1 2]')) // '3, [1 2]'
 */
export function printArguments(items: readonly Argument[]): string {
  return printList(items, undefined);
}

/** One argument, as strace prints it. */
export function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'string': {
      const text = argument.spelling ?? escapeC(argument.value, argument.style);
      return `${argument.abstract ? '@' : ''}"${text}"${argument.cut ? '...' : ''}`;
    }
    case 'number':
    case 'remark':
    case 'text':
      return argument.text;
    case 'symbol':
      return argument.name;
    case 'ellipsis':
      return '...';
    case 'struct':
      return `{${printList(argument.items, argument.separators)}}`;
    case 'array':
      return `[${printList(argument.items, argument.separators)}]`;
    case 'set':
      return `${argument.complement ? '~' : ''}[${argument.items.map(printArgument).join(' ')}]`;
    case 'call':
      return `${argument.name}(${printList(argument.items, argument.separators)})`;
    case 'operation':
      return argument.operands
        .map((operand, i) => printArgument(operand) + (argument.operators[i] ?? ''))
        .join('');
    case 'unary':
      return argument.operator + printArgument(argument.operand);
    case 'change':
      return argument.before === undefined
        ? `=> ${printArgument(argument.after)}`
        : `${printArgument(argument.before)} => ${printArgument(argument.after)}`;
    case 'field':
      return `${printArgument(argument.name)}=${printArgument(argument.value)}`;
    case 'annotated': {
      const note = argument.note === undefined ? '' : `<${argument.note}>`;
      const context = argument.context === undefined ? '' : ` [${argument.context}]`;
      return printArgument(argument.value) + note + (argument.deleted ? '(deleted)' : '') + context;
    }
    case 'commented':
      return argument.before
        ? argument.comment + printArgument(argument.value)
        : printArgument(argument.value) + argument.comment;
  }
}

function printList(items: readonly Argument[], separators: readonly string[] | undefined): string {
  let text = '';
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text += separators?.[i - 1] ?? ', ';
    text += printArgument(items[i] as Argument);
  }
  return text;
}
