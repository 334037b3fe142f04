import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface LoadUser {
  /** Calls a slash command; resolves with the ms from the interaction's dispatch to its acknowledgement, as Discord's side saw both. */
  acknowledged(command: string): Promise<number>
  close(): void
}

interface Waiting {
  dispatchedAt: number
  readonly resolve: (ms: number) => void
  readonly reject: (error: Error) => void
}

/** A member who asks a lot. Leaner than a test's user: what it measures must not be itself. */
export async function createLoadUser(url: string, token: string): Promise<LoadUser> {
  const ask = async (method: string, path: string, body?: object) =>
    fetch(`${url}/api/v9${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  const { url: gateway } = (await (await ask('GET', '/gateway')).json()) as { url: string }
  const socket = new WebSocket(`${gateway}?v=9&encoding=json`)
  const waiting = new Map<string, Waiting>()
  const heard: Record<string, (d: { id: string; nonce: string }) => void> = {
    INTERACTION_CREATE: ({ nonce }) => {
      const call = waiting.get(nonce)
      if (call) call.dispatchedAt = performance.now()
    },
    INTERACTION_SUCCESS: ({ nonce }) => {
      const call = waiting.get(nonce)
      waiting.delete(nonce)
      call?.resolve(performance.now() - call.dispatchedAt)
    },
    INTERACTION_FAILURE: ({ nonce }) => waiting.get(nonce)?.reject(new Error('an interaction was not acknowledged')),
  }
  const ready = new Promise<{ session_id: string; guilds: readonly { id: string; channels: readonly { id: string; type: number }[] }[] }>(
    (resolve) => {
      socket.on('message', (data) => {
        const { op, t, d } = JSON.parse(String(data))
        if (op === 10) {
          const beat = setInterval(() => socket.send(JSON.stringify({ op: 1, d: null })), d.heartbeat_interval)
          socket.on('close', () => clearInterval(beat))
          socket.send(JSON.stringify({ op: 2, d: { token, properties: {} } }))
        }
        if (op === 0 && t === 'READY') resolve(d)
        if (op === 0) heard[t]?.(d)
      })
    },
  )
  await once(socket, 'open')
  const { session_id, guilds } = await ready
  const guild = guilds[0]!
  const channel = guild.channels.find(({ type }) => type === 0)!.id
  const index = (await (await ask('GET', `/guilds/${guild.id}/application-command-index`)).json()) as {
    application_commands: readonly { id: string; application_id: string; version: string; name: string }[]
  }
  let nonces = 0
  return {
    async acknowledged(name) {
      const command = index.application_commands.find((each) => each.name === name)
      if (!command) throw new Error(`/${name} is not registered`)
      const { id, version, application_id } = command
      const nonce = `${Date.now()}${String(++nonces).padStart(6, '0')}`
      const done = new Promise<number>((resolve, reject) => waiting.set(nonce, { dispatchedAt: Number.NaN, resolve, reject }))
      const data = { id, version, name, type: 1, options: [], attachments: [], guild_id: guild.id }
      const response = await ask('POST', '/interactions', {
        type: 2,
        application_id,
        guild_id: guild.id,
        channel_id: channel,
        session_id,
        nonce,
        data,
      })
      if (response.status !== 204) throw new Error(`the interaction was refused: ${response.status} ${await response.text()}`)
      return done
    },
    close: () => socket.close(1000),
  }
}
