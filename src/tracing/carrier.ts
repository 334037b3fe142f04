import { type Context, createTraceState, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'
import type { TraceCarrier } from './tracing.ts'

/** Version 00, the only one there is; a later one may append fields. https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-.*)?$/
const LONGEST_STATE = 512

/** What came in; anything that is not of that form begins a trace of its own. */
export function contextOf({ traceparent, tracestate }: TraceCarrier): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT
  const kept = tracestate !== undefined && tracestate.length <= LONGEST_STATE
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(kept && { traceState: createTraceState(tracestate) }),
  })
}

/** What goes out. */
export function carrierOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceCarrier {
  const tracestate = traceState?.serialize()
  return { traceparent: `00-${traceId}-${spanId}-${traceFlags & 1 ? '01' : '00'}`, ...(tracestate && { tracestate }) }
}
