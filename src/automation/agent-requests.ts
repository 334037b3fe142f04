import type { z } from 'zod'
import type { Store } from '#src/adapters/store/store.ts'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import { createLease } from '#src/signals/lease.ts'
import type { StreamEntry, Streams, Subscription } from '#src/streams/streams.ts'
import { type AgentAnswer, agentAnswer, agentRequest, answerEvent, type RequestHead, requestHead } from './agent-request.ts'
import type { CallAnswer, CallRequest } from './call-wire.ts'

/** The door `automation`, as an agent comes to it; `under way`: whoever was given the call first works on it. */
export type AskDoor = (service: string, request: CallRequest) => Promise<CallAnswer | 'under way'>

export interface AgentRequestsParts {
  readonly store: Pick<Store, 'db'>
  readonly streams: Pick<Streams, 'bridge' | 'publish' | 'read'>
  readonly door: AskDoor
  /** Of this process. */
  readonly holder: string
  readonly clock: Clock
  readonly log: Log
}

/** What agents ask for on `agent:coordination`, taken by one process at a time. */
export interface AgentRequests {
  start(): Promise<void>
  /** Lets what is being asked end; another process goes on. */
  stop(): Promise<void>
}

/** What was asked for longer ago is not wanted any more. */
const WANTED_MS = 5 * 60_000
const LEASE_MS = 6_000
const LOOK_MS = 1_000
const PAGE = 200

type Said = Pick<AgentAnswer, 'status' | 'sentence' | 'operation'>

/**
 * An agent is an actor of its own (`token:agent:<id>`): default deny, the one path, its reason in the audit. Which requests were answered
 * stands in the stream itself; a request that is taken twice all the same has one key, and is acted on once.
 */
export function createAgentRequests({ store, streams, door, holder, clock, log }: AgentRequestsParts): AgentRequests {
  const channel = channels.agentCoordination
  const lease = createLease({ store, name: 'agent requests', holder, ttlMs: LEASE_MS, log })
  /** The last entry that is settled; undefined where another process may have settled more. */
  let settled: string | undefined
  let failing = false
  let bridge: Subscription | undefined

  const loop = createLoop(async (signal) => {
    if (!(await lease.hold())) {
      settled = undefined
      return LEASE_MS / 3
    }
    try {
      const more = await takeSome(signal)
      failing = false
      return more ? 0 : LOOK_MS
    } catch (err) {
      if (!failing) log.warn({ err }, 'what agents ask for waits')
      failing = true
      return LOOK_MS
    }
  }, clock)

  /** True where there may be more at once. */
  async function takeSome(signal: AbortSignal): Promise<boolean> {
    const answered = settled === undefined ? await answeredSince(oldest()) : new Set<string>()
    settled ??= oldest()
    const entries = await streams.read(channel, { after: settled, count: PAGE })
    for (const entry of entries) {
      const head = requestHead.safeParse(entry.message)
      if (head.success && !answered.has(entry.id)) {
        if (signal.aborted || !(await lease.hold())) return false
        await answer(entry, head.data, signal)
        if (signal.aborted) return false
      }
      settled = entry.id
    }
    return entries.length === PAGE
  }

  /** Ids of the stream begin with the time in ms. */
  function oldest(): string {
    return `${clock.now().getTime() - WANTED_MS}-0`
  }

  /** What was answered by a process before this one. */
  async function answeredSince(after: string): Promise<ReadonlySet<string>> {
    const answered = new Set<string>()
    for (let from: string | undefined = after; from !== undefined; ) {
      const entries: readonly Pick<StreamEntry, 'id' | 'message'>[] = await streams.read(channel, { after: from, count: PAGE })
      for (const { message } of entries) {
        const known = agentAnswer.safeParse(message)
        if (known.success) answered.add(known.data.in_reply_to)
      }
      from = entries.length === PAGE ? entries.at(-1)?.id : undefined
    }
    return answered
  }

  async function answer(
    entry: Pick<StreamEntry, 'id' | 'message'>,
    { agent_id, request_id }: RequestHead,
    signal: AbortSignal,
  ): Promise<void> {
    const said = await ask(entry, signal)
    if (!said) return
    log.info({ agent: agent_id, request: request_id, status: said.status }, 'an agent asked for something')
    const timestamp = clock.now().toISOString()
    await streams.publish(channel, {
      event: answerEvent,
      agent_id,
      request_id,
      in_reply_to: entry.id,
      ...said,
      timestamp,
    } satisfies AgentAnswer)
  }

  /** Undefined where the process stops before there is an answer. */
  async function ask({ id, message }: Pick<StreamEntry, 'id' | 'message'>, signal: AbortSignal): Promise<Said | undefined> {
    if (clock.now().getTime() - Number.parseInt(id, 10) > WANTED_MS)
      return { status: 'refused', sentence: 'It was asked for over five minutes ago, so nothing was done.' }
    const read = agentRequest.safeParse(message)
    if (!read.success) {
      return { status: 'refused', sentence: `This request cannot be read: ${faultOf(read.error, message)}. Nothing was done.` }
    }
    const { agent_id, request_id: key, command, arguments: given, environment, guild, reason } = read.data
    const request = { key, command, arguments: given, environment, guild, reason }
    while (!signal.aborted) {
      const answered = await throughDoor(`agent:${agent_id}`, request)
      if (answered !== 'under way') return answered
      // A process that ended in the middle of it; in two minutes at most it is known to be unknown.
      await clock.sleep(LOOK_MS, signal)
      await lease.hold()
    }
    return undefined
  }

  async function throughDoor(actor: string, request: CallRequest): Promise<Said | 'under way'> {
    try {
      return await door(actor, request)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      return { status: 'again', sentence: `${error.message} Nothing was begun: the same request may be published again.` }
    }
  }

  return {
    async start() {
      loop.start()
      bridge = await streams.bridge(channel, {
        onHeard: loop.wake,
        onRefused: (why) => log.debug({ why }, 'a message of agents is refused'),
      })
    },
    async stop() {
      await loop.stop()
      await bridge?.stop()
      await lease.release()
    },
  }
}

/** What is wrong with a request first, for whoever wrote the agent. */
function faultOf({ issues: [issue] }: z.ZodError, message: Readonly<Record<string, unknown>>): string {
  const name = issue?.path.join('.') ?? ''
  if (issue === undefined || name === '') return 'it is no request'
  if (issue.path.length === 1 && message[name] === undefined) return `it lacks ${name}`
  if (issue.code === 'invalid_type') return `${name} is no ${issue.expected === 'record' ? 'object' : issue.expected}`
  if (issue.code === 'invalid_union') return `${name} is no text, no number and no truth value`
  if (issue.code === 'too_small') return `${name} is too short`
  if (issue.code === 'too_big') return `${name} is too long`
  return `${name} ${issue.message.startsWith('must') ? issue.message : 'is nothing that it can be'}`
}
