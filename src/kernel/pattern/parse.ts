/** A regular expression, read. Characters are UTF-16 code units, as JavaScript's without its flag u. */
export type Node =
  | { readonly kind: 'one'; readonly has: Has }
  | { readonly kind: 'where'; readonly is: Where }
  | { readonly kind: 'all'; readonly parts: readonly Node[] }
  | { readonly kind: 'either'; readonly sides: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }

export type Has = (code: number) => boolean
/** Of a place in a text: before which character it is. */
export type Where = (text: string, at: number) => boolean

/** Why a text is no pattern, or none that is read here; goes on from `it`. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault'
}

const quantifier = /\{(\d{1,3})(?:(,)(\d{0,3}))?\}/y
const written: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 }

/** Reads a regular expression. Throws PatternFault, also for what no reader in linear time can do: to look ahead or behind, to refer back. */
export function parsePattern(source: string, ignoreCase: boolean): Node {
  let at = 0
  const node = either()
  if (at < source.length) throw new PatternFault('has a “)” too many')
  return node

  function either(): Node {
    const sides = [all()]
    while (source[at] === '|') {
      at++
      sides.push(all())
    }
    return sides.length === 1 ? sides[0]! : { kind: 'either', sides }
  }

  function all(): Node {
    const parts: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()))
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts }
  }

  function repeated(of: Node): Node {
    const [least, most] = times() ?? []
    if (least === undefined || most === undefined) return of
    if (of.kind === 'where') throw new PatternFault('repeats what has no length')
    if (most < least) throw new PatternFault('has a repetition whose numbers are the wrong way round')
    // Whether it takes few or many first makes no difference to whether it is there.
    if (source[at] === '?') at++
    if (times()) throw new PatternFault('repeats a repetition')
    return { kind: 'repeat', of, least, most }
  }

  function times(): readonly [least: number, most: number] | undefined {
    const sign = source[at]
    const found = sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : sign === '?' ? [0, 1] : undefined
    if (found) at++
    if (found || sign !== '{') return found as [number, number] | undefined
    quantifier.lastIndex = at
    const [all, least, comma, most] = quantifier.exec(source) ?? []
    // A brace that counts nothing is a brace.
    if (all === undefined) return undefined
    at += all.length
    return [Number(least), comma === undefined ? Number(least) : most ? Number(most) : Infinity]
  }

  function atom(): Node {
    const sign = source[at++]!
    switch (sign) {
      case '(':
        return group()
      case '[':
        return one(set())
      case '.':
        return one((code) => !isLineEnd(code))
      case '^':
        return { kind: 'where', is: (_, place) => place === 0 }
      case '$':
        return { kind: 'where', is: (text, place) => place === text.length }
      case '\\':
        return escaped()
      case '*':
      case '+':
      case '?':
        throw new PatternFault(`has a “${sign}” that repeats nothing`)
      default:
        return one(same(sign.charCodeAt(0)))
    }
  }

  function group(): Node {
    if (source[at] === '?') {
      if (source[at + 1] !== ':') throw new PatternFault('has a “(?” other than “(?:”: it may not look ahead or behind, or name its groups')
      at += 2
    }
    const inside = either()
    if (source[at++] !== ')') throw new PatternFault('has a “(” without its “)”')
    return inside
  }

  function escaped(): Node {
    const sign = source[at]
    if (sign === 'b' || sign === 'B') {
      at++
      return { kind: 'where', is: (text, place) => (isWordAt(text, place - 1) !== isWordAt(text, place)) === (sign === 'b') }
    }
    const found = letter()
    return one(typeof found === 'number' ? same(found) : found)
  }

  /** What follows a backslash: a kind of characters, or one by its code. */
  function letter(): Has | number {
    const sign = source[at++]
    if (sign === undefined) throw new PatternFault('ends with a “\\”')
    const kind = kinds[sign.toLowerCase()]
    if (kind) return sign === sign.toLowerCase() ? kind : (code) => !kind(code)
    if (Object.hasOwn(written, sign)) return written[sign]!
    if (sign === 'x' || sign === 'u') {
      const digits = source.slice(at, at + (sign === 'x' ? 2 : 4))
      if (!/^([\da-f]{2}|[\da-f]{4})$/i.test(digits) || digits.length !== (sign === 'x' ? 2 : 4))
        throw new PatternFault(`has a “\\${sign}” without its hexadecimal digits`)
      at += digits.length
      return Number.parseInt(digits, 16)
    }
    if (/[a-z\d]/i.test(sign)) throw new PatternFault(`has a “\\${sign}”, which is not known here: it may not refer back`)
    return sign.charCodeAt(0)
  }

  function set(): Has {
    const isNot = source[at] === '^'
    if (isNot) at++
    const parts: Has[] = []
    while (source[at] !== ']') {
      if (at >= source.length) throw new PatternFault('has a “[” without its “]”')
      const from = member()
      const isRange = source[at] === '-' && source[at + 1] !== undefined && source[at + 1] !== ']'
      if (!isRange) {
        parts.push(typeof from === 'number' ? same(from) : from)
        continue
      }
      at++
      const to = member()
      if (typeof from !== 'number' || typeof to !== 'number' || to < from) throw new PatternFault('has a range in “[…]” that is none')
      parts.push(caseless((code) => code >= from && code <= to))
    }
    at++
    return isNot ? (code) => !parts.some((has) => has(code)) : (code) => parts.some((has) => has(code))
  }

  function member(): Has | number {
    const sign = source[at++]!
    if (sign !== '\\') return sign.charCodeAt(0)
    if (source[at] === 'b') {
      at++
      return 8
    }
    return source[at] === '-' ? source.charCodeAt(at++) : letter()
  }

  function one(has: Has): Node {
    return { kind: 'one', has: quick(has) }
  }

  function same(code: number): Has {
    return caseless((other) => other === code)
  }

  function caseless(has: Has): Has {
    return ignoreCase ? (code) => has(code) || has(otherCase(code)) : has
  }
}

const isDigit: Has = (code) => code >= 48 && code <= 57
const isWord: Has = (code) => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const kinds: Readonly<Record<string, Has>> = { d: isDigit, w: isWord, s: (code) => /\s/.test(String.fromCharCode(code)) }

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isWord(text.charCodeAt(at))
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029
}

/** Of a letter the capital, of a capital the letter; where that is one character too. */
function otherCase(code: number): number {
  const own = String.fromCharCode(code)
  const other = own.toUpperCase() === own ? own.toLowerCase() : own.toUpperCase()
  return other.length === 1 ? other.charCodeAt(0) : code
}

/** Nearly all of a log is ASCII: worked out once. */
function quick(has: Has): Has {
  const ascii = Array.from({ length: 128 }, (_, code) => has(code))
  return (code) => (code < 128 ? ascii[code]! : has(code))
}
