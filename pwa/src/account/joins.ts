// A code shown on this device, by which another one of the same person joins.
import { toBase64Url } from '../lib/base64url.ts'
import { api } from '../lib/api.ts'
import { sha256 } from '../vault/derive.ts'
import { JOIN_PLACE, joinKeys, newJoinCode } from '../vault/join.ts'
import { vaultRing, wrapRing } from '../vault/ring.ts'
import { createAccount } from './account.ts'

export interface Join {
  id: string
  expires_at: string
  /** null until another device has come in by the code. */
  joined_at: string | null
  /** As its browser calls itself. */
  device: string | null
}

/** Opens the door to one more device for ten minutes; the code before is worthless. Raises Problem, Offline. */
export async function startJoin(): Promise<Join & { code: string }> {
  await createAccount()
  const code = newJoinCode()
  const { token, wrapping } = await joinKeys(code)
  const join = await api.post<Join>('/joins', {
    token_hash: toBase64Url(await sha256(token)),
    wrapped_key: await wrapRing(wrapping, await vaultRing(), JOIN_PLACE),
  })
  return { ...join, code }
}

export const seeJoin = (id: string): Promise<Join> => api.get<Join>(`/joins/${id}`)

/** Closes the door again. */
export const stopJoin = (id: string): Promise<void> => api.delete(`/joins/${id}`)

/** What the QR code holds. Browsers do not send what stands after the `#`. */
export const joinAddress = (code: string): string => `${location.origin}/join#${code}`
