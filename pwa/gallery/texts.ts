// What the invented people wrote.
import type { Letter, LetterKind } from '../src/records/types.ts'

export const NOTES = [
  'Rain again. I made soup and did not look at the phone until nine.',
  'Their mug was at the back of the cupboard. I put it in the box with the others.',
  'Slept through for the first time in a while.',
  'Saw the back of somebody’s coat at the station and my whole chest went.',
  'Walked home with Maeve the long way. Laughed about the goose.',
  'Nothing happened today. It was quite good.',
] as const

/** The readings behind somebody after a year, in order. */
export const READ = [
  'does-walking-away-work',
  'why-it-is-powerful',
  'what-it-does-to-you',
  'boundaries',
  'why-people-fear-it',
] as const

interface Written extends Partial<Letter> {
  days: number
  kind: LetterKind
  text: string
}

export const LETTERS: readonly Written[] = [
  { days: 340, kind: 'reason', text: 'Because I was always the one who waited by the window.' },
  { days: 322, kind: 'reason', text: 'Because I like who I am on a Sunday morning now.' },
  {
    days: 300,
    kind: 'journal',
    text: 'The flat is louder without anybody in it. The fridge, the stairs, the neighbour’s radio.',
  },
  {
    days: 256,
    kind: 'letter',
    title: 'About the summer house',
    text: 'Dear you,\n\nI found the key today. It was in the blue coat, where you said it would not be. I am not going to send it back, and I am not going to keep it either.',
  },
  {
    days: 190,
    kind: 'letter',
    title: 'For next spring',
    text: 'Dear you, by the time this opens the garden will be doing what it does.',
    opens_on: '2027-03-20',
  },
  {
    days: 120,
    kind: 'answer',
    prompt: 'readings/boundaries',
    text: 'I would say it at the door and not on the phone, and I would have eaten first.',
  },
  {
    days: 64,
    kind: 'journal',
    title: 'The ferry',
    text: 'Took the early one. Stood outside the whole way. Nobody knew me and it was wonderful.',
  },
  { days: 20, kind: 'reason', text: 'Because Maeve said I hum again.' },
  {
    days: 3,
    kind: 'journal',
    title: 'Ordinary',
    text: 'Bought a lamp. Read under it until eleven. Did not think of anything much.',
  },
]
