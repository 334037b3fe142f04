/** Something a service needs from outside: a store, a vendor. `/health` shows it, the stop closes it. */
export interface Component {
  /** A real round trip. Rejects where the thing cannot be used now; the reason goes to the log, never to `/health`. */
  check(): Promise<void>
  /** Figures beside its status, such as those of a pool. */
  figures?(): Readonly<Record<string, number>>
  /** Given once, after the last request was answered. */
  close(): Promise<void>
}

/** What is not checked: its variables are not given, which makes nothing degraded, or they are, and only its use will tell. */
export type Unchecked = 'unconfigured' | 'configured'

export type Components = Readonly<Record<string, Component | Unchecked>>

export type ComponentReading =
  | { readonly status: Unchecked }
  | {
      readonly status: 'up' | 'down'
      /** When somebody first found it in this status: nothing is checked while nobody looks. */
      readonly since: string
      readonly checkMs: number
      /** Only of one that is down: a plain word, no address and no text of a driver. */
      readonly reason?: 'no answer in time' | 'failed'
      readonly [figure: string]: number | string
    }
