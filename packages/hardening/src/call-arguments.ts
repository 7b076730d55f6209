import { NAMESPACE_FLAGS } from './rights.js';

/** Address families. @see socket(2); linux/socket.h */
const FAMILIES: Readonly<Record<string, number>> = {
  AF_UNIX: 1,
  AF_LOCAL: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
  AF_PACKET: 17,
  AF_ALG: 38,
  AF_VSOCK: 40,
};

/** Execution domains, and their flags. @see personality(2) */
const PERSONALITIES: Readonly<Record<string, number>> = {
  PER_LINUX: 0,
  PER_LINUX32: 8,
  UNAME26: 0x20000,
  ADDR_NO_RANDOMIZE: 0x40000,
};

/** Asks which personality it is. */
const PERSONALITY_ASKED = 0xffffffff;

/** What the first argument of a call was, as a number; undefined: it cannot be told. */
type FirstValue = (argumentsText: string) => number | undefined;

/** The calls whose first argument is a matter of rights, and is no pointer. */
const RULES: Readonly<Record<string, FirstValue>> = {
  socket: (text) => numberOf(FAMILIES, /^\w+/.exec(text)?.[0] ?? ''),
  personality: (text) => {
    if (text.startsWith('0x')) return Number.parseInt(text, 16);
    const numbers = text.split(/[ |]+/).map((name) => numberOf(PERSONALITIES, name));
    return numbers.reduce<number | undefined>(
      (sum, number) => (sum === undefined || number === undefined ? undefined : sum | number),
      0,
    );
  },
  clone: (text) => {
    if (/CLONE_NEW(?:NS|UTS|IPC|USER|PID|NET|CGROUP)\b/.test(text)) return NAMESPACE_FLAGS;
    return text.includes('flags=') ? 0 : undefined;
  },
};

/** Whether the first argument of a call is a matter of rights. */
export function hasRule(name: string): boolean {
  return Object.hasOwn(RULES, name);
}

/** The first argument of such a call; undefined where it cannot be told: then any must be allowed. */
export function firstValue(name: string, argumentsText: string): number | undefined {
  return hasRule(name) ? RULES[name]?.(argumentsText) : undefined;
}

function numberOf(names: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** What is allowed of personality to whoever may call it at all: to ask, and the plain one. */
export const PERSONALITY_ALWAYS: readonly number[] = [0, PERSONALITY_ASKED];
