import type { Clock } from '#src/kernel/clock.ts'

/** Discord's epoch, the first millisecond of 2015: https://docs.discord.com/developers/reference#snowflakes */
const epoch = 1_420_070_400_000n
/** Ids have at least 17 digits, as discord.js's routes expect; a clock before this moment would make shorter ones. */
const earliest = epoch + 31_536_000_000n

export interface Snowflakes {
  /** A new id, higher than all before it. */
  next(): string
  /** The highest so far, to go on from after a restart. */
  last(): string
}

export function createSnowflakes(clock: Clock, last = '0'): Snowflakes {
  let highest = BigInt(last)
  return {
    next: () => {
      const now = BigInt(clock.now().getTime())
      const fresh = ((now > earliest ? now : earliest) - epoch) << 22n
      highest = fresh > highest ? fresh : highest + 1n
      return highest.toString()
    },
    last: () => highest.toString(),
  }
}

/** Milliseconds since 1970 at which the id was made. */
export function bornAt(id: string): number {
  return Number((BigInt(id) >> 22n) + epoch)
}
