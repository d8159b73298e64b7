/** A worker thread from one of our own files, from the sources as well as from what is built. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * `name`: the thread's first file, without its ending, beside the file whose `import.meta.url` is
 * `from`; one that needs more memory than `heapMb` ends, and nothing else does. From the sources, the thread needs the TypeScript loader, which does not reach a thread's
 * first file on Node 20: a line of plain JavaScript loads it. The built file starts as it is.
 */
export function startThread(name: string, from: string, heapMb: number): Worker {
  const fromSource = from.endsWith('.ts');
  const url = new URL(`./${name}.${fromSource ? 'ts' : 'js'}`, from);
  const options = { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMb } };
  if (!fromSource) return new Worker(url, options);
  const loader = createRequire(from).resolve('tsx/cjs');
  const files = [loader, fileURLToPath(url)].map((file) => `require(${JSON.stringify(file)});`);
  return new Worker(files.join(' '), { ...options, eval: true });
}
