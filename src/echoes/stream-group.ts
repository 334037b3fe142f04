import type { Redis } from 'ioredis'
import { LEAP } from '#src/streams/stream-entry.ts'
import { streamKeys } from '#src/streams/stream-keys.ts'

/** The consumer group of all Helix processes on every stream. */
export const groupName = 'helix-echoes'

/** Who reads: who begins last shuts out those before, whatever they still have on the way. */
export interface Reader {
  readonly channel: string
  /** How often the stream was taken over. */
  readonly fence: number
  /** The name of this process among the group's consumers. */
  readonly consumer: string
}

/** Where a stream stands. */
export interface Standing {
  /** How many entries it has had, ever: Redis' own count. Trimming does not lower it. */
  readonly added: number
  readonly newest: string
}

/** Some entries, in their order. */
export interface Batch extends Standing {
  /** Their messages as one JSON array, as long as each of them is JSON. */
  readonly json: string
  /** Entries that were delivered, and how many of them hold no message. */
  readonly delivered: number
  readonly odd: number
  readonly first: string
  readonly last: string
  /** Of the last message; undefined before the first. */
  readonly number: number | undefined
  /** How often the numbers leapt: foreign messages were lost, and nobody knows how many. */
  readonly leaps: number
}

/** Another process reads this stream by now. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
}

const FENCE = `
local held, own, group = redis.call('GET', KEYS[2]), ARGV[1], ARGV[2]
if held and held ~= own then return redis.error_reply('FENCED another process reads this stream') end
`

const STANDING = `
local function field(list, name)
  for at = 1, #list, 2 do if list[at] == name then return list[at + 1] end end
end
local function standing()
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  return field(info, 'entries-added'), field(info, 'last-generated-id')
end
`

/**
 * Whether the group is as it was left. Where nothing is known of it, it begins with what comes now; where Redis lost it with everything else,
 * with all that Redis has since.
 */
const BEGIN = `
if ARGV[4] == '1' then redis.call('DEL', KEYS[2]) end
${FENCE}${STANDING}
redis.call('SET', KEYS[2], own)
local isFresh, known = ARGV[3] == '1', false
if redis.call('EXISTS', KEYS[1]) == 1 then
  for _, each in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do known = known or field(each, 'name') == group end
end
if known and isFresh then
  redis.call('XGROUP', 'DESTROY', KEYS[1], group)
  known = false
end
if not known then redis.call('XGROUP', 'CREATE', KEYS[1], group, isFresh and '$' or '0', 'MKSTREAM') end
local added, newest = standing()
return { known and 1 or 0, added, newest }`

/** Entries of ours are of the form json, n, further fields. */
const PACK = `
local function pack(rows, number)
  local texts, odd, leaps, delivered = {}, 0, 0, 0
  for _, row in ipairs(rows) do
    local fields = row and row[2]
    local n = fields and fields[1] == 'json' and fields[3] == 'n' and tonumber(fields[4])
    if row then delivered = delivered + 1 end
    if n then
      texts[#texts + 1] = fields[2]
      if number and n - number > ${LEAP} then leaps = leaps + 1 end
      number = n
    elseif row then
      odd = odd + 1
    end
  end
  local first, last = rows[1], rows[#rows]
  local added, newest = standing()
  return { '[' .. table.concat(texts, ',') .. ']', delivered, odd, first and first[1] or '', last and last[1] or '',
    number and string.format('%.0f', number) or '', leaps, added, newest }
end
`

const READ = `${FENCE}${STANDING}${PACK}
local answer = redis.call('XREADGROUP', 'GROUP', group, ARGV[3], 'COUNT', ARGV[4], 'STREAMS', KEYS[1], '>')
return pack(answer and answer[1][2] or {}, tonumber(ARGV[5]))`

/** What other consumers, or this one, read and did not acknowledge. Those that were trimmed meanwhile Redis takes out of the list by itself. */
const CLAIM = `${FENCE}${STANDING}${PACK}
local answer = redis.call('XAUTOCLAIM', KEYS[1], group, ARGV[3], 0, ARGV[6], 'COUNT', ARGV[4])
return { answer[1], pack(answer[2], tonumber(ARGV[5])) }`

