import { z } from 'zod'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'

const application = z.object({ id: z.string(), name: z.string() })
const guilds = z.array(z.object({ id: z.string(), name: z.string() }))

export interface DiscordAccount {
  readonly application: z.output<typeof application>
  /** The servers that the bot is in. */
  readonly guilds: z.output<typeof guilds>
}

export interface DiscordAccountOptions {
  /** `https://discord.com/api`. */
  readonly url: string
  readonly token: string
  /** Helix's own, for the User-Agent. */
  readonly version: string
  readonly fetch?: typeof fetch
}

/** Whose token it is. Throws UserError where Discord does not know it. https://discord.com/developers/docs/resources/application#get-current-application */
export async function readDiscordAccount({
  url,
  token,
  version,
  fetch = globalThis.fetch,
}: DiscordAccountOptions): Promise<DiscordAccount> {
  async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const failed = (status?: number, cause?: unknown) =>
      new UpstreamError(
        `Discord did not answer (${status === undefined ? 'no connection' : `status ${status}`}). Try again in a while.`,
        { provider: 'Discord', operation: `GET ${path}`, retryable: true, outcome: 'ambiguous', ...(status !== undefined && { status }) },
        { cause },
      )
    const headers = { authorization: `Bot ${token}`, 'user-agent': `DiscordBot (https://discord.com, ${version})` }
    const response = await fetch(`${url}/v10${path}`, { headers, signal: AbortSignal.timeout(15_000) }).catch((error: unknown) => {
      throw failed(undefined, error)
    })
    if (response.status === 401)
      throw new UserError('Discord does not know this token. Copy it from the Bot page of your application, or reset it there.')
    if (!response.ok) throw failed(response.status)
    const body = schema.safeParse(await response.json().catch(() => undefined)) // HTML, say: not what was asked for.
    if (!body.success) throw failed(response.status)
    return body.data
  }
  const [mine, joined] = [await read('/applications/@me', application), await read('/users/@me/guilds', guilds)]
  return { application: mine, guilds: joined }
}
