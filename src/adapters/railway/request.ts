import type { TadaDocumentNode } from 'gql.tada'
import { getOperationAST } from 'graphql'
import { GraphQLClient } from 'graphql-request'
import type { UpstreamError } from '#src/kernel/errors.ts'
import { type Asked, faultOf, rateLimited, stopped, timedOut } from './faults.ts'
import { defaultTimeouts, headersOf, type RailwayOptions, urlFor } from './options.ts'
import { type BudgetMeter, retryAfterMs } from './rate-budget.ts'

/** Asks Railway one thing, with time-outs and the retries that can do no harm. Throws UpstreamError. */
export type Request = <Data, Variables extends object>(document: TadaDocumentNode<Data, Variables>, variables: Variables) => Promise<Data>

/** Nothing but a frozen process oversleeps by so much. */
const frozenMs = 5000
const longestBackoffMs = 4000
const firstBackoffMs = 250

export function createRequest(options: RailwayOptions, budget: BudgetMeter, closed: AbortSignal): Request {
  const { clock, log, random = Math.random } = options
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  return async (document, variables) => {
    const asked = askedBy(document)
    const deadline = clock.now().getTime() + (asked.kind === 'mutation' ? timeouts.overallMs : timeouts.overallReadMs)
    for (let attempt = 0; ; attempt++) {
      const held = budget.heldMs()
      if (clock.now().getTime() + held > deadline) throw rateLimited(asked, held)
      if (held > 0) await waited(held, asked)
      const outcome = await tryOnce(document, withoutNulls(variables), asked)
      if ('data' in outcome) return outcome.data
      const { error } = outcome
      if (!mayRetry(error, asked)) throw error
      const backoff = Math.min(longestBackoffMs, firstBackoffMs * 2 ** attempt) * (0.5 + random() / 2)
      const wait = error.fault.retryAfterMs ?? backoff
      if (closed.aborted || clock.now().getTime() + wait >= deadline) throw error
      log.debug({ operation: asked.field, attempt, waitMs: wait, reason: error.message }, 'Railway request is tried again')
      await waited(wait, asked)
    }
  }

  /** A process that was frozen while it waited may have been taken over meanwhile: its change must not be sent any more. */
  async function waited(ms: number, asked: Asked): Promise<void> {
    const begun = clock.now().getTime()
    await clock.sleep(ms, closed)
    if (asked.kind === 'mutation' && clock.now().getTime() - begun > ms + frozenMs) throw rateLimited(asked, 0)
  }

  async function tryOnce<Data, Variables extends object>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
    asked: Asked,
  ): Promise<{ data: Data } | { error: UpstreamError }> {
    const done = new AbortController()
    const late = new AbortController()
    const limit = asked.kind === 'mutation' ? timeouts.changeMs : timeouts.readMs
    void clock.sleep(limit, done.signal).then(() => late.abort())
    let wait: number | undefined
    const client = clientFor(options, (headers) => {
      budget.note(headers)
      wait = retryAfterMs(headers, clock.now())
    })
    try {
      const signal = AbortSignal.any([late.signal, closed])
      return { data: await client.request<Data, object>({ document, variables, signal }) }
    } catch (error) {
      const fault = late.signal.aborted ? timedOut(asked, limit) : closed.aborted ? stopped(asked) : faultOf(error, asked, wait)
      if (fault.fault.status === 429) budget.hold(fault.fault.retryAfterMs ?? 0)
      return { error: fault }
    } finally {
      done.abort()
    }
  }
}

/** What a document asks for, in Railway's words. */
export function askedBy(document: TadaDocumentNode<unknown, never>): Asked & { readonly name: string } {
  const operation = getOperationAST(document)
  const field = operation?.selectionSet.selections[0]
  if (!operation?.name || field?.kind !== 'Field') throw new Error('A Railway document must have one named operation.')
  return { name: operation.name.value, field: field.name.value, kind: operation.operation }
}

function clientFor(options: RailwayOptions, onHeaders: (headers: Headers) => void): GraphQLClient {
  const send = options.fetch ?? fetch
  return new GraphQLClient(options.url, {
    headers: headersOf(options),
    requestMiddleware: (request) => ({ ...request, url: urlFor(request.url, request.operationName ?? 'Helix') }),
    fetch: async (input, init) => {
      const response = await send(input, init)
      onHeaders(response.headers)
      return response
    },
  })
}

/** A read may be asked again whatever went wrong on the way; a change only after 429, which says that it did not run. */
function mayRetry(error: UpstreamError, asked: Asked): boolean {
  return asked.kind === 'mutation' ? error.fault.status === 429 : error.fault.retryable
}

/** `null` clears a field at Railway, absent leaves it. Only at the top: inside a patch a null is meant. */
function withoutNulls<Variables extends object>(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null && value !== undefined)) as Variables
}
