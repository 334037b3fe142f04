import type { IncomingMessage, ServerResponse } from 'node:http'

/** How a version of a service behaves: what the playground's preload does to the service's process. */
export interface Behaviour {
  readonly describe: string
  /** Sees each HTTP request before the service does; true where it has answered. */
  request?(request: IncomingMessage, response: ServerResponse, healthcheckPath: string): boolean
}

/** A new kind of bad version is a row here and a commit in the seed. */
export const behaviours = {
  good: { describe: 'The service as it is.' },
  'fails-health-check': {
    describe: 'Answers 503 on its health check path; never goes live.',
    request(request, response, healthcheckPath) {
      const [path] = (request.url ?? '/').split('?')
      if (path !== healthcheckPath) return false
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"status":"unavailable"}')
      return true
    },
  },
} as const satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof behaviours

/** How the emulator tells the preload, which takes these away before the service's own code runs. */
export const preloadVariables = { behaviour: 'HELIX_PLAYGROUND_BEHAVIOUR', healthcheckPath: 'HELIX_PLAYGROUND_HEALTHCHECK_PATH' } as const
