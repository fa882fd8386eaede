// While the app is locked its title names nothing.
import { t } from '../../messages/index.ts'

/** Puts the bare name of the app in the place of the title; answers how to put it back. */
export function bareTitle(): () => void {
  const before = document.title
  document.title = t.common.app
  return () => (document.title = before)
}
