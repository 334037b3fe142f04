import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'
import { readBotVariables } from '#src/launch/bot-variables-file.ts'

const named = z.object({ id: z.string(), name: z.string() })

/** `GET /playground/state`, as far as tools look into it. */
const state = z.object({
  guild: named,
  application: named,
  channels: z.array(named.extend({ type: z.number() })),
  roles: z.array(named),
  accounts: z.array(z.object({ id: z.string(), token: z.string(), role: z.string().nullable() })),
  voice: z.object({
    states: z.array(z.object({ user_id: z.string(), channel_id: z.string().nullable() })),
    calls: z.array(z.object({ channel: z.string(), bots: z.array(z.object({ connected: z.boolean() })) })),
  }),
  speech: z
    .object({ heard: z.array(z.object({ text: z.string(), confidence: z.number(), by: z.string(), at: z.string() })) })
    .default({ heard: [] }),
})

export type PlaygroundState = z.output<typeof state>

const usualPort = 4000

/** Where the playground is that was started last on this machine: by its data folder, else at PLAYGROUND_PORT or the usual port. */
export function playgroundUrl(root: URL, env: NodeJS.ProcessEnv): string {
  const base = env.HELIX_DATA ? resolve(env.HELIX_DATA) : fileURLToPath(new URL('.helix', root))
  const given = readBotVariables(base, 'playground')?.DISCORD_API_URL
  return given ? new URL(given).origin : `http://127.0.0.1:${env.PLAYGROUND_PORT || usualPort}`
}

/** Throws UserError where no playground answers there. */
export async function playgroundState(url: string): Promise<PlaygroundState> {
  const response = await fetch(`${url}/playground/state`).catch(() => undefined)
  const read = response?.ok ? state.safeParse(await response.json()) : undefined
  if (!read?.success) throw new UserError(`No playground answers at ${url}. Start it with npm start, and try again when it is ready.`)
  return read.data
}

/** A request of its own. Throws UserError with the playground's sentence where it refuses. */
export async function askPlayground(url: string, path: string, body: object): Promise<unknown> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(new URL(path, url), init)
  const answer = (await response.json()) as { error?: string }
  if (!response.ok) throw new UserError(answer.error ?? `The playground answered ${response.status}.`)
  return answer
}
