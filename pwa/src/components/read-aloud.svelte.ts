// A text read by the device's own voice, sentence by sentence, with the sentence marked where the browser can.

const HIGHLIGHT = 'reading-aloud'
const BLOCKS = 'h2, h3, p, li, blockquote'

interface Sentence {
  text: string
  range: Range
}

/** The sentences of one block, as ranges over its text. */
function sentencesIn(block: Element, segmenter: Intl.Segmenter): Sentence[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  const nodes: { node: Text; start: number }[] = []
  let text = ''
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    nodes.push({ node, start: text.length })
    text += node.data
  }
  const place = (at: number) => {
    const found = nodes.findLast(({ start }) => start <= at)
    return found ? ([found.node, Math.min(at - found.start, found.node.length)] as const) : null
  }
  return [...segmenter.segment(text)].flatMap(({ segment, index }) => {
    const from = place(index)
    const to = place(index + segment.trimEnd().length)
    if (!from || !to || !segment.trim()) return []
    const range = document.createRange()
    range.setStart(...from)
    range.setEnd(...to)
    return [{ text: segment.trim(), range }]
  })
}

function sentencesOf(root: Element, lang: string): Sentence[] {
  const segmenter = new Intl.Segmenter(lang, { granularity: 'sentence' })
  const blocks = [...root.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS))
  return blocks.flatMap((block) => sentencesIn(block, segmenter))
}

/** Only voices that live on the device: others would send the text to somebody's server. */
const voiceFor = (lang: string): SpeechSynthesisVoice | undefined =>
  speechSynthesis
    .getVoices()
    .filter((voice) => voice.localService && voice.lang.slice(0, 2) === lang.slice(0, 2))
    .sort((a, b) => Number(b.lang === 'en-GB') - Number(a.lang === 'en-GB'))[0]

export class ReadAloud {
  state = $state<'silent' | 'reading' | 'paused' | 'no_voice'>('silent')
  readonly supported = 'speechSynthesis' in globalThis && 'Segmenter' in Intl
  #sentences: Sentence[] = []
  #at = 0
  #turn = 0

  start(root: Element, lang: string): void {
    this.#sentences = sentencesOf(root, lang)
    this.#at = 0
    this.#speak(lang)
  }

  /** Stops at the sentence that was being read; browsers differ too much in their own pause. */
  pause(): void {
    this.#silence()
    this.state = 'paused'
  }

  goOn(lang: string): void {
    this.#speak(lang)
  }

  stop(): void {
    if (!this.supported) return
    this.#silence()
    this.state = 'silent'
    this.#at = 0
    this.#mark(null)
  }

  #silence(): void {
    this.#turn += 1
    speechSynthesis.cancel()
  }

  #speak(lang: string): void {
    const sentence = this.#sentences[this.#at]
    if (!sentence) {
      this.stop()
      return
    }
    const voice = voiceFor(lang)
    if (!voice) {
      this.state = 'no_voice'
      return
    }
    this.state = 'reading'
    this.#mark(sentence.range)
    const turn = (this.#turn += 1)
    const utterance = new SpeechSynthesisUtterance(sentence.text)
    Object.assign(utterance, { voice, lang: voice.lang, rate: 0.92 })
    utterance.onend = () => {
      if (turn !== this.#turn) return
      this.#at += 1
      this.#speak(lang)
    }
    speechSynthesis.speak(utterance)
  }

  #mark(range: Range | null): void {
    if (!('highlights' in CSS)) return
    if (range) CSS.highlights.set(HIGHLIGHT, new Highlight(range))
    else CSS.highlights.delete(HIGHLIGHT)
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    range?.startContainer.parentElement?.scrollIntoView({
      block: 'nearest',
      behavior: calm ? 'auto' : 'smooth',
    })
  }
}
