import type { MeshConfig } from '#src/config/mesh-variables.ts'
import { type Peer, peerVariable } from '#src/kernel/peers.ts'
import type { PeerState } from './mesh.ts'

/** Where a peer is, and how that was found. */
export interface PeerAddress {
  readonly url: string
  readonly from: NonNullable<PeerState['from']>
}

/** Fixed in `.railway/railway.ts`, so that services find each other without asking. */
const PRIVATE_PORT = 8080

/**
 * By its variable, else by its private name where this process runs on Railway: services there are called as their folders are.
 * https://docs.railway.com/networking/private-networking
 */
export function addressOf(peer: Peer, config: MeshConfig): PeerAddress | undefined {
  const given = config[peerVariable[peer]]
  if (given !== undefined) return { url: given, from: 'variable' }
  if (config.RAILWAY_PRIVATE_DOMAIN === undefined) return undefined
  return { url: `http://${peer}.railway.internal:${PRIVATE_PORT}`, from: 'private network' }
}
