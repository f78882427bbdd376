/** What frames every page of the SMART app, and the headers that keep it where it belongs. */
import { type Headers, securityHeaders } from '../http/headers.ts'
import { type Html, html } from '../pages/html.ts'

/** Who may show the pages in a frame is a matter of each EHR. */
export function pageHeaders(frameAncestors: readonly string[]): Headers {
  return {
    ...securityHeaders({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: frameAncestors.length > 0 ? [...frameAncestors] : ["'none'"],
        },
      },
      // It cannot name origins, and would forbid what frame-ancestors allows.
      xFrameOptions: false,
      crossOriginOpenerPolicy: false,
    }),
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // What is shown is of one patient, for as long as the launch lasts.
    'cache-control': 'no-store',
  }
}

export const styleAddress = '/smart/style.css'

/** `style` and `more` are addresses of style sheets as browsers see them; `style` has the last word. */
export function frame(
  title: string,
  body: Html,
  style: string,
  more: readonly string[] = [],
  lang = 'en',
): string {
  return `<!doctype html>\n${
    html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
${[...more, style].map((address) => html`<link rel="stylesheet" href="${address}">\n`)}</head>
<body>
${body}
</body>
</html>
`.text
  }`
}
