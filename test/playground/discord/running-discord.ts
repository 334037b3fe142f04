import type { AddressInfo } from 'node:net'
import { Client, type ClientOptions, Events, GatewayIntentBits } from 'discord.js'
import Fastify from 'fastify'
import { createEmulatedDiscord, type EmulatedDiscord, type EmulatedDiscordOptions } from '#playground/discord/emulated-discord.ts'
import { launchValues } from '#playground/discord/seed.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createDiscordUser, type DiscordUser } from '#test/support/discord-user.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export type Rest = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<RestAnswer>

export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever Discord answers
  readonly body: any
}

export interface RunningDiscord {
  readonly url: string
  readonly emulator: EmulatedDiscord
  readonly lines: readonly string[]
  /** A bare request of the bot's REST API. */
  readonly rest: Rest
  fault(name: string, body?: object): Promise<unknown>
  user(name?: string): Promise<DiscordUser>
  /** An unmodified discord.js client that is ready. */
  bot(prepare?: (client: Client) => void, options?: Partial<ClientOptions>): Promise<Client<true>>
  close(): Promise<void>
}

export const values = launchValues()
export const agent = 'DiscordBot (https://helix.test, 1.0)'

/** The emulated Discord on a port of its own. */
export async function startDiscord(options: Partial<EmulatedDiscordOptions> = {}): Promise<RunningDiscord> {
  const server = Fastify({ forceCloseConnections: true })
  const lines: string[] = []
  let url = ''
  const emulator = createEmulatedDiscord({
    clock: systemClock(),
    log: quietLog(),
    publicUrl: () => url,
    record: (line) => lines.push(line),
    maxConcurrency: 16,
    ...options,
  })
  server.register(async (scope) => emulator.routes(scope))
  server.server.on('upgrade', (request, socket, head) => {
    if (!emulator.upgrade(request, socket, head)) socket.destroy()
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const closing: (() => unknown)[] = []

  return {
    url,
    emulator,
    lines,
    rest: createRest(url),
    fault: async (name, body = {}) => {
      const fault = emulator.faults[name]
      if (!fault) throw new Error(`no fault ${name}`)
      return fault.inject(fault.schema.parse(body))
    },
    user: async (name = 'playground-admin') => {
      const user = await createDiscordUser({ url, token: name })
      closing.push(() => user.close())
      return user
    },
    bot: async (prepare, more = {}) => {
      const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates]
      const client = new Client({ intents, rest: { api: `${url}/api` }, ...more })
      closing.push(() => client.destroy())
      prepare?.(client)
      const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
      await client.login(values.botToken)
      return ready
    },
    close: async () => {
      for (const close of closing) await close()
      await emulator.close()
      await server.close()
    },
  }
}

function createRest(url: string): Rest {
  return async (method, path, body, headers = {}) => {
    const type: Record<string, string> = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v10${path}`, {
      method,
      headers: { authorization: `Bot ${values.botToken}`, 'user-agent': agent, ...type, ...headers },
      ...(body === undefined ? {} : { body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }
}
