/** `npm run trust`: makes docs/trust.md from what the last run of the tests has written down. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { document } from './document.ts';

const PATH = join(import.meta.dirname, '..', '..', 'docs', 'trust.md');

writeFileSync(PATH, document());
process.stdout.write(`docs/trust.md: made from what ran\n`);
