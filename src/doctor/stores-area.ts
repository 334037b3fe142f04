import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { andList } from '#src/kernel/say.ts'
import type { BackendUsers } from './backend-users.ts'
import { clockSkew } from './clock-skew.ts'
import { type Area, type Finding, findingsOf } from './finding.ts'

/** A store's own word. */
export interface StoreWord {
  /** `16.4`, `7.2.1`; undefined where it does not tell. */
  readonly version: string | undefined
  readonly now: Date
}

export interface StoresParts {
  /** Rejects where it cannot be reached. Undefined: its variable is missing. */
  readonly postgres: (() => Promise<StoreWord>) | undefined
  readonly redis: (() => Promise<StoreWord>) | undefined
  /** Migrations that were not run yet. */
  readonly pending: (() => Promise<readonly string[]>) | undefined
  readonly users: BackendUsers | undefined
  readonly clock: Clock
}

const { ok, warning, problem, unknown } = findingsOf('Stores')
const least = { PostgreSQL: 14, Redis: 7 } as const
const variable = { PostgreSQL: 'DATABASE_URL', Redis: 'REDIS_URL' } as const

/** PostgreSQL and Redis: reached, new enough, of one mind about the time, and in the shape that this version needs. */
export function storesArea({ postgres, redis, pending, users, clock }: StoresParts): Area {
  async function look(name: 'PostgreSQL' | 'Redis', ask: StoresParts['postgres']): Promise<readonly Finding[]> {
    if (!ask) return [unknown(name, `Not looked at: ${variable[name]} is not usable.`, `Set ${variable[name]}.`)]
    const started = clock.now()
    try {
      const { version, now } = await ask()
      const ended = clock.now()
      const ms = ended.getTime() - started.getTime()
      const skew = clockSkew('Stores', name, now, new Date(started.getTime() + ms / 2), ms / 2)
      return [versioned(name, version, ms), skew]
    } catch {
      // What the driver says holds addresses and user names; the log of the process that uses it has it.
      return [
        problem(
          name,
          'It cannot be reached, or refuses the credentials.',
          `Check that it runs and that ${variable[name]} is right: on Railway, a reference to its service.`,
        ),
      ]
    }
  }

  async function migrations(): Promise<readonly Finding[]> {
    if (!pending) return []
    try {
      const missing = await pending()
      if (missing.length === 0) return [ok('Migrations', 'The database is in the shape that this version needs.')]
      return [warning('Migrations', `Not run yet: ${andList(missing)}.`, 'Start the bot once: it runs them by itself, under a lock.')]
    } catch {
      return [unknown('Migrations', 'The database cannot be asked which migrations it has.')]
    }
  }

  async function backend(): Promise<readonly Finding[]> {
    if (!users) return []
    try {
      const table = await users.table()
      if (!table) return [ok('Table users', 'There is none; Helix does without it.')]
      if (!table.readable)
        return [
          warning(
            'Table users',
            'It is there, but may not be read.',
            'GRANT SELECT ON users to the database user of the bot, or leave it: it is never required.',
          ),
        ]
      if (!table.linkedBy)
        return [
          unknown('Table users', 'It is there, but no column of it holds Discord’s user ids: members are named as Discord names them.'),
        ]
      return [ok('Table users', `It is read: members are found by ${table.linkedBy}.`)]
    } catch {
      return [unknown('Table users', 'The database cannot be asked whether it is there.')]
    }
  }

  return {
    name: 'Stores',
    examine: async () => (await Promise.all([look('PostgreSQL', postgres), look('Redis', redis), migrations(), backend()])).flat(),
  }
}

function versioned(name: 'PostgreSQL' | 'Redis', version: string | undefined, ms: number): Finding {
  const answers = `It answers in ${sayDuration(Math.max(1, Math.round(ms)))}`
  if (version === undefined) return ok(name, `${answers}; it does not tell its version.`)
  if (Number.parseInt(version, 10) >= least[name]) return ok(name, `${answers}; version ${version}.`)
  return warning(name, `${answers}; version ${version}, and Helix is made for ${least[name]} or newer.`, `Update ${name}.`)
}
