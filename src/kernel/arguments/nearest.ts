import { distance } from 'fastest-levenshtein'
import { orList } from '../say.ts'

/** The names that are most like what was typed, best first: those that contain it, then those a few letters away. */
export function nearest(typed: string, names: readonly string[], most = 3): readonly string[] {
  const wanted = plain(typed)
  return names
    .map((name) => ({ name, cost: cost(wanted, plain(name)) }))
    .filter(({ name, cost }) => cost <= Math.max(2, plain(name).length / 2))
    .sort((a, b) => a.cost - b.cost || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name)
}

/** The question whether a name like it was meant; where none is, what is said otherwise. */
export function didYouMean(typed: string, names: readonly string[], otherwise: string): string {
  const near = nearest(typed, names)
  return near.length > 0 ? `Did you mean ${orList(near)}?` : otherwise
}

/** Names in the order in which autocomplete offers them: beginning with what was typed, containing it, then the nearest. */
export function ranked(typed: string, names: readonly string[]): readonly string[] {
  const wanted = plain(typed)
  if (wanted === '') return names
  const starts = names.filter((name) => plain(name).startsWith(wanted))
  const contains = names.filter((name) => plain(name).includes(wanted) && !starts.includes(name))
  const rest = nearest(typed, names, 5).filter((name) => !starts.includes(name) && !contains.includes(name))
  return [...starts, ...contains, ...rest]
}

function cost(wanted: string, name: string): number {
  if (name === wanted) return 0
  return wanted !== '' && (name.includes(wanted) || wanted.includes(name)) ? 1 : distance(wanted, name)
}

/** Letters and digits alone: `Web Socket` is typed for `web-socket`. */
export function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
