import type { UpstreamFault } from '#src/kernel/errors.ts'

/** `gone`: this message will never be editable again. `skip`: Discord does not take this body. `later`: the same may work another time. */
export type Refusal = 'gone' | 'skip' | 'later'

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes */
export const codes = { unknownMessage: 10008, missingPermissions: 50013, archivedThread: 50083, oldEdits: 30046 } as const

/** Unknown channel, guild; no access; missing permission: nothing can be shown in that channel at all. */
const channelCodes = new Set([10003, 10004, 50001, 50013])
/** And: unknown message; not ours; archived thread; locked thread. */
const goneCodes = new Set([...channelCodes, 10008, 50005, 50083, 160005])

export function refusalOf({ outcome, status, code }: UpstreamFault): Refusal {
  if (code !== undefined && goneCodes.has(code)) return 'gone'
  const ours = status === 400 || status === 413
  return outcome === 'refused' && ours ? 'skip' : 'later'
}

export function isOfChannel({ code }: Pick<UpstreamFault, 'code'>): boolean {
  return code !== undefined && channelCodes.has(code)
}

/** How long to wait after so many failures in a row, in ms: doubling from 1 s to 1 min, or as long as Discord says. */
export function waitMs(failures: number, retryAfterMs = 0): number {
  return Math.max(Math.min(1_000 * 2 ** (failures - 1), 60_000), retryAfterMs)
}
