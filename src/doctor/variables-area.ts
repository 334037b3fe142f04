import { distance } from 'fastest-levenshtein'
import { andList } from '#src/kernel/say.ts'
import { type Area, type Finding, findingsOf } from './finding.ts'

export interface VariablesParts {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Every name that the bot reads. */
  readonly known: readonly string[]
  /** What `npm start` provides by itself here, where it is missing: nothing in production. */
  readonly provided: readonly string[]
  /** What its configuration says is missing or malformed, a sentence each beginning with the name; no values. */
  readonly check: () => readonly string[]
}

const { ok, warning, problem, unknown } = findingsOf('Variables')

const secrets = [
  'DISCORD_BOT_TOKEN',
  'HELIX_SECRET_KEY',
  'JWT_SECRET',
  'SERVICE_MESH_SECRET',
  'ZAPIER_SECRET',
  'RAILWAY_TOKEN',
  'RAILWAY_API_TOKEN',
] as const

/** What guides and examples write where a value belongs. */
const placeholder =
  /^(change[-_ ]?me|todo|fixme|placeholder|example|secret|password|token|none|null|undefined|x{3,}|\.{3}|…|<.*>|\[.*\])$|your[-_ ]|[-_ ]here$|\.\.\.$|…$/i
/** The same sign over and over, or keys in the order of the keyboard. */
const weak = /^(.)\1*$|^(0123456789|1234567890|abcdefgh|qwertyuiop)/i

/** What the process was started with: missing, malformed, suspicious. Values are looked at, and never shown. */
export function variablesArea({ environment, known, provided, check }: VariablesParts): Area {
  const given = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.trim() !== '' ? [[name, value] as const] : [],
  )
  const value = new Map(given)

  function malformed(): readonly Finding[] {
    return check().map((sentence) => {
      const name = /^[A-Z][A-Z0-9_]*/.exec(sentence)?.[0] ?? 'Configuration'
      const missing = / is missing/.test(sentence)
      if (missing && provided.includes(name))
        return unknown(name, `${name} is not set here; npm start provides it. In production it must be set.`)
      return problem(
        name,
        `${sentence}.`,
        `${missing ? 'Set' : 'Correct'} it in .env or in the service’s variables; npm run setup asks for those of Discord and Railway.`,
      )
    })
  }

  function suspicious(): readonly Finding[] {
    return given
      .filter(([name]) => known.includes(name) || secrets.some((secret) => secret === name))
      .flatMap(([name, text]) => {
        if (/^\s|\s$/.test(text))
          return [warning(name, 'It begins or ends with a blank or a line break, which becomes part of the value.', 'Take it away.')]
        if (/^(["']).*\1$/.test(text))
          return [warning(name, 'It stands in quotation marks, which are part of the value here.', 'Take them away.')]
        if (placeholder.test(text)) return [problem(name, 'Its value reads like the placeholder of an example.', 'Put the real value in.')]
        if (secrets.some((secret) => secret === name) && (weak.test(text) || new Set(text).size < 6)) {
          return [problem(name, 'Its value can be guessed.', 'Make a new one: openssl rand -hex 32.')]
        }
        return []
      })
  }

  function equal(): readonly Finding[] {
    const same = Map.groupBy(
      secrets.filter((name) => value.has(name)),
      (name) => value.get(name)!,
    )
    return [...same.values()]
      .filter((names) => names.length > 1)
      .map((names) =>
        problem(
          andList(names),
          'They have the same value: whoever gets one has the others.',
          'Give each a value of its own: openssl rand -hex 32.',
        ),
      )
  }

  function together(): readonly Finding[] {
    const found: Finding[] = []
    if (value.has('RAILWAY_TOKEN') && value.has('RAILWAY_API_TOKEN')) {
      found.push(
        warning(
          'RAILWAY_TOKEN',
          'Both Railway tokens are set; the project token is used, which reaches one environment.',
          'Keep the one you mean.',
        ),
      )
    }
    if (value.has('GOOGLE_CLOUD_KEY') && value.has('GOOGLE_APPLICATION_CREDENTIALS')) {
      found.push(
        warning('GOOGLE_CLOUD_KEY', 'Both Google credentials are set; the key itself is used, not the file.', 'Keep the one you mean.'),
      )
    }
    const application = tokenOwner(value.get('DISCORD_BOT_TOKEN'))
    const client = value.get('DISCORD_CLIENT_ID')
    if (application !== undefined && client !== undefined && application !== client) {
      found.push(
        warning(
          'DISCORD_CLIENT_ID',
          'The bot token seems to be another application’s than the one that DISCORD_CLIENT_ID names.',
          'Copy both from the same page of the Developer Portal (bots made before 2016 may ignore this).',
        ),
      )
    }
    if (value.get('NODE_ENV') === 'production') {
      const local = ['DATABASE_URL', 'REDIS_URL'].filter((name) => /^(localhost|127\.|\[?::1)/.test(hostOf(value.get(name))))
      if (local.length > 0) {
        found.push(
          warning(
            andList(local),
            'In production this leads to the machine that the process runs on.',
            `Set it to the address of the store, on Railway a reference such as \${{Postgres.DATABASE_URL}}.`,
          ),
        )
      }
    }
    return found
  }

  /** A name that is almost one that is read is a slip; Railway's own are not ours to judge. */
  function misspelt(): readonly Finding[] {
    const own = given
      .map(([name]) => name)
      .filter((name) => /^(HELIX|DISCORD|GOOGLE|ZAPIER|JWT|REDIS|DATABASE|SERVICE)_/.test(name) && !known.includes(name))
    return own.flatMap((name) => {
      const near = known.find((each) => !value.has(each) && distance(each, name) <= 2)
      return near ? [warning(name, 'Nothing reads a variable of this name.', `Is ${near} meant?`)] : []
    })
  }

  return {
    name: 'Variables',
    async examine() {
      const found = [...malformed(), ...suspicious(), ...equal(), ...together(), ...misspelt()]
      const set = known.filter((name) => value.has(name)).length
      if (found.length === 0) return [ok('All', `${set} are set; none is missing, malformed or suspicious.`)]
      return found
    },
  }
}

/** The first part of a bot token is the id of its user. https://discord.com/developers/docs/reference#authentication */
function tokenOwner(token: string | undefined): string | undefined {
  const [first = '', ...rest] = token?.split('.') ?? []
  const id = Buffer.from(first, 'base64url').toString('latin1')
  return rest.length === 2 && /^\d{17,20}$/.test(id) ? id : undefined
}

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : ''
}
