import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const DAY_MS = 86_400_000

/** A certificate for this machine, of a key made now: X.509 in DER (RFC 5280), written by hand so that no program is needed for it. */
export function selfSigned(now: Date): { readonly certificate: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('helix')))))
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))
  const extensions = sequence(
    sequence(oid('551d11'), der(4, names)),
    sequence(oid('551d13'), der(1, Buffer.of(255)), der(4, sequence(der(1, Buffer.of(255))))),
  )
  const body = sequence(
    der(0xa0, der(2, Buffer.of(2))),
    der(2, Buffer.of(1), randomBytes(8)),
    algorithm,
    name,
    sequence(time(now.getTime() - DAY_MS), time(now.getTime() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signed = sequence(body, algorithm, der(3, Buffer.of(0), sign('sha256', body, privateKey)))
  const lines = signed.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

function sequence(...content: readonly Uint8Array[]): Buffer {
  return der(0x30, ...content)
}

function oid(hex: string): Buffer {
  return der(6, Buffer.from(hex, 'hex'))
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}
