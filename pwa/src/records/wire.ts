// The documents of the sync calls. Free text travels sealed.

export interface Sealed {
  v: number
  /** 12 bytes, base64url. */
  iv: string
  /** Ciphertext with its 16-byte tag, base64url. */
  ct: string
  /** The version of the vault key it was sealed with; 1 when it says nothing. */
  k?: number
}

/** A document as it goes out: the server gives it its `rev`. */
export interface WireDoc {
  id: string
  rev?: number
  _deleted: boolean
  [field: string]: unknown
}

/** A document as the server last had it. */
export interface MasterDoc extends WireDoc {
  rev: number
}

export interface PullAnswer {
  documents: MasterDoc[]
  checkpoint: { rev: number }
}

export interface PushRow {
  newDocumentState: WireDoc
  assumedMasterState?: MasterDoc
}

/** A document as it can go out as a new one. */
export function withoutRev({ rev, ...rest }: MasterDoc): WireDoc {
  return rest
}
