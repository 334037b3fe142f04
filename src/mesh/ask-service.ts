import type { z } from 'zod'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Peer } from '#src/kernel/peers.ts'
import type { Mesh, PeerRequest } from './mesh.ts'

export type AskService = <Answer>(request: Omit<PeerRequest, 'peer'>, answer: z.ZodType<Answer>) => Promise<Answer>

/** It is well, and says no to just this. */
const ITS_NO = [400, 403, 404, 409, 413, 422]

/**
 * Asks one service in the name of a member: what it says no to becomes a UserError with its own words, and so does a service that is not
 * there at all (`missing`: a sentence that says what to do). One that is away stays an UpstreamError.
 */
export function createAskService(mesh: Mesh, peer: Peer, missing: string): AskService {
  return async (request, answer) => {
    if (!mesh.url(peer)) throw new UserError(missing)
    try {
      return await mesh.call({ ...request, peer }, answer)
    } catch (error) {
      if (!(error instanceof UpstreamError) || !ITS_NO.includes(error.fault.status ?? 0)) throw error
      throw new UserError(`${/[.!?]$/.test(error.message) ? error.message : `${error.message}.`} Nothing was done.`)
    }
  }
}
