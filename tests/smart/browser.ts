/** A browser made of a cookie jar and `fetch`: it keeps cookies as Chromium does on this machine, and follows redirects. */
import { parseSetCookie, type SetCookie } from 'cookie'

interface Kept extends SetCookie {
  host: string
}

export interface Visited {
  status: number
  headers: Headers
  text: string
  /** Where the last answer came from. */
  url: URL
  /** All addresses on the way. */
  way: URL[]
}

const mostRedirects = 10

export class Browser {
  readonly cookies: Kept[] = []
  /** Headers that this browser adds to each request. */
  readonly headers: Record<string, string> = {}

  async open(address: string, init: RequestInit = {}): Promise<Visited> {
    let url = new URL(address)
    const way = [url]
    for (;;) {
      const answer = await this.step(url.href, way.length === 1 ? init : {})
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status >= 400 || location === null) {
        return { status: answer.status, headers: answer.headers, text: await answer.text(), url, way }
      }
      await answer.arrayBuffer()
      url = new URL(location, url)
      way.push(url)
      if (way.length > mostRedirects) throw new Error(`too many redirects:\n${way.join('\n')}`)
    }
  }

  /** One request, without following where it leads. */
  async step(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address)
    const headers = new Headers({ ...this.headers, ...(init.headers as Record<string, string>) })
    const cookie = this.cookiesFor(url)
    if (cookie !== '') headers.set('cookie', cookie)
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) this.#keep(url, line)
    return answer
  }

  cookiesFor(url: URL): string {
    const fitting = this.cookies.filter(({ host, path = '/' }) => {
      const isBelow = url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
      return host === url.host && isBelow
    })
    return fitting.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  /** What breaks the promise of its name is not kept (RFC 6265bis, 5.7). */
  #keep({ host }: URL, line: string): void {
    const cookie = parseSetCookie(line)
    const { name, path, domain, secure } = cookie
    if (name.startsWith('__Host-') && !(secure && path === '/' && domain === undefined)) return
    if (name.startsWith('__Secure-') && !secure) return
    const at = this.cookies.findIndex(
      (each) => each.name === name && each.path === path && each.host === host,
    )
    if (at >= 0) this.cookies.splice(at, 1)
    if (cookie.maxAge === undefined || cookie.maxAge > 0) this.cookies.push({ ...cookie, host })
  }
}
