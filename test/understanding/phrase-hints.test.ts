import { describe, expect, test } from 'vitest'
import { hintLimits, phraseHints } from '#src/understanding/phrase-hints.ts'
import { grammar, vocabulary } from './understood.ts'

describe('what a recogniser may expect', () => {
  const hints = phraseHints(grammar, vocabulary, ['helix'])
  const boostOf = (phrase: string) => hints.find((each) => each.phrase === phrase)?.boost ?? 0

  test('are wake words, live names as they are spoken, and the words of commands', () => {
    for (const phrase of ['helix', 'websocket streaming', 'staging', 'kael', 'roll back', 'redeploy', 'to three replicas', 'orchestrator'])
      expect(boostOf(phrase), phrase).toBeGreaterThan(0)
    expect(boostOf('voice processor')).toBeGreaterThan(boostOf('roll back'))
  })
  test('but no words of every sentence', () => {
    for (const phrase of ['the', 'i', 'what', 'to', 'was']) expect(boostOf(phrase), phrase).toBe(0)
  })
  test('are no more and no longer than is taken, the most important first', () => {
    const services = Array.from({ length: 3_000 }, (_, n) => `service-${'part-'.repeat(n % 40)}${n}`)
    const many = phraseHints(grammar, { ...vocabulary, services }, ['helix'])
    expect(many).toHaveLength(hintLimits.phrases)
    expect(many[0]).toMatchObject({ phrase: 'helix' })
    expect(many.every(({ phrase, boost }) => phrase.length <= hintLimits.characters && boost > 0 && boost <= 20)).toBe(true)
    expect(new Set(many.map(({ phrase }) => phrase)).size).toBe(many.length)
  })
})
