/** What can be named at the moment, by the names under which it is called. */
export interface Vocabulary {
  readonly services: readonly string[]
  readonly environments: readonly string[]
  readonly agents: readonly string[]
}

/** What the live names are of; `command` is those of the grammar itself. */
export type Kind = 'service' | 'environment' | 'agent' | 'command'
