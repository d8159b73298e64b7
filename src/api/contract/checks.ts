/** What an examination of both platforms looks like. */
import { z } from 'zod';

export const examinationSchema = z.object({
  startedAt: z.number().int().describe('Epoch milliseconds; the checks show what stood then'),
  checks: z.array(
    z.object({
      id: z.string().describe('Stable, never reused'),
      title: z.string(),
      status: z.enum(['pass', 'warn', 'fail', 'skipped', 'unknown']),
      evidence: z.string(),
      fix: z.string().optional().describe('What to do; there unless the check passed'),
      link: z.string().optional().describe('The vendor’s own page'),
    }),
  ),
});

export type CheckView = z.infer<typeof examinationSchema>['checks'][number];

export type ExaminationView = z.infer<typeof examinationSchema>;
