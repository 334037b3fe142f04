import { z } from 'zod'

/** Operations of the voice gateway, version 8: https://docs.discord.com/developers/topics/opcodes-and-status-codes#voice */
export const op = {
  identify: 0,
  selectProtocol: 1,
  ready: 2,
  heartbeat: 3,
  sessionDescription: 4,
  speaking: 5,
  heartbeatAck: 6,
  resume: 7,
  hello: 8,
  resumed: 9,
  clientsConnect: 11,
  clientDisconnect: 13,
  davePrepareTransition: 21,
  daveExecuteTransition: 22,
  daveTransitionReady: 23,
  davePrepareEpoch: 24,
  daveExternalSender: 25,
  daveKeyPackage: 26,
  daveProposals: 27,
  daveCommitWelcome: 28,
  daveAnnounceCommit: 29,
  daveWelcome: 30,
  daveInvalidCommitWelcome: 31,
} as const

export const closeReasons = {
  4001: 'Unknown opcode',
  4002: 'Failed to decode payload',
  4003: 'Not authenticated',
  4004: 'Authentication failed',
  4005: 'Already authenticated',
  4006: 'Session no longer valid',
  4009: 'Session timeout',
  4011: 'Server not found',
  4012: 'Unknown protocol',
  4014: 'Disconnected',
  4015: 'Voice server crashed',
  4016: 'Unknown encryption mode',
  4017: 'E2EE/DAVE protocol required',
  4020: 'Bad request',
} as const

export type CloseCode = keyof typeof closeReasons

export const frame = z.object({ op: z.int(), d: z.unknown() })
export const identify = z.object({
  server_id: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  token: z.string(),
  max_dave_protocol_version: z.int().min(0).default(0),
})
export const resume = z.object({
  server_id: z.string(),
  session_id: z.string(),
  token: z.string(),
  seq_ack: z.int().default(-1),
})
export const selectProtocol = z.object({
  protocol: z.string(),
  data: z.object({ address: z.string(), port: z.int(), mode: z.string() }),
})
export const heartbeat = z.object({ t: z.number(), seq_ack: z.int().default(-1) })
export const speaking = z.object({ speaking: z.int(), delay: z.number().default(0), ssrc: z.int() })
export const transition = z.object({ transition_id: z.int() })

export type Identify = z.output<typeof identify>
export type Resume = z.output<typeof resume>
