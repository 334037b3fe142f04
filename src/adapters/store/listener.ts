import pg from 'pg'
import type { Log } from '#src/kernel/log.ts'

export interface Listener {
  listen(channel: string, onNotify: (payload: string) => void): Promise<{ stop(): Promise<void> }>
  close(): Promise<void>
}

/** A connection that went silent is noticed by asking now and then (ms); after a loss the next try waits, longer each time (ms). */
const pulse = { everyMs: 10_000, answerMs: 5_000, firstRetryMs: 250, lastRetryMs: 10_000 } as const

export interface ListenerDeps {
  readonly url: string
  readonly log: Log
  /** Its connection is seen at the server as `<name>-listen`. */
  readonly applicationName: string
}

/** LISTEN over one connection of its own, opened at the first use, and opened anew whenever it is lost. */
export function createListener({ url, log, applicationName }: ListenerDeps): Listener {
  const subscribers = new Map<string, Set<(payload: string) => void>>()
  let client: pg.Client | undefined
  let opening: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false

  async function open(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `${applicationName}-listen`,
      keepAlive: true,
      connectionTimeoutMillis: pulse.answerMs,
      query_timeout: pulse.answerMs,
    })
    fresh.on('error', (error) => lost(fresh, error))
    fresh.on('end', () => lost(fresh, new Error('connection ended')))
    fresh.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''))
    await fresh.connect()
    for (const channel of subscribers.keys()) await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
    if (closed) return fresh.end()
    client = fresh
    failures = 0
    beat(fresh)
  }

  function beat(current: pg.Client): void {
    timer = setTimeout(() => {
      current.query('SELECT 1').then(
        () => client === current && beat(current),
        (error) => lost(current, error),
      )
    }, pulse.everyMs).unref()
  }

  function lost(which: pg.Client, error: Error): void {
    if (closed || client !== which) return
    client = undefined
    clearTimeout(timer)
    log.warn({ reason: error.message }, 'lost the connection that listens for notifications')
    which.end().catch((failure: Error) => log.debug({ reason: failure.message }, 'a broken connection did not close'))
    again()
  }

  function again(): void {
    const waitMs = Math.min(pulse.firstRetryMs * 2 ** failures, pulse.lastRetryMs)
    failures += 1
    timer = setTimeout(() => {
      open().then(
        () => {
          for (const channel of subscribers.keys()) tell(channel, '') // Something may have been missed.
        },
        (error: Error) => {
          log.warn({ reason: error.message }, 'cannot listen for notifications yet')
          if (!closed) again()
        },
      )
    }, waitMs).unref()
  }

  function tell(channel: string, payload: string): void {
    for (const onNotify of subscribers.get(channel) ?? []) onNotify(payload)
  }

  return {
    async listen(channel, onNotify) {
      const known = subscribers.get(channel)
      subscribers.set(channel, (known ?? new Set()).add(onNotify))
      opening ??= open()
      try {
        await opening
        if (!known) await client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      } catch (error) {
        subscribers.get(channel)?.delete(onNotify)
        if (!client) opening = undefined
        throw error
      }
      return {
        async stop() {
          subscribers.get(channel)?.delete(onNotify)
        },
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await opening?.catch((error: Error) => log.debug({ reason: error.message }, 'was not listening'))
      await client?.end()
    },
  }
}
