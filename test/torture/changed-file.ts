/** Changes the tables of a journal that nobody has open, as a hand with a database tool would. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** In a thread, whose end gives the file up. */
export async function changeFile(path: string, statements: readonly string[]): Promise<void> {
  const library = JSON.stringify(createRequire(import.meta.url).resolve('libsql'));
  const code = `const { workerData } = require('node:worker_threads');
    const database = new (require(${library}))(workerData.path);
    for (const sql of workerData.statements) database.exec(sql);`;
  const worker = new Worker(code, {
    eval: true,
    execArgv: [],
    workerData: { path, statements },
  });
  await once(worker, 'exit');
}
