import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'
import { ranked } from './nearest.ts'

const SHA = /^[0-9a-f]{7,40}$/i

/** A commit: one that was deployed somewhere in the project (offered as suggestions), or any other by its SHA. */
export function commit(describe: string): Argument<string> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    required: true,
    async read(raw, { place, directory, raw: given }) {
      const typed = asText(raw).trim()
      if (!SHA.test(typed)) throw new UserError(`“${typed}” is not a commit: 7 to 40 hexadecimal digits. Nothing was done.`)
      if (typed.length === 40) return typed.toLowerCase()
      const service = (await directory.services(place)).find(({ name, id }) => name === given.service || id === given.service)
      const known = service ? await directory.commits(place, service) : []
      const full = known.filter(({ sha }) => sha.startsWith(typed.toLowerCase()))
      if (full.length === 1) return full[0]!.sha
      throw new UserError(`The commit ${typed} is not known here, so nothing was done. Give all 40 digits of its SHA.`)
    },
    async suggest(typed, { place, directory, raw }) {
      const service = (await directory.services(place)).find(({ name, id }) => name === raw.service || id === raw.service)
      if (!service) return []
      const commits = await directory.commits(place, service)
      const byLabel = new Map(commits.map(({ sha, message, environment }) => [label(sha, message, environment), sha]))
      return ranked(typed, [...byLabel.keys()]).map((name) => ({ name, value: byLabel.get(name)! }))
    },
  }
}

function label(sha: string, message: string | undefined, environment: string): string {
  return [sha.slice(0, 7), message?.split('\n')[0], `seen in ${environment}`].filter(Boolean).join(' · ').slice(0, 100)
}
