import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A key of its own for each purpose, from the one secret of the installation (HELIX_SECRET_KEY). 32 bytes. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'helix', purpose, 32))
}

/** Secrets at rest. */
export interface Seal {
  /** `about` is bound to what is sealed (such as the place): it opens only with the same. */
  seal(plain: string, about: string): string
  /** Throws where the key, the text or `about` is another. */
  open(sealed: string, about: string): string
}

/** AES-256-GCM; `v1.` and base64url of nonce (12 bytes), tag (16 bytes) and ciphertext. */
export function createSeal(secret: string): Seal {
  const key = deriveKey(secret, 'secrets at rest')
  return {
    seal(plain, about) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed.slice(3), 'base64url')
      if (!sealed.startsWith('v1.') || bytes.length < 28) throw new Error('not a sealed secret')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}
