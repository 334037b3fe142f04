import { type Client, DiscordAPIError, Events, HTTPError } from 'discord.js'
import type { Clock } from '#src/kernel/clock.ts'
import { ConfigError, UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'

/** Closes after which the same token and settings will be refused again. https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
const refusals: Readonly<Record<number, string>> = {
  4004: 'DISCORD_BOT_TOKEN was refused by Discord: it is wrong, or was replaced by a newer one',
  4010: 'Discord refused the shard: the shard settings are wrong',
  4011: 'Discord wants this bot to be sharded: it is in too many servers for one session',
  4012: 'Discord no longer speaks this version of the gateway: Helix must be updated',
  4013: 'Discord refused the intents: Helix must be updated',
  4014: 'Discord does not allow the intents to this bot: see its page in the Developer Portal',
}

export function isUnrecoverable(code: number): boolean {
  return code in refusals
}

export function whyUnrecoverable(code: number): string {
  return refusals[code] ?? `Discord closed the session with ${code}`
}

export interface LoginParts {
  readonly token: string
  readonly clock: Clock
  readonly log: Log
  /** A client that has its listeners already. A login that failed has used it up. */
  readonly client: () => Client
  /** Until when it is tried, in milliseconds from now. */
  readonly patienceMs: number
  readonly stopped: AbortSignal
}

/**
 * Logs in; tries again (1 s, 2 s, 4 s … 30 s) while Discord cannot be reached, as that uses up no session start: 1,000 of them in a
 * day reset the token. Resolves with the client that is ready. Throws ConfigError where Discord refuses, UpstreamError after `patienceMs`.
 */
export async function login({ token, clock, log, client: create, patienceMs, stopped }: LoginParts): Promise<Client<true>> {
  const until = clock.now().getTime() + patienceMs
  for (let waitMs = 1_000; ; waitMs = Math.min(waitMs * 2, 30_000)) {
    const client = create()
    try {
      return await ready(client, token, clock, until, stopped)
    } catch (error) {
      await client.destroy()
      const failure = asFailure(error)
      if (failure instanceof ConfigError || !failure.fault.retryable || clock.now().getTime() + waitMs > until) throw failure
      log.warn({ reason: failure.message, waitMs }, 'Discord cannot be reached: trying again')
      await clock.sleep(waitMs, stopped)
      if (stopped.aborted) throw failure
    }
  }
}

class Refused extends Error {
  readonly code: number
  constructor(code: number) {
    super(whyUnrecoverable(code))
    this.code = code
  }
}

async function ready(client: Client, token: string, clock: Clock, until: number, stopped: AbortSignal): Promise<Client<true>> {
  const ended = new AbortController()
  stopped.addEventListener('abort', () => ended.abort(), { once: true, signal: ended.signal })
  const outOfTime = async () => {
    await clock.sleep(Math.max(0, until - clock.now().getTime()), ended.signal)
    throw new UpstreamError('Discord did not make the session ready in time.', fault(false))
  }
  const becameReady = new Promise<Client<true>>((resolve, reject) => {
    client.once(Events.ClientReady, resolve)
    client.once(Events.ShardDisconnect, ({ code }) => reject(new Refused(code)))
    client.login(token).catch(reject)
  })
  try {
    return await Promise.race([becameReady, outOfTime()])
  } finally {
    ended.abort()
  }
}

function asFailure(error: unknown): ConfigError | UpstreamError {
  if (error instanceof UpstreamError) return error
  if (error instanceof Refused) return new ConfigError([error.message])
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (code === 'TokenInvalid') return new ConfigError([whyUnrecoverable(4004)])
  if (error instanceof DiscordAPIError) {
    return new UpstreamError(`Discord refused the login (${error.status}).`, { ...fault(error.status === 429), status: error.status })
  }
  if (error instanceof HTTPError) {
    return new UpstreamError(`Discord answered the login with an error of its own (${error.status}).`, {
      ...fault(true),
      status: error.status,
    })
  }
  if (String(message).startsWith('Not enough sessions remaining')) {
    return new UpstreamError('Discord allows this bot no more session starts today: wait before it is started again.', fault(false))
  }
  return new UpstreamError(`Discord cannot be reached (${typeof code === 'string' ? code : String(message)}).`, fault(true))
}

function fault(retryable: boolean) {
  return { provider: 'Discord', operation: 'get_bot_gateway', retryable, outcome: retryable ? 'ambiguous' : 'refused' } as const
}
