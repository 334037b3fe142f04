import { nearest } from '#src/kernel/arguments/nearest.ts'
import { pairs } from '#src/kernel/arguments/values.ts'
import { orList } from '#src/kernel/say.ts'

/** What makes a text no steps; the message ends the sentence that begins with the text. */
export class NoSteps extends Error {}

const kinds = ['restart', 'redeploy', 'rollback', 'scale', 'run'] as const
const simple: ReadonlySet<string> = new Set(['restart', 'redeploy', 'rollback'])

/**
 * Steps as people write them, with commas between them: `restart x2, scale +2 max 6, run agents command agent=kael command=flush, rollback`.
 * Answers them as the schema of rules takes them; throws NoSteps with the exact fault.
 */
export function parseSteps(typed: string): readonly Readonly<Record<string, unknown>>[] {
  return parts(typed).map(parseStep)
}

/** At commas that stand in no quotes. */
function parts(typed: string): readonly string[] {
  const found = typed.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+|"/g) ?? []
  return found.map((each) => each.trim()).filter(Boolean)
}

function parseStep(typed: string): Readonly<Record<string, unknown>> {
  const [, text = typed, many] = /^(.*?)\s+[x×](\d{1,3})$/is.exec(typed) ?? []
  const attempts = many === undefined ? {} : { attempts: Number(many) }
  const [first = '', ...rest] = text.replace(/^roll\s+back\b/i, 'rollback').split(/\s+/)
  const kind = first.toLowerCase()
  if (simple.has(kind)) {
    if (rest.length > 0)
      throw new NoSteps(`“${typed}” has “${rest.join(' ')}” after ${kind}: only how often can follow, such as ${kind} x2`)
    return { do: kind, ...attempts }
  }
  if (kind === 'scale') return { ...parseScale(typed, rest.join(' ')), ...attempts }
  if (kind === 'run') return { ...parseRun(typed, rest.join(' ')), ...attempts }
  const near = nearest(kind, kinds, 1)
  throw new NoSteps(`“${typed}” is no step (${near.length > 0 ? `did you mean ${near[0]}?` : orList(kinds)})`)
}

function parseScale(typed: string, rest: string): Readonly<Record<string, unknown>> {
  const [, by, most] = /^(?:\+?(\d{1,2}))?\s*(?:(?:max|up to)\s+(\d{1,3}))?$/i.exec(rest) ?? [undefined, '', undefined]
  if (most === undefined) throw new NoSteps(`“${typed}” must say how many more and how many at most: scale +2 max 6`)
  return { do: 'scale', ...(by !== undefined && { by: Number(by) }), most: Number(most) }
}

function parseRun(typed: string, rest: string): Readonly<Record<string, unknown>> {
  const [, name = '', given = ''] = /^\/?([a-z][a-z0-9-]*(?:[ .][a-z][a-z0-9-]*)*)(?:\s+(?=[\w.-]+=)(.*))?$/is.exec(rest) ?? []
  if (name === '') throw new NoSteps(`“${typed}” must name a command with its options: run agents command agent=kael command=flush`)
  const read = pairs(given)
  if (!read) throw new NoSteps(`“${typed}” has options that cannot be read: they are written name=value name="two words"`)
  return { do: 'run', command: name.toLowerCase().replaceAll(' ', '.'), arguments: read }
}
