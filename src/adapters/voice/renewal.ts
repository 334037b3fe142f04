import type { Clock } from '#src/kernel/clock.ts'

export interface Renewal {
  /** A packet arrived that can be read. */
  readable(): void
  /** One that cannot: damaged, or still encrypted. */
  unreadable(): void
}

export interface RenewalDeps {
  readonly clock: Clock
  /** Begins anew with the voice server. */
  readonly renew: () => void
}

/** Three seconds of speech. The library begins its encryption anew after 36 failures; where that does not help, nothing else would. */
const MOST_UNREADABLE = 150
const NOT_AGAIN_MS = 60_000

/** Where nothing can be decrypted any more, a new session with the voice server, and with it a new group, is better than deafness. */
export function createRenewal({ clock, renew }: RenewalDeps): Renewal {
  let unreadable = 0
  let notBefore = 0
  return {
    readable() {
      unreadable = 0
    },
    unreadable() {
      const now = clock.now().getTime()
      if (++unreadable < MOST_UNREADABLE || now < notBefore) return
      unreadable = 0
      notBefore = now + NOT_AGAIN_MS
      renew()
    },
  }
}
