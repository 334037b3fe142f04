import { z } from 'zod'
import { andList } from '#src/kernel/say.ts'

export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof days)[number]

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:00')
const replicas = z.int('must be a whole number from 1 to 50').min(1, 'must be at least 1').max(50, 'must be at most 50')

/** Other bounds at certain times of the week. */
export const schedule = z
  .strictObject({
    days: z.array(z.enum(days)).min(1),
    /** Where `until` is not later than `from`, it ends on the next day. */
    from: time,
    until: time,
    min: replicas.optional(),
    max: replicas.optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'must say min, max or both')
export type Schedule = z.output<typeof schedule>

const LINE =
  /^(?<days>[a-z,\s-]+?)\s+(?<from>\d{1,2}:\d{2})\s*(?:-|–|to)\s*(?<until>\d{1,2}:\d{2})(?<rest>(?:\s+(?:min|max)\s*[:=]?\s*\d{1,3}){1,2})$/
const FORM = 'must read like “mon-fri 08:00-20:00 min 3 max 8”, several with ; between them'

/** The first that fits counts. In words, or as data: `mon-fri 08:00-20:00 min 3 max 8; sat,sun 10:00-18:00 max 2`. */
export const schedules = z
  .custom<string | readonly unknown[]>((given) => (typeof given === 'string' ? given.length <= 1_000 : Array.isArray(given)), FORM)
  .transform((given, context) => (typeof given === 'string' ? read(given, context) : given))
  .pipe(z.array(schedule).max(20, 'must be at most 20'))

/** `mon-fri 08:00-20:00 min 3 max 8`. */
export function saySchedule({ days: of, from, until, min, max }: Schedule): string {
  const bounds = [min !== undefined && `min ${min}`, max !== undefined && `max ${max}`].filter((each) => each !== false)
  return `${sayDays(of)} ${from}-${until} ${bounds.join(' ')}`
}

function read(text: string, context: z.RefinementCtx): unknown[] {
  const lines = text
    .toLowerCase()
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.map((line, index) => {
    const found = readLine(line)
    if (typeof found !== 'string') return found
    context.addIssue({ code: 'custom', path: lines.length > 1 ? [index] : [], message: found })
    return z.NEVER
  })
}

/** What is wrong with it, where it cannot be read. */
function readLine(line: string): object | string {
  const parts = LINE.exec(line)?.groups
  if (!parts) return FORM
  const of = readDays(parts.days!)
  if (typeof of === 'string') return `must name days such as mon-fri or sat,sun: “${of}” is none`
  const bounds = [...parts.rest!.matchAll(/(min|max)\s*[:=]?\s*(\d+)/g)].map(([, word, many]) => [word!, Number(many)] as const)
  if (new Set(bounds.map(([word]) => word)).size < bounds.length) return `must say ${bounds[0]![0]} once`
  return { days: of, from: clock(parts.from!), until: clock(parts.until!), ...Object.fromEntries(bounds) }
}

function clock(text: string): string {
  // Midnight is where the next day begins.
  return text === '24:00' ? '00:00' : text.padStart(5, '0')
}

/** The word that names no day, where there is one. */
function readDays(text: string): readonly Day[] | string {
  if (['daily', 'every day', 'always'].includes(text)) return days
  const found = new Set<Day>()
  for (const part of text
    .replaceAll(/\s*-\s*/g, '-')
    .split(/[\s,]+/)
    .filter(Boolean)) {
    const [first, last = first] = part.split('-').map((word) => days.findIndex((day) => word.length >= 3 && fullName(day).startsWith(word)))
    if (first === undefined || first < 0 || last === undefined || last < 0 || part.split('-').length > 2) return part
    for (let step = 0; step <= (last - first + 7) % 7; step += 1) found.add(days[(first + step) % 7]!)
  }
  return [...found]
}

const fullNames: Readonly<Record<Day, string>> = {
  ...{ mon: 'monday', tue: 'tuesday', wed: 'wednesday', thu: 'thursday', fri: 'friday', sat: 'saturday', sun: 'sunday' },
}

function fullName(day: Day): string {
  return fullNames[day]
}

function sayDays(of: readonly Day[]): string {
  const sorted = days.filter((day) => of.includes(day))
  if (sorted.length === 7) return 'daily'
  const first = days.indexOf(sorted[0]!)
  const isRow = sorted.length > 2 && sorted.every((day, index) => days[first + index] === day)
  return isRow ? `${sorted[0]}-${sorted.at(-1)}` : sorted.join(',')
}

/** `mon-fri 08:00-20:00 min 3 max 8 and sat,sun 10:00-18:00 max 2`. */
export function saySchedules(all: readonly Schedule[]): string {
  return andList(all.map(saySchedule))
}
