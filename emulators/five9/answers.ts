/** Replies of the emulated REST API as data, and its one error body. */

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  readonly json?: unknown;
}

interface ExceptionDetail {
  readonly code: number;
  readonly message: string;
  readonly contextCode?: string;
  readonly objectId?: string;
  readonly farmId?: string;
}

export function ok(json: unknown): Reply {
  return { status: 200, json };
}

export const NO_CONTENT: Reply = { status: 204 };

/** `five9ExceptionDetail`. Only the codes 3 and 5001 are captured ones. */
export function exception(status: number, now: number, detail: ExceptionDetail): Reply {
  const { code, message, contextCode, objectId, farmId } = detail;
  const context = {
    ...(contextCode === undefined ? {} : { contextCode }),
    ...(objectId === undefined ? {} : { objectId }),
    ...(farmId === undefined ? {} : { farmId }),
  };
  return {
    status,
    json: { five9ExceptionDetail: { timestamp: now, errorCode: code, message, context } },
  };
}

export const CODE = {
  improperLoginState: 3,
  migrated: 5001,
  badRequest: 400,
  unauthorised: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  internal: 500,
} as const;
