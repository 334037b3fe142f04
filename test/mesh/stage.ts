import { expect } from 'vitest'
import { z } from 'zod'
import { meshVariables } from '#src/config/mesh-variables.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { createMesh, type MeshDeps } from '#src/mesh/create-mesh.ts'
import type { Mesh, PeerRequest } from '#src/mesh/mesh.ts'
import { createTokens } from '#src/tokens/create-tokens.ts'
import { noTracing } from '#src/tracing/tracing.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export const meshSecret = 'a secret of thirty-two characters'
export const ok = z.object({ ok: z.literal(true) })
export const get: PeerRequest = { peer: 'agent-orchestrator', method: 'GET', path: '/api/agents' }
export const post: PeerRequest = { peer: 'agent-orchestrator', method: 'POST', path: '/api/agents', body: { agent_id: 'a' } }

interface Given extends Pick<MeshDeps, 'limits'> {
  readonly clock?: Clock
  /** The secret of the mesh may be missing. */
  readonly secret?: string | undefined
}

/** The bot's mesh, with quick retries. */
export function meshAt(variables: Record<string, string>, given: Given = {}): Mesh {
  const { clock = systemClock(), limits = {} } = given
  const secret = 'secret' in given ? given.secret : meshSecret
  return createMesh({
    self: 'bot',
    config: z.object(meshVariables).parse(variables),
    tokens: createTokens({ meshSecret: secret, service: 'bot', defaultRole: 'viewer', serviceRole: 'admin', clock }),
    tracing: { ...noTracing, carry: () => ({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }) },
    clock,
    log: quietLog(),
    limits: { firstPauseMs: 1, ...limits },
  })
}

/** What a call that must fail threw. */
export async function failure(call: Promise<unknown>): Promise<UpstreamError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(UpstreamError)
  return error as UpstreamError
}

export const stateOf = (of: Mesh, name = 'agent-orchestrator') => of.states().find(({ peer }) => peer === name)!
