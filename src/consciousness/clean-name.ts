const unseen = /[\p{Cc}\p{Cf}]/gu

/** A name that somebody else chose, as it can be kept and shown: one line of at most `max` UTF-16 units, nothing unseen, no broken characters. */
export function cleanName(name: string, max: number): string {
  return name.slice(0, max).toWellFormed().replaceAll(unseen, '').trim()
}
