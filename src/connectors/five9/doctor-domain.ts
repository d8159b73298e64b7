/** The doctor's checks of the domain itself: which Five9 it is, and whether it delays Not Ready. */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import type { Check } from '../connector.ts';
import type { Assembly } from './assembly.ts';
import { PYTHON_PACK, STARTER_KIT } from './manifest.ts';
import type { Call } from './transport.ts';

const READ_METADATA: Call = { method: 'GET', path: '/supsvcs/rs/svc/auth/metadata' };

const named = z.string().max(200).catch('');

const editionSchema = z.object({
  metadata: z.object({
    dataCenters: z
      .array(
        z.object({
          name: named,
          active: z.boolean().catch(false),
          apiUrls: z.array(z.object({ version: named })).catch([]),
        }),
      )
      .max(20),
  }),
});

/** Five9 tells neither the licence nor the edition of a domain; its version is what can be seen. */
export async function editionCheck({ rest }: Assembly): Promise<Check> {
  const base = { id: 'five9.edition', title: 'Version of Five9', link: PYTHON_PACK };
  const reply = await rest.read('read the metadata', READ_METADATA).catch(() => undefined);
  const centres = readWith(editionSchema, reply)?.metadata.dataCenters ?? [];
  const active = centres.find((centre) => centre.active);
  const version = plain(active?.apiUrls[0]?.version ?? '');
  if (active === undefined || version === '') {
    return {
      ...base,
      status: 'unknown',
      evidence: 'Five9 does not say which version serves the domain.',
      fix: 'Nothing to do; name the version if you report a problem.',
    };
  }
  const evidence = `Version ${version} in ${plain(active.name)}. No public interface tells the licence.`;
  return { ...base, status: 'pass', evidence };
}

/** Seen only while it happens to somebody, so its absence proves little. */
export function gracefulCheck({ intake }: Assembly): Check {
  const base = { id: 'five9.graceful', title: 'Delay of Not Ready', link: STARTER_KIT };
  const delayed = intake.delayed();
  if (delayed === 0) {
    const evidence = 'No Not Ready was seen to be delayed since the connection stands.';
    return { ...base, status: 'pass', evidence };
  }
  return {
    ...base,
    status: 'warn',
    evidence: `Five9 has delayed Not Ready ${delayed} times: routing goes on until the delay is over.`,
    fix: 'Switch the graceful mode of agent states off in the Five9 administrator, or accept the delay.',
  };
}

function plain(text: string): string {
  return text.replace(/[^\w .-]/g, '?').slice(0, 80);
}
