import { stripVTControlCharacters } from 'node:util'
import { unlinked } from '#src/kernel/unlinked.ts'
import { redact } from '#src/logs/redact.ts'

/** Control characters, ends of lines, marks that turn the direction of writing, and others that are not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu
/** So much of a text is looked at: secrets have to be known for what they are before anything is cut. */
const LOOKED_AT = 2_000
const LONGEST = 60

/** A value of a message as a cell: one line, secrets masked, nothing unseen. What it is made of is not shown of a list or an object. */
export function cell(value: unknown, most = LONGEST): string {
  switch (typeof value) {
    case 'string':
      return clean(value, most)
    case 'number':
      return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
    case 'boolean':
      return value ? 'yes' : 'no'
    default:
      if (value === null || value === undefined) return '–'
      return Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`
  }
}

/** Names with their values, as many as there is room for; a name that says that it is secret has its value masked. */
export function fields(pairs: Iterable<readonly [string, unknown]>, most = LONGEST): string {
  let text = ''
  for (const [name, value] of pairs) {
    text += `${text === '' ? '' : ', '}${name.slice(0, LOOKED_AT)}: ${typeof value === 'string' ? value.slice(0, LOOKED_AT) : cell(value)}`
    if (text.length > LOOKED_AT) break
  }
  return clean(text, most)
}

/** `it is down: It crashed` ends with a full stop, and with one only. */
export function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}

function clean(text: string, most: number): string {
  const plain = stripVTControlCharacters(text.slice(0, LOOKED_AT).toWellFormed()).replaceAll(unseen, ' ')
  const line = redact(plain).replaceAll(/\s+/g, ' ').trim()
  return unlinked(line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line)
}
