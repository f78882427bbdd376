// What the mock EHR does better with a script: forms without reloading, search while typing, copying, and saying aloud
// what came of a move. Without it everything works as plain pages and forms.

const app = /** @type {HTMLElement} */ (document.getElementById('app'))
const say = /** @type {HTMLElement} */ (document.getElementById('say'))

// ---------------------------------------------------------------- forms and links without reloading

/** @type {AbortController | undefined} */
let underway

/**
 * @param {string} address
 * @param {RequestInit} [init]
 */
async function visit(address, init = {}) {
  underway?.abort()
  underway = new AbortController()
  app.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(address, {
      ...init,
      signal: underway.signal,
      headers: { accept: 'text/html' },
    })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const fresh = page.getElementById('app')
    if (!fresh) {
      location.assign(response.url)
      return
    }
    if (response.url !== location.href) history.pushState(null, '', response.url)
    show(page, fresh)
  } catch (error) {
    if (error instanceof Error && error.name !== 'AbortError') announce('The sandbox does not answer.')
  } finally {
    app.removeAttribute('aria-busy')
  }
}

/**
 * @param {Document} page
 * @param {HTMLElement} fresh
 */
function show(page, fresh) {
  const focused = document.activeElement?.id ?? ''
  document.title = page.title
  for (const fold of fresh.querySelectorAll('details[id]')) {
    const known = unfolded.get(fold.id)
    if (known !== undefined) fold.toggleAttribute('open', known)
  }
  app.replaceChildren(...fresh.childNodes)
  enhance()
  refocus(focused)
  announce(saidIn(app))
}

/**
 * To where the reader was; where that is gone, to what came of it.
 * @param {string} id
 */
function refocus(id) {
  const places = [id, 'review', 'said', 'main'].flatMap(
    (each) => (each && document.getElementById(each)) || [],
  )
  const [place] = places
  if (!place) return
  if (place.tabIndex < 0 && !place.hasAttribute('tabindex')) place.tabIndex = -1
  place.focus({ preventScroll: place.id === id })
}

/** @param {Element} part */
const saidIn = (part) => part.querySelector('[data-say]')?.getAttribute('data-say') ?? ''

/** @param {string} words */
function announce(words) {
  say.textContent = ''
  // Readers hear a change, and not the same words once more.
  setTimeout(() => {
    say.textContent = words
  }, 50)
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement)) return
  event.preventDefault()
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form, event.submitter)) fields.append(name, String(value))
  if (form.method === 'get') visit(`${form.action}?${fields}`)
  else visit(form.action, { method: 'POST', body: fields })
})

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
  if (!link || !isPlain || link.target !== '' || link.origin !== location.origin) return
  if (link.pathname !== '/sandbox' || (link.hash !== '' && link.search === location.search)) return
  event.preventDefault()
  visit(link.href)
})

addEventListener('popstate', () => visit(location.href))

// ---------------------------------------------------------------- what was unfolded stays so

/** @type {Map<string, boolean>} */
const unfolded = new Map()

document.addEventListener(
  'toggle',
  (event) => {
    if (
      event.target instanceof HTMLDetailsElement &&
      event.target.id !== '' &&
      !event.target.closest('.draft')
    )
      unfolded.set(event.target.id, event.target.open)
  },
  true,
)

// ---------------------------------------------------------------- search while typing

let typing = 0

document.addEventListener('input', (event) => {
  const field = event.target
  if (!(field instanceof HTMLInputElement)) return
  if (field.closest('[data-filter]')) filter(field)
  const form = field.form
  if (!form?.dataset.search) return
  clearTimeout(typing)
  typing = setTimeout(() => search(form, field.value), 120)
})

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
async function search(form, words) {
  const response = await fetch(`${form.dataset.search}?${new URLSearchParams({ q: words })}`)
  const results = document.getElementById(form.dataset.results ?? '')
  if (!results || !response.ok) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  results.replaceChildren(...page.body.childNodes)
  announce(saidIn(results))
}

/** Down from the field into the results, and up and down among them. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const here = /** @type {HTMLElement} */ (document.activeElement)
  const field = document.getElementById('order-search')
  const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#results button'))]
  const at = buttons.indexOf(here)
  if (here !== field && at === -1) return
  event.preventDefault()
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1
  if (next < 0) field?.focus()
  else buttons[Math.min(next, buttons.length - 1)]?.focus()
})

/** @param {HTMLInputElement} field */
function filter(field) {
  const list = document.getElementById(field.closest('p')?.dataset.filter ?? '')
  const words = field.value.toLowerCase().split(/\s+/)
  for (const entry of /** @type {NodeListOf<HTMLElement>} */ (list?.querySelectorAll('[data-entry]') ?? [])) {
    const text = entry.textContent?.toLowerCase() ?? ''
    entry.hidden = !words.every((word) => text.includes(word))
  }
}

// ---------------------------------------------------------------- copying

document.addEventListener('click', async (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null
  const text = button?.parentElement?.querySelector('pre')?.textContent
  if (!button || !text) return
  const copied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  announce(copied ? 'Copied.' : 'The browser does not let this page copy. Select the text instead.')
})

/** Shows what only works with this script. */
function enhance() {
  for (const part of document.querySelectorAll('[data-filter], [data-copy]')) part.removeAttribute('hidden')
  const list = document.querySelector('.patients')
  const here = /** @type {HTMLElement | null} */ (list?.querySelector('[aria-current]'))
  if (list && here) list.scrollTop = here.offsetTop - list.clientHeight / 2
}

enhance()
