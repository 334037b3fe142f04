import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './finding.ts'

/** Services take each other's tokens with clocks that differ by half a minute, and no more. */
const mostMs = 30_000
const noticeMs = 5_000

/** Compares this machine's clock with another's. `asked`: in the middle of the round trip; `precisionMs`: of the other's answer. */
export function clockSkew(area: string, whose: string, there: Date, asked: Date, precisionMs: number): Finding {
  const { ok, warning, problem } = findingsOf(area)
  const name = `Clock (${whose})`
  const ms = Math.max(0, Math.abs(there.getTime() - asked.getTime()) - precisionMs)
  if (ms <= noticeMs) return ok(name, `It agrees with this machine’s, within ${sayDuration(Math.max(1_000, precisionMs))}.`)
  const side = there > asked ? 'behind' : 'ahead of'
  const means = `This machine’s clock is ${sayDuration(Math.round(ms / 1_000) * 1_000)} ${side} ${whose}’s: tokens, expiring buttons and ages are wrong by that.`
  const todo = 'Set the clock by NTP (timedatectl set-ntp true), or restart the container on another host.'
  return ms > mostMs ? problem(name, means, todo) : warning(name, means, todo)
}
