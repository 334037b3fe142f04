import { stripVTControlCharacters } from 'node:util'

const controls = /[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/**
 * Text without what a terminal or a text renderer would act on: escape sequences, control characters (line feeds stay, tabs become
 * a space), marks that turn the direction of writing, halves of surrogate pairs.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n').replaceAll('\t', ' ')).replaceAll(controls, '').toWellFormed()
}

/** As `plain`, in one line. */
export function plainLine(text: string): string {
  return plain(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
}

/** At most `max` UTF-16 units, closed with "…" where something was cut. Never splits a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  let end = max - 1
  if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1
  return `${text.slice(0, end).trimEnd()}…`
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
