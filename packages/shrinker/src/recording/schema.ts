import { z } from 'zod';

export const count = z.int().nonnegative();
/** One line of what can be printed. */
export const line = z
  .string()
  .max(4096)
  .regex(/^[^\p{Cc}]*$/u, 'it may hold no control character');
export const imageId = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:… of an image');

/** @throws Error  says what is wrong, and where */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'not understood'}`);
}
