/**
 * What carries a trace from one process to the next (W3C Trace Context): headers of a request, fields of a message. Empty where nothing
 * is traced. https://www.w3.org/TR/trace-context/
 */
export interface TraceCarrier {
  readonly traceparent?: string
  readonly tracestate?: string
}

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal'

export interface SpanOptions {
  readonly kind?: SpanKind
  /** Never a secret, and never what a person wrote. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** What began it in another process; left out, it is part of the span that runs now. */
  readonly from?: TraceCarrier
}

/** What a span is told while it runs. */
export interface Span {
  set(attributes: Readonly<Record<string, string | number | boolean>>): void
}

/** A span without a promise of its own, such as a request that is answered by and by. */
export interface OpenSpan extends Span {
  /** What is done in here, and all that follows from it, is part of the span. */
  run<Result>(work: () => Result): Result
  /** With what went wrong, in one word. */
  end(failure?: string): void
}

/** Who asked whom, and how long each took, across services and messages; `noTracing` where no collector is named. */
export interface Tracing {
  /** Runs the work as a span; a rejection marks it as failed (by the error's name) and goes on to the caller. */
  span<Result>(name: string, options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result>
  /** Must be ended by the caller. */
  start(name: string, options: SpanOptions): OpenSpan
  /** For what leaves this process: `fetch(url, { headers: { ...tracing.carry() } })`, or fields of a message. */
  carry(): TraceCarrier
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>
}

const silent: OpenSpan = { set() {}, end() {}, run: (work) => work() }

/** Traces nothing and costs nothing. */
export const noTracing: Tracing = {
  span: (_name, _options, work) => work(silent),
  start: () => silent,
  carry: () => ({}),
  async close() {},
}
