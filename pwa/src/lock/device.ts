// The device's own lock (fingerprint, face, its PIN) as a lock of the app: a credential that never leaves the device and
// that no server knows of. What is asked for is the proof that its owner is here (WebAuthn Level 3, user verification).
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'

/** The flag of the authenticator's data that says: the person was verified (WebAuthn, section 6.1). */
const VERIFIED = 0x04
const FLAGS_AT = 32
const NAME = 'Heartwood'
/** ES256, RS256: what every platform has. */
const ALGORITHMS = [-7, -257]

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length))

/** Whether this device can verify its owner. */
export async function canVerify(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis)) return false
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false)
}

/** Makes the credential; answers its id. Call it straight from a tap. Raises DOMException when the person refuses. */
export async function enrol(): Promise<string> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: NAME },
      user: { id: random(32), name: NAME, displayName: NAME },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'discouraged',
        userVerification: 'required',
      },
    },
  })
  if (!made) throw new DOMException('nothing was made', 'NotAllowedError')
  return toBase64Url(new Uint8Array((made as PublicKeyCredential).rawId))
}

/** Whether the owner of the device is here. Call it straight from a tap. */
export async function verify(credential: string): Promise<boolean> {
  const used = await navigator.credentials
    .get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id: fromBase64Url(credential), transports: ['internal'] }],
        userVerification: 'required',
      },
    })
    .catch(() => null)
  if (!used) return false
  const { authenticatorData } = (used as PublicKeyCredential).response as AuthenticatorAssertionResponse
  const flags = new Uint8Array(authenticatorData)[FLAGS_AT] ?? 0
  return (flags & VERIFIED) !== 0
}
