import { generateKeyPairSync, randomBytes, randomUUID, sign, X509Certificate } from 'node:crypto'

export interface Certificate {
  /** Both PEM. */
  readonly cert: string
  readonly key: string
}

const dayMs = 86_400_000
const validDays = 365
/** A playground that runs for long must not outlive its certificate. */
const leastDays = 30

/** The kept one, as long as it is good for a while; else a new one. */
export function certificateFor(now: Date, kept?: Certificate): Certificate {
  if (kept && new X509Certificate(kept.cert).validToDate.getTime() > now.getTime() + leastDays * dayMs) return kept
  return selfSigned(now)
}

/** For 127.0.0.1 and localhost alone, and unable to sign others: RFC 5280. DER by hand spares a program or a package for it. */
function selfSigned(now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('2a8648ce3d040302'))
  // A name of its own: of two with the same name, a client would look at one only.
  const name = sequence(tag(0x31, sequence(oid('550403'), tag(0x0c, Buffer.from(`Helix playground voice ${randomUUID()}`)))))
  const validity = sequence(time(new Date(now.getTime() - dayMs)), time(new Date(now.getTime() + validDays * dayMs)))
  const names = sequence(tag(0x82, Buffer.from('localhost')), tag(0x87, Buffer.of(127, 0, 0, 1)))
  const extensions = sequence(sequence(oid('551d11'), tag(4, names)))
  const signed = sequence(
    tag(0xa0, tag(2, Buffer.of(2))),
    tag(2, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, extensions),
  )
  const der = sequence(signed, algorithm, tag(3, Buffer.of(0), sign('sha256', signed, privateKey)))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

function tag(kind: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(kind, ...size), content])
}

const sequence = (...parts: readonly Buffer[]) => tag(0x30, ...parts)
const oid = (hex: string) => tag(6, Buffer.from(hex, 'hex'))
const time = (date: Date) => tag(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
