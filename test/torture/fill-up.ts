/** Appends to a journal until it refuses. */
import { JournalError } from '../../src/journal/journal.ts';
import type { Journal } from '../../src/journal/journal.ts';

export interface FilledUp {
  /** Acknowledged records: number and hash. */
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly failure: JournalError;
}

const PER_ROUND = 20;
const BODY_CHARACTERS = 2_000;

/** Throws when it takes `limit` records without a word. */
export async function fillUp(journal: Journal, limit: number): Promise<FilledUp> {
  const acknowledged = new Map<number, string>();
  const append = async (n: number): Promise<JournalError | undefined> => {
    const text = 'x'.repeat(BODY_CHARACTERS);
    const seq = journal.append({ kind: 'tick', at: n, body: { text } });
    const { hash } = journal.head();
    try {
      await journal.durable(seq);
      acknowledged.set(seq, hash);
      return undefined;
    } catch (error) {
      if (error instanceof JournalError) return error;
      throw error;
    }
  };
  for (let n = 0; n < limit; n += PER_ROUND) {
    const round = await Promise.all(Array.from({ length: PER_ROUND }, (_, i) => append(n + i)));
    const failure = round.find((error) => error !== undefined);
    if (failure !== undefined) return { acknowledged, failure };
  }
  throw new Error(`it took ${limit} records and did not refuse`);
}
