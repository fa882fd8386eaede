// `node gallery/export.ts NAME`: what somebody of the gallery has on the phone, as JSON.
import { NAMES, recordsOf, type Name } from './people.ts'

const name = process.argv[2] as Name
if (!NAMES.includes(name)) throw new Error(`nobody is called so; there are: ${NAMES.join(', ')}`)
process.stdout.write(JSON.stringify(await recordsOf(name)))
