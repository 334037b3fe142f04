import type { Capabilities } from '#src/capabilities.ts'
import type { Plan } from '#src/operations/operations.ts'
import type { Values } from './argument.ts'
import type { Call, Standing } from './call.ts'
import type { ChangeCommand, Command, RunCommand } from './command.ts'
import type { CommandBook } from './command-book.ts'
import type { Directory } from './directory.ts'
import { dryRun, dryRunName } from './dry-run.ts'
import { Held, UserError } from './errors.ts'
import type { Fact, Report } from './report.ts'

/** What is known before a name is looked up: a stranger learns nothing, not even that a service exists. */
export interface Entry {
  readonly call: Call
  readonly command: Command
  readonly standing: Standing | undefined
}

/** A change that was worked out and waits for its conditions. */
export interface Intent extends Entry {
  readonly plan: Plan
}

/** One condition on the way of a call: goes on, or answers in the command's place (seen before, refused, waiting for a yes). */
export type Guard<Step> = (step: Step, goOn: () => Promise<Report>) => Promise<Report>

/**
 * A condition of the world that a change needs, looked at before anybody is asked anything: what it went by is shown with the plan, in the
 * confirmation and in a dry run alike. Undefined: it has nothing to say of this change.
 */
export type Gate = (step: Intent) => Promise<GateWord | undefined>

export interface GateWord {
  readonly facts: readonly Fact[]
  /** Set where it is shut. */
  readonly refusal?: UserError
}

export interface Path {
  readonly book: CommandBook
  readonly capabilities: Capabilities
  readonly directory: Directory
  /** report every failure → claim → audit → permission */
  readonly entry: readonly Guard<Entry>[]
  /** Between the names and whatever needs somebody's yes. */
  readonly gates?: readonly Gate[]
  /** confirm → approve */
  readonly action: readonly Guard<Intent>[]
}

/** `standing`: what the calling member may claim at this moment; undefined for callers that are no members. */
export type Dispatch = (call: Call, standing?: Standing) => Promise<Report>

/** The one path. Doors call this and render what comes back; there is no other way to run a command. */
export function createDispatch({ book, capabilities, directory, entry, gates = [], action }: Path): Dispatch {
  async function act(step: Entry): Promise<Report> {
    const { call, values } = await read(step, { book, directory })
    try {
      return await done(step, call, values)
    } catch (error) {
      if (!(error instanceof Held)) throw error
      throw new Held(error.message, [...error.actions, { label: 'Try again', command: call.command, arguments: call.raw }])
    }
  }

  async function done(step: Entry, call: Call, values: Values<Command['arguments']>): Promise<Report> {
    const { command } = step
    if (isRun(command)) return command.run(values, { ...pick(capabilities, command.needs), call } as Capabilities & { call: Call })
    const worked = await capabilities.operations.plan(command.change(values), call.place)
    const words = await Promise.all(gates.map((gate) => gate({ ...step, call, plan: worked })))
    const plan = { ...worked, facts: [...worked.facts, ...words.flatMap((word) => word?.facts ?? [])] }
    const refusal = words.find((word) => word?.refusal)?.refusal
    if (await dryRun.read(call.raw[dryRunName], { command: call.command, place: call.place, directory, raw: call.raw }))
      return wouldDo(plan, refusal)
    if (refusal) throw refusal
    return through(action, { ...step, call, plan }, () => capabilities.operations.start(plan, call))
  }
  return async (call, standing) => {
    const command = book.get(call.command)
    if (!command?.doors.includes(call.door)) throw new Error(`no command ${call.command} at the door ${call.door}`)
    const step = { call, command, standing }
    return through(entry, step, () => act(step))
  }
}

export function isRun(command: Command): command is RunCommand {
  return 'run' in command
}

export function isChange(command: Command): command is ChangeCommand {
  return 'change' in command
}

function through<Step>(guards: readonly Guard<Step>[], step: Step, last: () => Promise<Report>): Promise<Report> {
  return guards.reduceRight<() => Promise<Report>>((goOn, guard) => () => guard(step, goOn), last)()
}

/** Reads the environment first, as every other argument is a name in it. */
async function read(
  { call, command }: Entry,
  known: Pick<Path, 'book' | 'directory'>,
): Promise<{ call: Call; values: Values<Command['arguments']> }> {
  const names = Object.keys(command.arguments)
  const stray = Object.keys(call.raw).find((name) => !names.includes(name) && !(name === dryRunName && isChange(command)))
  if (stray !== undefined) throw new UserError(`/${call.command.replaceAll('.', ' ')} has no option “${stray}”, so nothing was done.`)
  const values: Record<string, unknown> = {}
  let { place } = call
  const readOne = async (name: string) => {
    const argument = command.arguments[name]!
    const raw = call.raw[name]
    if (argument.required && (raw === undefined || raw === null || raw === '')) {
      throw new UserError(`“${name}” is missing (${argument.describe}), so nothing was done.`)
    }
    values[name] = await argument.read(raw, { ...known, command: call.command, place, raw: call.raw })
  }
  for (const name of names.filter((each) => command.arguments[each]!.narrows === 'environment')) {
    await readOne(name)
    const chosen = values[name] as { readonly id: string } | undefined
    if (chosen) place = { ...place, environment: chosen.id }
  }
  for (const name of names.filter((each) => !command.arguments[each]!.narrows)) await readOne(name)
  return { call: { ...call, place }, values }
}

function wouldDo({ sentence, facts }: Plan, refusal: UserError | undefined): Report {
  return {
    title: 'Dry run',
    tone: refusal ? 'warning' : 'neutral',
    sentence: `Nothing was changed. ${refusal ? `This would be refused at this moment: ${sentence} ${refusal.message}` : `This is what would happen: ${sentence}`}`,
    facts,
    ...(refusal && { actions: refusal.actions }),
  }
}

function pick(from: Capabilities, names: readonly (keyof Capabilities)[]): Partial<Capabilities> {
  return Object.fromEntries(names.map((name) => [name, from[name]]))
}
