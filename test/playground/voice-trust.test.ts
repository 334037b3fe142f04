import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { certificateFor } from '#playground/discord/voice/certificate.ts'
import { voiceTrust } from '#playground/voice-trust.ts'

describe('the variable by which the bot trusts the voice server', () => {
  const data = mkdtempSync(join(tmpdir(), 'helix-trust-'))
  const said: string[] = []
  const say = (sentence: string) => void said.push(sentence)
  afterAll(() => rmSync(data, { recursive: true, force: true }))

  test('lets an untouched process trust it, and whatever the variable named before', async () => {
    const certificates = [certificateFor(new Date()), certificateFor(new Date()), certificateFor(new Date())]
    const servers = certificates.map((each) => createServer(each, (_, response) => response.end('well')).listen(0, '127.0.0.1'))
    await Promise.all(servers.map((server) => once(server, 'listening')))
    const [own, before] = certificates
    writeFileSync(join(data, 'before.pem'), before!.cert)
    const variables = await voiceTrust({ data, certificate: own!.cert, given: join(data, 'before.pem'), say })
    const urls = servers.map((server) => `https://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const script = 'for (const url of process.argv.slice(1)) console.log(await fetch(url).then((r) => r.text(), (e) => e.cause.code))'
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, '--', ...urls], {
      env: { ...process.env, ...variables },
    })
    expect(stdout.trim().split('\n').slice(-3)).toEqual(['well', 'well', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
    for (const server of servers) server.close()
  })

  test('does not grow when it names its own file already, and says when the other cannot be read', async () => {
    const first = await voiceTrust({ data, certificate: 'one\n', given: undefined, say })
    await voiceTrust({ data, certificate: 'two\n', given: first.NODE_EXTRA_CA_CERTS, say })
    expect(readFileSync(first.NODE_EXTRA_CA_CERTS!, 'utf8')).toBe('two\n')
    expect(said).toEqual([])
    await voiceTrust({ data, certificate: 'three\n', given: join(data, 'missing.pem'), say })
    expect(said).toEqual([expect.stringContaining('missing.pem')])
  })

  test('names a certificate for a year, kept until shortly before its end, that can sign no other', () => {
    const made = certificateFor(new Date('2026-06-01'))
    expect(certificateFor(new Date('2027-04-01'), made)).toBe(made)
    expect(certificateFor(new Date('2027-05-20'), made)).not.toBe(made)
  })
})
