/**
 * Cookies that work in an EHR's frame and for one launch each. `Partitioned` lets them through where third-party
 * cookies are blocked; the path of a launch keeps two open charts apart (R11, F9, F14). Browsers take `Secure` ones
 * from `http` too where that is this machine, so that development needs no other recipe.
 */
import { parseCookie, stringifySetCookie } from 'cookie'

const common = { secure: true, httpOnly: true, sameSite: 'none', partitioned: true } as const

export interface CookieJar {
  /** Of the sign-in under way, for the browser that began it. */
  pending(state: string, value: string | undefined): string
  readPending(header: string | undefined, state: string): string | undefined
  launch(id: string, value: string | undefined): string
  readLaunch(header: string | undefined): string | undefined
}

/** In seconds. */
export const pendingAge = 600

/** Part of the state, which is public to its own browser alone. */
const pendingName = (state: string) => `__Host-lumbar-${state.slice(0, 8)}`
const launchName = '__Secure-lumbar-launch'

/** `prefix` is the path of the public address, as browsers see it. Cookies without a value delete. */
export function cookiesBelow(prefix: () => string): CookieJar {
  return {
    pending: (state, value) =>
      stringifySetCookie({
        ...common,
        name: pendingName(state),
        value: value ?? '',
        path: '/',
        maxAge: value === undefined ? 0 : pendingAge,
      }),
    readPending: (header, state) => parseCookie(header ?? '')[pendingName(state)],
    launch: (id, value) =>
      stringifySetCookie({
        ...common,
        name: launchName,
        value: value ?? '',
        path: `${prefix()}/smart/${id}`,
        // Without an age it ends with the browser; how long the launch lasts is for the server to say.
        ...(value === undefined ? { maxAge: 0 } : {}),
      }),
    readLaunch: (header) => parseCookie(header ?? '')[launchName],
  }
}
