import { createContext } from 'preact'
import type { Draft } from '#playground/page/commands/values.ts'

export interface Named {
  readonly id: string
  readonly name: string
}

/** What messages refer to by id, and where a command named in one leads. */
export interface GuildContext {
  readonly users: readonly Named[]
  readonly roles: readonly Named[]
  readonly channels: readonly (Named & { readonly type: number })[]
  openChannel(id: string): void
  /** Puts a command into the composer, ready to be completed. */
  openCommand(name: string, draft?: Draft): void
}

export const Guild = createContext<GuildContext>({ users: [], roles: [], channels: [], openChannel() {}, openCommand() {} })

export function nameOf(list: readonly Named[], id: string): string | undefined {
  return list.find((one) => one.id === id)?.name
}
