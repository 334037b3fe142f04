import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isAtLeast } from '#src/tokens/claimed-role.ts'
import { InvalidToken, type Principal, type Tokens } from '#src/tokens/tokens.ts'
import { Refusal } from './refusal.ts'

const refusals = new WeakMap<FastifyRequest, string>()
const BEARER = /^Bearer +([\w.~+/=-]+) *$/i

/** Reads who asks, on every route, and refuses nobody: the rate limit counts both kinds. */
export function identification(app: FastifyInstance, tokens: Tokens): void {
  app.decorateRequest('caller', undefined)
  app.decorateRequest('principal', {
    getter(): Principal {
      if (!this.caller) throw new Error('An open route used a principal that it need not have')
      return this.caller
    },
  })
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    if (authorization === undefined) return
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined) return void refusals.set(request, 'The header Authorization must read: Bearer <token>')
    try {
      request.caller = await tokens.verify(token)
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error
      refusals.set(request, error.message)
    }
  })
}

/** Every route asks for a token (401) and a role (403) unless its config says otherwise; see route-config.ts. */
export function authentication(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { open = false, role = 'viewer', agents = false } = request.routeOptions.config
    if (open || request.is404) return
    if (!request.caller) throw new Refusal(401, refusals.get(request) ?? 'Not authenticated', { 'www-authenticate': 'Bearer' })
    if (request.caller.agent !== undefined && !agents) throw new Refusal(403, 'This token is one agent’s own, good for its own work alone.')
    if (!isAtLeast(request.caller.role, role)) throw new Refusal(403, `This needs the role ${role}; the token says ${request.caller.role}.`)
  })
}
