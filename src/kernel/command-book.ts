import type { Command } from './command.ts'

/** Every command, by its leaf name (`scale`, `env.set`), in alphabetical order. */
export type CommandBook = ReadonlyMap<string, Command>