const ALONE = `${FENCE}
for _, each in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], group)) do
  local name, pending
  for at = 1, #each, 2 do
    if each[at] == 'name' then name = each[at + 1] elseif each[at] == 'pending' then pending = each[at + 1] end
  end
  if name ~= ARGV[3] and pending == 0 then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], group, name) end
end`

/** Whoever read them. Answers whether there may be more. */
const ACKNOWLEDGE = `${FENCE}
local rows, ids = redis.call('XPENDING', KEYS[1], group, '-', ARGV[3], ARGV[4]), {}
for at, row in ipairs(rows) do ids[at] = row[1] end
if #ids > 0 then redis.call('XACK', KEYS[1], group, unpack(ids)) end
return #ids == tonumber(ARGV[4]) and 1 or 0`

const END = `${FENCE}
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('XGROUP', 'DESTROY', KEYS[1], group) end
return redis.call('DEL', KEYS[2])`

/** Entries that are acknowledged in one step of Redis. */
const ACKNOWLEDGED_AT_ONCE = 1_000

type Packed = readonly [
  json: string,
  delivered: number,
  odd: number,
  first: string,
  last: string,
  number: string,
  leaps: number,
  added: number,
  newest: string,
]

/** The consumer group of one stream. Every call rejects with Fenced where another process has taken the stream over, or where Redis is away. */
export function createStreamGroup(redis: Redis, { channel, fence, consumer }: Reader) {
  let isFirst = true

  async function run(script: string, ...values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.eval(
        script,
        2,
        streamKeys.entries(channel),
        streamKeys.reader(channel),
        `${consumer} ${fence}`,
        groupName,
        ...values,
      )
    } catch (cause) {
      if (cause instanceof Error && cause.message.startsWith('FENCED')) throw new Fenced(cause.message, { cause })
      throw cause
    }
  }

  return {
    /** `known`: the group is as it was left. */
    async begin(isFresh: boolean): Promise<Standing & { readonly known: boolean }> {
      const [known, added, newest] = (await run(BEGIN, isFresh ? '1' : '0', isFirst ? '1' : '0')) as [number, number, string]
      isFirst = false
      return { known: known === 1, added, newest }
    },
    /** What nobody has read yet. */
    async read(most: number, number: number | undefined): Promise<Batch> {
      return unpacked((await run(READ, consumer, most, number ?? '')) as Packed)
    },
    /** What was read and not acknowledged, from an id on; `next`: where to go on, undefined at the end. */
    async claim(most: number, number: number | undefined, from: string): Promise<Batch & { readonly next: string | undefined }> {
      const [next, packed] = (await run(CLAIM, consumer, most, number ?? '', from)) as [string, Packed]
      return { ...unpacked(packed), next: next === '0-0' ? undefined : next }
    },
    /** Takes consumers off the list that are gone and have nothing left. */
    alone: () => run(ALONE, consumer),
    /** All that was read, up to an id. */
    async acknowledge(upTo: string): Promise<void> {
      while ((await run(ACKNOWLEDGE, upTo, ACKNOWLEDGED_AT_ONCE)) === 1);
    },
    /** Messages of a batch one by one: for one that is no JSON as a whole. */
    texts: async (first: string, last: string): Promise<readonly string[]> => {
      const rows = await redis.xrange(streamKeys.entries(channel), first, last)
      return rows.flatMap(([, fields]) => (fields[0] === 'json' && fields[1] !== undefined ? [fields[1]] : []))
    },
    /** Nobody echoes this stream any more. */
    end: () => run(END),
  }
}

export type StreamGroup = ReturnType<typeof createStreamGroup>

function unpacked([json, delivered, odd, first, last, number, leaps, added, newest]: Packed): Batch {
  return { json, delivered, odd, first, last, number: number === '' ? undefined : Number(number), leaps, added, newest }
}
