// Seconds that go on while the phone is locked: counted by the clock, not by ticks.
const TICK_MS = 200

export class Stopwatch {
  /** Seconds since the start, without pauses. */
  seconds = $state(0)
  running = $state(false)
  #since = 0
  #before = 0
  #timer: ReturnType<typeof setInterval> | undefined

  start(): void {
    if (this.running) return
    this.#since = Date.now()
    this.running = true
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  pause(): void {
    this.#tick()
    this.#before = this.seconds
    this.stop()
  }

  /** Sets the count, and goes on from there when running. */
  set(seconds: number): void {
    this.#before = seconds
    this.#since = Date.now()
    this.seconds = seconds
  }

  stop(): void {
    clearInterval(this.#timer)
    this.running = false
  }

  #tick(): void {
    if (this.running) this.seconds = this.#before + (Date.now() - this.#since) / 1000
  }
}
