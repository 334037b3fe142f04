import type { IncomingMessage, ServerResponse } from 'node:http'

/** One HTTP request that came to the service's process, before the service sees it. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** It is for the path that Railway's health check asks. */
  readonly isHealthCheck: boolean
  /** Milliseconds since the version turned bad; undefined before that. */
  readonly badForMs: number | undefined
  /** Counts from 0 the requests since then, without those of health checks. */
  readonly number: number
  /** Hands it to the service: now or later. */
  pass(): void
}

/** Writes an error line to the service's log, in the form of its own. */
export type Complain = (message: string, fields: object) => void

/** How a version of a service behaves: what the playground's preload does to the service's process. */
export interface Behaviour {
  readonly describe: string
  /** True where it answers the request, or hands it on later. */
  takes?(exchange: Exchange, complain: Complain): boolean
  /** Called once, when the version turns bad: some seconds after it passed its health check, or was started again. */
  turns?(complain: Complain): void
}

/** A new kind of bad version is a row here and a commit in the seed. */
export const behaviours = {
  good: { describe: 'The service as it is.' },
  'fails-health-check': {
    describe: 'Answers 503 on its health check path; never goes live.',
    takes({ response, isHealthCheck }) {
      if (isHealthCheck) answer(response, 503, { status: 'unavailable' })
      return isHealthCheck
    },
  },
  'answers-errors': {
    describe: 'Goes live, then answers two requests of five with 500, and logs each. Its health check stays well.',
    takes({ request, response, isHealthCheck, badForMs, number }, complain) {
      if (badForMs === undefined || isHealthCheck || number % 5 > 1) return false
      const err = { type: 'TypeError', message: "Cannot read properties of undefined (reading 'total')" }
      complain('a request could not be answered', { method: request.method, url: request.url?.split('?')[0], err })
      answer(response, 500, { detail: 'Internal Server Error' })
      return true
    },
  },
  'crash-loop': {
    describe: 'Goes live, then ends with an error, again after each restart, until Railway gives it up.',
    turns(complain) {
      complain('the state of the last run cannot be read', { file: 'state.json' })
      throw new SyntaxError('Unexpected end of JSON input')
    },
  },
  slow: {
    describe: 'Goes live, then takes longer for every answer, up to 4 seconds.',
    takes({ badForMs, pass }) {
      if (badForMs === undefined) return false
      setTimeout(pass, Math.min(slowest.ms, badForMs * slowest.share))
      return true
    },
  },
  'leaks-memory': {
    describe: 'Goes live, then keeps 5 MB a second, ends for want of memory at 300 MB, and is started again.',
    turns() {
      const kept: Buffer[] = []
      setInterval(() => {
        kept.push(Buffer.alloc(leak.bytes, 1)) // written to, or it would not be resident
        if (kept.length < leak.most) return
        process.stderr.write('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n')
        process.exit(134) // as Node ends then, but without a core dump
      }, leak.everyMs).unref()
    },
  },
} as const satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof behaviours

/** How the emulator tells the preload, which takes these away before the service's own code runs. */
export const preloadVariables = {
  behaviour: 'HELIX_PLAYGROUND_BEHAVIOUR',
  healthcheckPath: 'HELIX_PLAYGROUND_HEALTHCHECK_PATH',
  /** Milliseconds for which a bad version behaves well: after its health check, or after its start where none is to come. */
  goodForMs: 'HELIX_PLAYGROUND_GOOD_FOR_MS',
  /** `1` where Railway will ask its health check of this process. */
  isChecked: 'HELIX_PLAYGROUND_IS_CHECKED',
  /** `1` where the process was killed for good: this one ends before the service's own code runs. */
  isBroken: 'HELIX_PLAYGROUND_IS_BROKEN',
} as const

/** 4 seconds are reached after 80. */
const slowest = { ms: 4_000, share: 0.05 } as const
const leak = { bytes: 1_250_000, everyMs: 250, most: 240 } as const

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
