// Export, and import with a preview: whatIs → readDaylio, guessMoods, planDaylio or planRestore → carryOut → undoImport.
import { isDaylio } from './daylio.ts'
import { isExport } from './restore.ts'

export { guessMoods, planDaylio, readDaylio, type DaylioFile, type Vocabulary } from './daylio.ts'
export { exportCsv, exportEverything, fileName, type NameOf } from './export.ts'
export { carryOut, lastImport, undoImport, type Receipt } from './import.ts'
export { countOf, type ImportPlan, type Refused, type Why } from './plan.ts'
export { planRestore } from './restore.ts'

/** What kind of file a text is; null for one that is not understood. */
export function whatIs(text: string): 'daylio' | 'heartwood' | null {
  if (isDaylio(text)) return 'daylio'
  return isExport(text) ? 'heartwood' : null
}
