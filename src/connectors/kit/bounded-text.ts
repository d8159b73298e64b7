/** The field that every platform's schemas need. */
import { z } from 'zod';

/**
 * Text of `min` to `max` characters. The type is settled before the bounds are looked at: zod 4.6.7
 * otherwise holds the `length` of objects against them too, and throws for some, past every `catch`.
 */
export function boundedText(min: number, max: number): z.ZodType<string, string> {
  return z.string().pipe(z.string().min(min).max(max));
}
