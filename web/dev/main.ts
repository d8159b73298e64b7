/// <reference types="node" />
/**
 * Starts the stand-in server by hand: `npx tsx web/dev/main.ts [agents] [changes per second]`.
 * Then `npx vite` serves the console on top of it, or open its own address after `npx vite build`.
 */
import { fileURLToPath } from 'node:url';
import { startStub } from './stub.ts';

const [agents = '1000', changesPerSecond = '20'] = process.argv.slice(2);
const stub = await startStub({
  agents: Number(agents),
  changesPerSecond: Number(changesPerSecond),
  seed: 7,
  port: 8787,
  site: fileURLToPath(new URL('../../dist/web', import.meta.url)),
});
process.stdout.write(`A generated board is at ${stub.url}\n`);
