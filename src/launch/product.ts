import type { Keeper } from './keeper.ts'
import type { Environment } from './stores.ts'

/** What a start is for: the bot at real vendors, or the playground with a bot in it. */
export interface Product {
  /** Its processes by name, those that exist so far. */
  keepers(): Readonly<Record<string, Keeper>>
  /**
   * Resolves with a sentence's end that says where to go next, when it can be used. `stores` gives the variables that name the
   * provided stores as soon as these answer.
   */
  start(stores: Promise<Environment>): Promise<string>
  /** Ends its processes in order. */
  stop(): Promise<void>
  /** Called when any process of the launcher began or ended. */
  onChange(processes: readonly ProcessEntry[]): void
}

export interface ProcessEntry {
  readonly name: string
  readonly pid: number
}
