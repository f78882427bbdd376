/** The part of autocannon that the benchmark uses; it comes without types. */
declare module 'autocannon' {
  interface Options {
    url: string
    method: 'POST'
    headers: Readonly<Record<string, string>>
    body: string
    connections: number
    /** Seconds. */
    duration?: number
    /** Calls, instead of a time. */
    amount?: number
  }

  interface Result {
    '2xx': number
    non2xx: number
    errors: number
    timeouts: number
    /** Seconds. */
    duration: number
    /** Milliseconds. */
    latency: { p50: number; p99: number; max: number; average: number }
    requests: { average: number; total: number }
  }

  export default function autocannon(options: Options): Promise<Result>
}
