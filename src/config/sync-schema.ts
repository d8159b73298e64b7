/** What may be set about how states travel. */
import { z } from 'zod';
import { codeOrLabel, duration, listWithin } from './fields.ts';

export const notReadySchema = z.strictObject({
  reason: codeOrLabel('A Not Ready reason code of Five9: its id or its label.', 'Lunch'),
  show: z
    .enum(['dnd', 'busy', 'away', 'brb', 'leave_alone'])
    .meta({ description: 'What Teams shows meanwhile.', examples: ['away'] }),
});

export const reasonCodesSchema = z
  .strictObject({
    busy: codeOrLabel('For Busy in Teams.', 'Teams busy').optional(),
    dnd: codeOrLabel('For Do not disturb and Focusing.', 'Teams do not disturb').optional(),
    in_call: codeOrLabel('For a call in Teams.', 'Teams call').optional(),
    in_meeting: codeOrLabel('For a meeting.', 'Teams meeting').optional(),
    presenting: codeOrLabel('For presenting.', 'Teams presenting').optional(),
  })
  .meta({
    description:
      'Reason codes of Five9 that are reserved for Lockstep, one for each Teams state that stops routing. A state without a code stops nothing.',
  });

export const syncSchema = z
  .strictObject({
    strategy: z
      .enum(['latest_human', 'contact_centre_wins', 'teams_wins', 'most_restrictive'])
      .default('latest_human')
      .meta({ description: 'Who wins when both platforms claim something.' }),
    afterCallWork: z.enum(['auto', 'busy', 'in_call']).default('auto').meta({
      description:
        'What Teams shows during after-call work. "in_call" halves the writes; "auto" is busy while the quota allows.',
    }),
    notReady: listWithin({ min: 0, max: 200 }, notReadySchema).prefault([]).meta({
      description:
        'What Teams shows for each Not Ready reason, such as { reason: Lunch, show: away }. A reason not listed shows nothing.',
    }),
    reasonCodes: reasonCodesSchema.prefault({}),
    callMarkLife: duration({
      min: '5m',
      max: '4h',
      example: '15m',
      about:
        'How long "In a call" stays in Teams if Lockstep dies. It is renewed while the call lasts.',
    }).prefault('15m'),
    dwell: z
      .strictObject({
        toTeams: duration({
          min: '0s',
          max: '5m',
          example: '0s',
          about: 'How long a Five9 state must last before Teams shows it.',
        }).prefault('0s'),
        toFive9: duration({
          min: '0s',
          max: '5m',
          example: '0s',
          about: 'How long a Teams state must last before it stops routing.',
        }).prefault('0s'),
      })
      .prefault({})
      .meta({ description: 'Short states that are not worth a change on the other side.' }),
    staleAfter: z
      .strictObject({
        five9: duration({
          min: '10s',
          max: '1h',
          example: '1m',
          about: 'Age at which what Five9 said is no longer believed.',
        }).prefault('1m'),
        teams: duration({
          min: '10s',
          max: '1h',
          example: '90s',
          about: 'Age at which what Teams said is no longer believed.',
        }).prefault('90s'),
      })
      .prefault({})
      .meta({ description: 'When data is too old to decide from.' }),
    outage: z.enum(['freeze']).default('freeze').meta({
      description: 'While a platform is down: keep what is shown, mark its age, change nothing.',
    }),
  })
  .meta({ description: 'How states travel.' });
