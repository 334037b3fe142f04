/** One way Discord says no. */
export interface Refusal {
  readonly code: number
  readonly status: number
  readonly message: string
  /** Where that is known from; `community` is what users report where Discord's documentation is silent. */
  readonly source: string
}

const codes = 'https://docs.discord.com/developers/topics/opcodes-and-status-codes#json'
const limits = 'https://docs.discord.com/developers/topics/rate-limits'
const interactions = 'https://docs.discord.com/developers/interactions/receiving-and-responding'
const community = (threads: string) => `${codes}; community: ${threads}`

/** Everything that the emulated Discord refuses over HTTP, each a row. */
export const refusals = {
  unauthorized: {
    code: 0,
    status: 401,
    message: '401: Unauthorized',
    source: 'https://docs.discord.com/developers/reference#authentication',
  },
  unserved: { code: 0, status: 501, message: 'The playground does not emulate this route.', source: 'playground' },
  rateLimited: { code: 0, status: 429, message: 'You are being rate limited.', source: limits },
  globallyLimited: { code: 0, status: 429, message: 'You are being rate limited globally.', source: `${limits}#global-rate-limit` },
  injected: { code: 0, status: 500, message: 'Injected by the playground.', source: 'playground' },
  unknownApplication: { code: 10002, status: 404, message: 'Unknown Application', source: codes },
  unknownChannel: { code: 10003, status: 404, message: 'Unknown Channel', source: codes },
  unknownGuild: { code: 10004, status: 404, message: 'Unknown Guild', source: codes },
  unknownMember: { code: 10007, status: 404, message: 'Unknown Member', source: codes },
  unknownMessage: { code: 10008, status: 404, message: 'Unknown Message', source: community('discord-api-docs#6007, #6253, #7774') },
  unknownRole: { code: 10011, status: 404, message: 'Unknown Role', source: codes },
  unknownUser: { code: 10013, status: 404, message: 'Unknown User', source: codes },
  unknownWebhook: { code: 10015, status: 404, message: 'Unknown Webhook', source: community('discord.js#6883, discord-api-docs#7220') },
  unknownInteraction: { code: 10062, status: 404, message: 'Unknown interaction', source: `${interactions}#interaction-callback` },
  unknownCommand: { code: 10063, status: 404, message: 'Unknown application command', source: codes },
  pinsFull: { code: 30003, status: 400, message: 'Maximum number of pins reached (250)', source: codes },
  commandsFull: { code: 30032, status: 400, message: 'Maximum number of application commands reached (100)', source: codes },
  dailyCreates: {
    code: 30034,
    status: 429,
    message: 'Max number of daily application command creates has been reached (200)',
    source: codes,
  },
  oldEdits: {
    code: 30046,
    status: 429,
    message: 'Maximum number of edits to messages older than 1 hour reached. Try again later.',
    source: community('discord-userdoccers#551, discord-api-docs#4413'),
  },
  requestTooLarge: { code: 40005, status: 413, message: 'Request entity too large', source: codes },
  alreadyAcknowledged: { code: 40060, status: 400, message: 'Interaction has already been acknowledged.', source: codes },
  userAgent: {
    code: 40333,
    status: 403,
    message: 'internal network error',
    source: 'https://docs.discord.com/developers/reference#user-agent',
  },
  missingAccess: { code: 50001, status: 403, message: 'Missing Access', source: codes },
  notTheAuthor: { code: 50005, status: 403, message: 'Cannot edit a message authored by another user', source: codes },
  emptyMessage: { code: 50006, status: 400, message: 'Cannot send an empty message', source: codes },
  notInThisChannel: { code: 50024, status: 400, message: 'Cannot execute action on this channel type', source: codes },
  missingPermissions: { code: 50013, status: 403, message: 'Missing Permissions', source: codes },
  tokenExpired: { code: 50027, status: 401, message: 'Invalid Webhook Token', source: community('discord-api-docs#6851') },
  invalidForm: {
    code: 50035,
    status: 400,
    message: 'Invalid Form Body',
    source: 'https://docs.discord.com/developers/reference#error-messages',
  },
  fileTooLarge: { code: 50045, status: 400, message: 'File uploaded exceeds the maximum size', source: codes },
  archivedThread: { code: 50083, status: 400, message: 'Thread is archived', source: codes },
  invalidJson: { code: 50109, status: 400, message: 'The request body contains invalid JSON.', source: codes },
  threadExists: { code: 160004, status: 400, message: 'A thread has already been created for this message', source: codes },
  threadLocked: { code: 160005, status: 400, message: 'Thread is locked', source: codes },
} as const satisfies Record<string, Refusal>

export type RefusalName = keyof typeof refusals

interface Details {
  /** Discord's nested `errors` of 50035. */
  readonly errors?: unknown
  /** Seconds, on 429. */
  readonly retryAfter?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly global?: boolean
  readonly status?: number
  readonly message?: string
}

/** Thrown by whatever serves a request; the router answers with it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: RefusalName
  readonly details: Details
  constructor(refusal: RefusalName, details: Details = {}) {
    super(refusals[refusal].message)
    this.refusal = refusal
    this.details = details
  }
  get status(): number {
    return this.details.status ?? refusals[this.refusal].status
  }
  /** As Discord words it: `{message, code}`, with `errors` on a form error, `retry_after` and `global` on 429. */
  get body(): Readonly<Record<string, unknown>> {
    const { errors, retryAfter, global, message } = this.details
    return {
      message: message ?? refusals[this.refusal].message,
      code: refusals[this.refusal].code,
      ...(errors === undefined ? {} : { errors }),
      ...(this.status === 429 ? { retry_after: retryAfter ?? 1, global: global ?? false } : {}),
    }
  }
}
