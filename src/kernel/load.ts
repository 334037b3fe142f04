import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Arguments } from './argument.ts'
import { doors } from './call.ts'
import { type Command, roles } from './command.ts'
import type { CommandBook } from './command-book.ts'
import type { Event } from './event.ts'
import { parseSaying } from './saying.ts'

const NAME = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){0,2}$/

/**
 * Every command of a folder: one file is one command, and its path is its name (`env/set.ts` is `env.set`). Throws an Error that
 * names the file where one is not a command: a wrong shape stops the start.
 */
export async function loadCommands(folder: URL): Promise<CommandBook> {
  const commands = await loadFolder(folder, (name, exported) => [name, checkCommand(name, exported)] as const)
  return new Map(commands)
}

/** Every event of a folder, by its file's name. As strict as `loadCommands`. */
export async function loadEvents(folder: URL): Promise<readonly Event[]> {
  return loadFolder(folder, checkEvent)
}

async function loadFolder<Loaded>(folder: URL, check: (name: string, exported: unknown) => Loaded): Promise<readonly Loaded[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(folder).length).replace(/^\/+/, ''))
    .sort()
  return Promise.all(
    files.map(async (file) => {
      const name = file.replace(/\.ts$/, '').replaceAll('/', '.')
      if (!file.endsWith('.ts') || !NAME.test(name)) throw new Error(`${file}: only files named like this-one.ts belong here`)
      const module: { readonly default?: unknown } = await import(new URL(file, folder).href)
      return check(name, module.default)
    }),
  )
}

function checkCommand(name: string, exported: unknown): Command {
  const command = exported as Partial<Record<keyof Command | 'run' | 'change' | 'needs', unknown>> | undefined
  const fault = (what: string) => new Error(`commands/${name.replaceAll('.', '/')}.ts: ${what}`)
  if (typeof command !== 'object' || command === null) throw fault('must export default defineCommand({…})')
  const { describe, role, risk, doors: at, answer, says } = command
  if (typeof describe !== 'string' || describe.length < 1 || describe.length > 100) throw fault('describe must have 1 to 100 characters')
  if (!roles.some((each) => each === role)) throw fault(`role must be one of ${roles.join(', ')}`)
  if (!['read', 'change', 'destructive'].includes(String(risk))) throw fault('risk must be read, change or destructive')
  if (!Array.isArray(at) || at.length === 0 || at.some((door) => !doors.includes(door)))
    throw fault(`doors must name some of ${doors.join(', ')}`)
  if (!['public', 'ephemeral', 'modal', 'update'].includes(String(answer))) throw fault('answer must be public, ephemeral, modal or update')
  if (!Array.isArray(says) || says.some((each) => typeof each !== 'string')) throw fault('says must be a list of sentences')
  if (typeof command.arguments !== 'object' || command.arguments === null) throw fault('arguments must be an object')
  for (const [argument, definition] of Object.entries(command.arguments as Record<string, { read?: unknown; shape?: unknown }>)) {
    if (typeof definition?.read !== 'function' || typeof definition.shape !== 'object')
      throw fault(`argument ${argument} is not an argument`)
  }
  if (at.includes('voice') && says.length === 0) throw fault('has the door voice, so says must name a way to say it')
  for (const template of says as readonly string[]) {
    try {
      parseSaying(template, command.arguments as Arguments)
    } catch (error) {
      throw fault((error as Error).message)
    }
  }
  const acts = [command.run, command.change].filter((each) => typeof each === 'function')
  if (acts.length !== 1) throw fault('must have either run or change')
  if (typeof command.run === 'function' && !Array.isArray(command.needs)) throw fault('needs must be a list of capabilities')
  if (typeof command.change === 'function' && risk === 'read') throw fault('a command with change cannot have risk read')
  return exported as Command
}

function checkEvent(name: string, exported: unknown): Event {
  const event = exported as Partial<Record<keyof Event, unknown>> | undefined
  const fault = (what: string) => new Error(`events/${name.replaceAll('.', '/')}.ts: ${what}`)
  if (typeof event !== 'object' || event === null) throw fault('must export default defineEvent({…})')
  if (typeof event.on !== 'string' || event.on === '') throw fault('on must name what happens')
  const schema = event.schema as { safeParse?: unknown } | undefined
  if (typeof schema?.safeParse !== 'function') throw fault('schema must be a zod schema')
  if (!Array.isArray(event.needs)) throw fault('needs must be a list of capabilities')
  if (typeof event.run !== 'function' || typeof event.onGaveUp !== 'function') throw fault('run and onGaveUp must be functions')
  if (event.when !== undefined && typeof event.when !== 'function') throw fault('when must be a function')
  return exported as Event
}
