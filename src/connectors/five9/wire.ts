/**
 * What Five9 sends, as far as it is used. Shapes follow the payloads in the tests of
 * https://github.com/equalsgibson/five9-go and the notes on migration in
 * https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Starter-Kit.
 *
 * W1  Only fields that are used are read; everything else, the customer's data above all, stays out.
 * W2  A field that is missing or odd takes a neutral value; only a row without an id is refused.
 */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import { boundedText } from '../kit/bounded-text.ts';

/** Half a surrogate pair is no text: it could be put into no path and into no file. */
const idText = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((id) => !/\p{Cs}/u.test(id));

/** Epoch milliseconds; 0 means "not so", and so does anything unreadable. */
const epoch = z.number().int().min(0).max(999_999_999_999_999).catch(0);

const endpointSchema = z.object({ host: z.string(), port: idText });

const centreSchema = z.object({
  active: z.boolean().catch(false),
  apiUrls: z.array(endpointSchema).catch([]),
  loginUrls: z.array(endpointSchema).catch([]),
});

const metadataSchema = z.object({
  dataCenters: z.array(centreSchema).refine((centres) => centres.length <= 20),
});

export type Endpoint = z.output<typeof endpointSchema>;
export type Metadata = z.output<typeof metadataSchema>;

export const loginSchema = z.object({
  tokenId: boundedText(1, 4_096),
  orgId: idText,
  userId: idText,
  context: z
    .object({ farmId: idText.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  metadata: metadataSchema.optional().catch(undefined),
});

export const loginStateSchema = boundedText(0, 64);

export const noticeSchema = z.object({
  id: idText,
  annotation: z.string().catch(''),
  accepted: z.boolean().catch(false),
});

export const errorSchema = z.object({
  five9ExceptionDetail: z.object({
    errorCode: z.number().catch(0),
    message: z.string().catch(''),
    context: z
      .object({
        contextCode: z.string().catch(''),
        farmId: idText.optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  }),
});

/** Body of a 429, https://github.com/gonzaloq28250/five9-schedule-linux (src/rest/protection.js). */
export const rateLimitSchema = z.object({ resetEpochSeconds: z.number() });

export const listSchema = z.array(z.unknown());

export const userSchema = z.object({
  id: idText.pipe(boundedText(1, 64)),
  userName: z.string().catch(''),
  fullName: z.string().catch(''),
  email: z.string().catch(''),
  roles: z.array(z.string()).catch([]),
  permissions: z.array(z.string()).optional().catch(undefined),
});

export type User = z.output<typeof userSchema>;

export const reasonCodeSchema = z.object({
  id: idText,
  name: z.string().catch(''),
  selectable: z.boolean().catch(true),
});

export const visibleAgentSchema = z.object({ id: idText });

/** Readiness in both spellings: a number on the socket, a text in REST. */
const readinessSchema = z
  .object({
    readyChannels: z.array(z.string()),
    notReadyReasonCode: idText.nullish().catch(undefined),
    notReadyReasonCodeId: idText.nullish().catch(undefined),
  })
  .transform((value) => ({
    channels: value.readyChannels,
    code: codeText(value.notReadyReasonCode ?? value.notReadyReasonCodeId),
  }))
  .optional()
  .catch(undefined);

export type Readiness = NonNullable<z.output<typeof readinessSchema>>;

/** The presence resource of REST; one public client names its current state differently. */
export const presenceReplySchema = z.object({
  currentState: readinessSchema,
  currentStateLong: readinessSchema,
  pendingState: readinessSchema,
});

export const rowSchema = z.object({
  id: idText.pipe(boundedText(1, 64)),
  state: boundedText(0, 64).catch(''),
  reasonCodeId: idText.catch('0').transform(codeText),
  stateSince: epoch,
  reasonCodeSince: epoch,
  readyChannels: z.string().optional().catch(undefined),
  presence: z
    .object({
      currentState: readinessSchema,
      pendingState: readinessSchema,
      gracefulModeOn: z.boolean().catch(false),
      changeTimestamp: epoch,
      nextStateChangeTimestamp: epoch,
    })
    .optional()
    .catch(undefined),
});

export type Row = z.output<typeof rowSchema>;

export const envelopeSchema = z.object({
  context: z.object({ eventId: idText }),
  payLoad: z.unknown(),
});

const list = z.array(z.unknown()).catch([]);

/** The blocks of a full (5000) and of a difference (5012) frame. */
export const blocksSchema = z.array(
  z.object({ dataSource: z.string(), data: list, added: list, updated: list, removed: list }),
);

export function metadataOf(payload: unknown): Metadata | undefined {
  return readWith(metadataSchema, payload);
}

/** The reason code as a text; `0` stands for none. */
function codeText(code: string | null | undefined): string {
  return code === undefined || code === null || code === '' ? '0' : code.slice(0, 32);
}
