/** Which part of the day weighs most. */
import { FEWEST_DAYS } from './goes-with.ts'
import { mean, type Felt } from './days.ts'

export type PartOfDay = 'night' | 'morning' | 'afternoon' | 'evening'

export function partOfDay(hour: number): PartOfDay {
  if (hour < 5) return 'night'
  if (hour < 12) return 'morning'
  return hour < 18 ? 'afternoon' : 'evening'
}

/** The part of the day with the lowest mean mood, when two parts have at least seven check-ins each. */
export function hardestPart(checkIns: readonly Felt[]): PartOfDay | null {
  const parts = new Map<PartOfDay, number[]>()
  for (const { felt_at, mood } of checkIns) {
    const part = partOfDay(new Date(felt_at).getHours())
    parts.set(part, [...(parts.get(part) ?? []), mood])
  }
  const means = [...parts]
    .filter(([, moods]) => moods.length >= FEWEST_DAYS)
    .map(([part, moods]) => ({ part, weight: mean(moods) }))
    .sort((a, b) => a.weight - b.weight)
  return means.length < 2 ? null : (means[0]?.part ?? null)
}
