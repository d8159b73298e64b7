/**
 * `lockstep sandbox`: the whole loop on one machine with nothing to connect to: emulated Five9,
 * Entra and Graph, people living a working day, Lockstep between them and the console.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io, Verb } from '../cli.ts';
import { EXIT, readArgs, readNumber, readWhole } from '../cli.ts';
import type { Service } from '../service/service.ts';
import { startService } from '../service/service.ts';
import { summaryLine } from '../status.ts';
import { sandboxConfig } from './settings.ts';
import type { SandboxWorld } from './world.ts';
import { openWorld } from './world.ts';

const USAGE = 'sandbox [--agents N] [--seed S] [--speed X] [--port P] [--json]';
const SUMMARY_MS = 5_000;

export const sandbox: Verb = {
  name: 'sandbox',
  usage: USAGE,
  about: 'emulated platforms, people living a day, Lockstep and the console',
  run: async (args, io) => {
    const { values } = readArgs(
      args,
      {
        agents: { type: 'string' },
        seed: { type: 'string' },
        speed: { type: 'string' },
        port: { type: 'string' },
        json: { type: 'boolean' },
      },
      USAGE,
    );
    const port = readWhole('port', values.port, { min: 0, max: 65_535, fallback: 8430 });
    const options = {
      agents: readWhole('agents', values.agents, { min: 1, max: 5_000, fallback: 200 }),
      seed: readWhole('seed', values.seed, { min: 0, max: 2 ** 31, fallback: 1 }),
      speed: readNumber('speed', values.speed, { min: 0.1, max: 100, fallback: 2 }),
    };
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-sandbox-'));
    const world = await openWorld(options);
    try {
      const service = await startService(sandboxConfig(world, { port, folder }), io, {
        mapping: world.mapping,
      });
      await live(service, world, io, values.json === true);
      await service.stop();
    } finally {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    return EXIT.ok;
  },
};

async function live(service: Service, world: SandboxWorld, io: Io, json: boolean): Promise<void> {
  const { app, notes } = service;
  const say = json ? (text: string): void => io.err(text) : (text: string): void => io.out(text);
  say(`Console            ${app.url}/`);
  say(`API                ${app.url}/v1/openapi.json`);
  say(`Emulated Five9     ${world.five9.url}  (control: /_emulator/)`);
  say(`Emulated Graph     ${world.graph.url}  (control: /_emulator/)`);
  for (const note of notes) say(`Note: ${note}`);
  say('Ctrl-C stops it. The summary follows every five seconds.');
  const timer = setInterval(() => {
    const summary = app.reader.summary();
    io.out(json ? JSON.stringify(summary) : summaryLine(summary));
  }, SUMMARY_MS);
  await io.stopped();
  clearInterval(timer);
}
