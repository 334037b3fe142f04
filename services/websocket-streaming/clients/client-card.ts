import { z } from 'zod'
import { roles } from '#src/kernel/command.ts'

/** A connection, as admins see it. */
export const clientCard = z.object({
  /** Of this connection alone. */
  connection: z.string(),
  /** What the client calls itself, if it does. */
  client_id: z.string().nullable(),
  subject: z.string(),
  kind: z.enum(['user', 'service']),
  role: z.enum(roles),
  address: z.string(),
  /** The process that holds it. */
  replica: z.string(),
  connected_at: z.string(),
  expires_at: z.string().nullable(),
  admin: z.boolean(),
  channels: z.array(z.string()),
  agents: z.array(z.string()).nullable(),
  sent: z.number(),
  coalesced: z.number(),
  buffered_bytes: z.number(),
  slow: z.boolean(),
})
export type ClientCard = z.output<typeof clientCard>
