import type { Argument } from '../argument.ts'
import { ranked } from './nearest.ts'
import { text } from './text.ts'

/** Names with commas or spaces between them, in which `*` stands for anything: `api, web-*`. Suggests those of the services. */
export function servicePatterns(describe: string): Argument<readonly string[]> {
  return {
    ...text(describe, { max: 500 }),
    read: async (raw, reading) => patternsOf(await text(describe, { max: 500 }).read(raw, reading)),
    async suggest(typed, { place, directory }) {
      const [, before = '', last = ''] = /^(.*[,\s])?([^,\s]*)$/s.exec(typed) ?? []
      const names = (await directory.services(place)).map(({ name }) => `${before}${name}`).filter((each) => each.length <= 100)
      return ranked(`${before}${last}`, names).map((name) => ({ name, value: name }))
    },
  }
}

/** The same of the environments. */
export function environmentPatterns(describe: string): Argument<readonly string[]> {
  return {
    ...servicePatterns(describe),
    async suggest(typed, { place, directory }) {
      const names = (await directory.environments(place)).map(({ name }) => name)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}

function patternsOf(typed: string): readonly string[] {
  return typed.split(/[,\s]+/).filter(Boolean)
}
