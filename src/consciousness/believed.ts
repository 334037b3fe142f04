/** How far a source's clock may be ahead of, or behind, the arrival of what it says, in ms: the network and a queue take some time. */
const believable = { aheadMs: 60_000, behindMs: 600_000 } as const

export interface Moment {
  readonly at: Date
  /** Set where what the source says is not believed: by how many ms it is ahead of (or, less than 0, behind) the arrival. */
  readonly clockOffMs: number | undefined
}

/** When a message is of: as its source says it, where that can be; else its arrival. Never later than it arrived. */
export function believed(timestamp: unknown, arrived: Date): Moment {
  const said = timeOf(timestamp)
  if (said === undefined) return { at: arrived, clockOffMs: undefined }
  const offMs = said - arrived.getTime()
  if (offMs > believable.aheadMs || offMs < -believable.behindMs) return { at: arrived, clockOffMs: offMs }
  return { at: new Date(Math.min(said, arrived.getTime())), clockOffMs: undefined }
}

const LATEST_SECONDS = 1e11
const LATEST_MS = 8.64e15
/** Python's `utcnow().isoformat()` and its like: a time of UTC that does not say so. */
const withoutZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/

/** ISO 8601 (without a zone: UTC), seconds or milliseconds since 1970, as a number or a text; undefined for anything else. */
function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp === 'string' && timestamp.length <= 64) {
    const text = timestamp.trim()
    if (/^\d{1,16}(\.\d+)?$/.test(text)) return timeOf(Number(text))
    return valid(Date.parse(withoutZone.test(text) ? `${text.replace(',', '.')}Z` : text))
  }
  if (typeof timestamp !== 'number' || timestamp <= 0) return undefined
  return valid(timestamp < LATEST_SECONDS ? timestamp * 1_000 : timestamp)
}

function valid(ms: number): number | undefined {
  return Number.isFinite(ms) && Math.abs(ms) <= LATEST_MS ? ms : undefined
}
