import { describe, expect, test } from 'vitest'
import { planWords, startingPlan } from '../../src/screens/settings/plan.ts'

const plan = (change: Partial<ReturnType<typeof startingPlan>>) =>
  planWords({ ...startingPlan(), enabled: true, ...change })

describe('a plan in a few words', () => {
  test('says when in the day and how often', () => {
    expect(plan({ times: ['08:30'] })).toBe('mornings, four a week')
    expect(plan({ times: ['20:30'], per_week: 1 })).toBe('evenings, once a week')
    expect(plan({ per_week: 14 })).toBe('evenings, fourteen a week')
  })

  test('names each part of the day once, in the order of the day', () => {
    expect(plan({ times: ['21:00', '09:00', '07:15'] })).toBe('mornings and evenings, four a week')
  })

  test('says that nothing comes while it is paused or off', () => {
    expect(plan({ pause: { until: null } })).toBe('paused')
    expect(plan({ enabled: false })).toBe('off')
  })
})
