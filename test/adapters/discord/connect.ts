import { onTestFinished, vi } from 'vitest'
import type { DiscordEvents } from '#src/adapters/discord/discord.ts'
import { createDiscordGateway } from '#src/adapters/discord/gateway.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { openWire, type Reply, type Seen, type WireGiven } from './wire.ts'

type Happened = { readonly [Name in keyof DiscordEvents]: readonly [Name, DiscordEvents[Name]] }[keyof DiscordEvents]

/** A gateway at a wire of its own; both are closed when the test ends. */
export async function connect(given: WireGiven = {}, clock = systemClock()) {
  const wire = await openWire(given)
  const log = quietLog()
  const gateway = createDiscordGateway({ token: 'a-token', apiUrl: wire.apiUrl, log, clock })
  onTestFinished(async () => {
    await gateway.stop()
    await wire.close()
  })
  const happened: Happened[] = []
  const emit = (name: keyof DiscordEvents, payload: unknown) => {
    happened.push([name, payload] as unknown as Happened)
  }
  const start = () => gateway.start(emit)
  const until = <Name extends keyof DiscordEvents>(name: Name) =>
    vi.waitFor(() => {
      const found = happened.findLast(([each]) => each === name)
      if (!found) throw new Error(`${name} did not happen`)
      return found[1] as DiscordEvents[Name]
    }, 10_000)
  return { wire, gateway, log, happened, start, until }
}

/** Connects, sends one interaction, and gives it as it arrives. */
export async function receive<Incoming>(
  raw: object,
  reply: (seen: Seen, count: number) => Reply | undefined = () => undefined,
  clock?: Clock,
) {
  let count = 0
  const connection = await connect({ reply: (seen) => (seen.path.startsWith('/gateway') ? undefined : reply(seen, ++count)) }, clock)
  await connection.start()
  connection.wire.dispatch('INTERACTION_CREATE', raw)
  const incoming = (await connection.until('discord.interaction')) as Incoming
  const sent = () => connection.wire.seen.filter(({ path }) => !path.startsWith('/gateway'))
  return { ...connection, incoming, sent }
}

export function refused(status: number, code: number): Reply {
  return { status, json: { code, message: 'no' } }
}
