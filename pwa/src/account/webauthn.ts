// What browsers do with passkeys (W3C Web Authentication, Level 3), with bytes as base64url as the server has them.
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import { sha256, wrappingKeyFrom } from '../vault/derive.ts'

const PRF = 'heartwood/passkey/wrap'

/** The person closed the browser's dialogue, or the browser found no passkey. */
export class NotChosen extends Error {
  override name = 'NotChosen'
}

interface Described {
  id: string
  type: 'public-key'
  transports?: AuthenticatorTransport[]
}

type Creation = PublicKeyCredentialCreationOptions
/** `PublicKeyCredentialCreationOptionsJSON`. */
export interface CreationOptions extends Omit<Creation, 'challenge' | 'user' | 'excludeCredentials'> {
  challenge: string
  user: { id: string; name: string; displayName: string }
  excludeCredentials?: Described[]
}

/** `PublicKeyCredentialRequestOptionsJSON`. */
export interface RequestOptions extends Omit<
  PublicKeyCredentialRequestOptions,
  'challenge' | 'allowCredentials'
> {
  challenge: string
  allowCredentials?: Described[]
}

/** What an authenticator answered, as it is sent, and the key that it gave for the vault, which is not. */
export interface Answered {
  credential: Record<string, unknown>
  /** null: this browser or authenticator has no PRF, or tells only at a sign-in. */
  wrapping: CryptoKey | null
}

/** Whether this browser knows passkeys at all. */
export const hasPasskeys = (): boolean => 'PublicKeyCredential' in globalThis && 'credentials' in navigator

const described = (list: Described[] = []): PublicKeyCredentialDescriptor[] =>
  list.map((each) => ({ ...each, id: fromBase64Url(each.id) }))

/** The PRF extension with the one salt of this app. */
async function prf(): Promise<AuthenticationExtensionsClientInputs> {
  return { prf: { eval: { first: await sha256(new TextEncoder().encode(PRF)) } } }
}

/** Makes a passkey. Call it straight from a tap. Raises NotChosen, or DOMException for one that is there already. */
export async function makePasskey(options: CreationOptions): Promise<Answered> {
  const publicKey: Creation = {
    ...options,
    challenge: fromBase64Url(options.challenge),
    user: { ...options.user, id: fromBase64Url(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
    extensions: { ...options.extensions, ...(await prf()) },
  }
  const made = await chosen(navigator.credentials.create({ publicKey }))
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse
  return answered(made, { clientDataJSON, attestationObject })
}

/** Asks for a passkey. Raises NotChosen. */
export async function usePasskey(options: RequestOptions): Promise<Answered> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...options,
    challenge: fromBase64Url(options.challenge),
    allowCredentials: described(options.allowCredentials),
    extensions: { ...options.extensions, ...(await prf()) },
  }
  const used = await chosen(navigator.credentials.get({ publicKey }))
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    used.response as AuthenticatorAssertionResponse
  return answered(used, {
    clientDataJSON,
    authenticatorData,
    signature,
    userHandle: userHandle ?? new ArrayBuffer(0),
  })
}

async function chosen(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await asking.catch((error: unknown) => {
    if (error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name)) return null
    throw error
  })
  if (!credential) throw new NotChosen('no passkey was chosen')
  return credential as PublicKeyCredential
}

async function answered(
  credential: PublicKeyCredential,
  parts: Record<string, ArrayBuffer>,
): Promise<Answered> {
  const texts = Object.entries(parts).map(([name, bytes]) => [name, toBase64Url(new Uint8Array(bytes))])
  const { id, type } = credential
  const response = Object.fromEntries(texts) as Record<string, string>
  return { credential: { id, rawId: id, type, response }, wrapping: await wrappingOf(credential) }
}

async function wrappingOf(credential: PublicKeyCredential): Promise<CryptoKey | null> {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (!first) return null
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer.slice(first.byteOffset, first.byteOffset + first.byteLength))
    : new Uint8Array(first)
  return wrappingKeyFrom(bytes, PRF)
}
