import type { Capabilities } from '#src/capabilities.ts'
import type { Change } from '#src/operations/change.ts'
import type { Arguments, Values } from './argument.ts'
import type { Call, Door } from './call.ts'
import type { Report } from './report.ts'

export const everywhere = ['slash', 'button', 'voice', 'rest', 'mcp', 'automation'] as const satisfies readonly Door[]
export const peopleInDiscord = ['slash', 'button'] as const satisfies readonly Door[]
export const buttonOnly = ['button'] as const satisfies readonly Door[]

/** Least to most; each may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'deployer', 'admin'] as const
export type Role = (typeof roles)[number]

interface CommandBase<A extends Arguments> {
  /** At most 100 characters: Discord's limit for a command's description. */
  readonly describe: string
  /** The least role that may call it; the permission table can raise it per place. */
  readonly role: Role
  readonly doors: readonly Door[]
  /** How Discord is answered first: the one thing that cannot be changed later. `update` edits the message a button stands on. */
  readonly answer: 'public' | 'ephemeral' | 'modal' | 'update'
  readonly arguments: A
  /** How it is said: {argument}, [optional words], (either|or). Speech hints and the grammar come from here. */
  readonly says: readonly string[]
}

/** Answers by itself. */
export interface RunCommand<A extends Arguments = Arguments, Need extends keyof Capabilities = keyof Capabilities> extends CommandBase<A> {
  /** `read` answers at once; `change` may need a confirmation or an approval; `destructive` always does. */
  readonly risk: 'read' | 'change' | 'destructive'
  /** Of one that only looks: it answers (administrators, whose role needs no table) while the database is away; the log has it then, and no audit. */
  readonly withoutStore?: true
  readonly needs: readonly Need[]
  run(values: Values<A>, given: Pick<Capabilities, Need> & { readonly call: Call }): Promise<Report>
}

/** Says which change is wanted; the dispatcher plans it, confirms it and starts the operation. Gets `dry-run` by itself. */
export interface ChangeCommand<A extends Arguments = Arguments> extends CommandBase<A> {
  readonly risk: 'change' | 'destructive'
  change(values: Values<A>): Change
}

export type Command = RunCommand | ChangeCommand

/** Only infers: `run` sees the types of exactly the arguments and capabilities that the command names. */
export function defineCommand<const A extends Arguments, const Need extends keyof Capabilities>(
  command: RunCommand<A, Need>,
): RunCommand<A, Need>
export function defineCommand<const A extends Arguments>(command: ChangeCommand<A>): ChangeCommand<A>
export function defineCommand(command: object): object {
  return command
}
