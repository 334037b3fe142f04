import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onStopRequest } from '#src/launch/stop-request.ts'

function listening() {
  const source = new EventEmitter()
  const done: string[] = []
  const time = { ms: 0 }
  onStopRequest(
    source,
    () => done.push('stop'),
    () => done.push('kill'),
    () => time.ms,
  )
  return { source, done, time }
}

test('one Ctrl-C that comes twice, from the terminal and from npm, is one request', () => {
  const { source, done, time } = listening()
  source.emit('SIGINT')
  time.ms = 30
  source.emit('SIGINT')
  expect(done).toEqual(['stop'])
})

test('a second Ctrl-C kills; SIGTERM and a closed terminal ask as well', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const { source, done, time } = listening()
    source.emit(signal)
    time.ms = 900
    source.emit('SIGINT')
    expect(done).toEqual(['stop', 'kill'])
  }
})
