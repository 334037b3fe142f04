import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'

/** A fault that can be injected from the page and from tests: `POST /playground/faults {"fault": "discord.drop-gateway", …}`. */
export interface Fault<Body = unknown> {
  /** One sentence for the page's button. */
  readonly describe: string
  readonly schema: z.ZodType<Body>
  /** Answers what was done, as JSON. */
  inject(body: Body): Promise<unknown>
}

/** What is asked and shown beside the emulators. */
export type Part = Pick<Emulator, 'routes' | 'state'>

/** One vendor, emulated at the wire. The playground mounts several on one port. */
export interface Emulator {
  readonly name: 'discord' | 'railway' | 'speech'
  /** Its HTTP routes. */
  routes(server: FastifyInstance): void
  /** Takes a WebSocket upgrade whose path is its own; false leaves it to the next. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Its part of `GET /playground/state`, merged at the top level. */
  state(): Readonly<Record<string, unknown>>
  /** By name, without the emulator's own prefix. */
  readonly faults: Readonly<Record<string, Fault>>
  /** Everything to come up again with after a restart, as JSON. */
  snapshot(): unknown
  /** Called (often) whenever the snapshot would differ. */
  onChange(listener: () => void): void
  close(): Promise<void>
}
