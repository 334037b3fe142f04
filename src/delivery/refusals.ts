import type { UpstreamFault } from '#src/kernel/errors.ts'

/** `gone`: this message will never be editable again. `skip`: Discord does not take this body. `later`: the same may work another time. */
export type Refusal = 'gone' | 'skip' | 'later'

/** Unknown channel, guild, message; no access; not ours; missing permission; archived thread. https://discord.com/developers/docs/topics/opcodes-and-status-codes */
const goneCodes = new Set([10003, 10004, 10008, 50001, 50005, 50013, 50083])

export function refusalOf({ outcome, status, code }: UpstreamFault): Refusal {
  if (code !== undefined && goneCodes.has(code)) return 'gone'
  const ours = status === 400 || status === 413
  return outcome === 'refused' && ours ? 'skip' : 'later'
}

/** How long to wait after so many failures in a row, in ms: doubling from 1 s to 1 min, or as long as Discord says. */
export function waitMs(failures: number, retryAfterMs = 0): number {
  return Math.max(Math.min(1_000 * 2 ** (failures - 1), 60_000), retryAfterMs)
}
