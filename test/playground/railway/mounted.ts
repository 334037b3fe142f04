import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { createEmulatedRailway, type EmulatedRailway, type EmulatedRailwayGiven } from '#playground/railway/emulated-railway.ts'
import { seedTables } from '#playground/railway/seed.ts'
import type { Tables } from '#playground/railway/world/model.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
export const fixture = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url))
export const quick = { initializeMs: 0, buildMs: 0, healthIntervalMs: 20, restartMs: 20, goodForMs: 200, sampleMs: 100 } as const

/** Errors that the emulator logged: a test that expects none looks. */
export function recordingLog(errors: unknown[]): Log {
  const quiet = () => {}
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (fields) => void errors.push(fields), child: () => log }
  return log
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data: any
  readonly errors:
    | readonly { readonly message: string; readonly extensions: { readonly code: string; readonly traceId: string } }[]
    | undefined
}

export interface Mounted {
  readonly railway: EmulatedRailway
  readonly url: string
  readonly errors: unknown[]
  /** With the account token, unless other headers are given. */
  ask(query: string, variables?: object, headers?: Record<string, string>, url?: string): Promise<Answer>
  fault(name: string, body?: object): Promise<unknown>
  close(): Promise<void>
}

/** The emulator on a server of its own; by default one service `api` (the fixture), in staging only, and nothing of it running in production. */
export async function mount(given: Partial<EmulatedRailwayGiven> = {}): Promise<Mounted> {
  const errors: unknown[] = []
  const railway = createEmulatedRailway({
    clock: systemClock(),
    log: recordingLog(errors),
    root,
    baseEnv: { DATABASE_URL: 'postgres://somewhere/db', JWT_SECRET: 'hush' },
    limits: { perSecond: 10_000, perHour: 100_000, plainPerSecond: 10_000 },
    pacing: quick,
    command: () => ({ file: fixture, args: [] }),
    seed: (options) => onlyStaging(seedTables({ ...options, services: ['api'], healthcheckTimeout: 2 })),
    ...given,
  })
  const server = Fastify()
  railway.routes(server)
  await server.listen({ port: 0, host: '127.0.0.1' })
  server.server.on('upgrade', (request, socket, head) => void (railway.upgrade(request, socket, head) || socket.destroy()))
  const { port } = server.server.address() as { port: number }
  const { path, accountToken } = railway.credentials()
  const url = `http://127.0.0.1:${port}${path}`
  return {
    railway,
    url,
    errors,
    async ask(query, variables = {}, headers = { authorization: `Bearer ${accountToken}` }, to = `${url}?q=test`) {
      const body = JSON.stringify({ query, variables })
      const answer = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
      const text = await answer.text()
      const parsed = text.startsWith('{') ? JSON.parse(text) : {}
      return { status: answer.status, headers: answer.headers, text, data: parsed.data, errors: parsed.errors }
    },
    fault: async (name, body = {}) => {
      const fault = railway.faults[name]!
      return fault.inject(fault.schema.parse(body))
    },
    async close() {
      await railway.close()
      await server.close()
    },
  }
}

/** Production is there, with its services and their histories, but nothing of it has ever gone live: no processes. */
function onlyStaging(tables: Tables): Tables {
  const staging = tables.environments.find((one) => one.name === 'staging')!
  return { ...tables, deployments: tables.deployments.filter((one) => one.environmentId === staging.id || one.status === 'REMOVED') }
}

/** Looks until there is something, with a deadline; what was seen last is in the error. */
export async function eventually<Value>(
  look: () => Value | Promise<Value>,
  isIt: (value: Value) => unknown,
  deadlineMs = 15_000,
): Promise<Value> {
  const until = Date.now() + deadlineMs
  for (;;) {
    const value = await look()
    if (isIt(value)) return value
    if (Date.now() > until) throw new Error(`It never came. Last seen: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
