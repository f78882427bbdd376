/** The little that a browser does beyond HTML: prints a print view as it opens, and copies the sentence for the note. */
export const script = `const self = document.currentScript
if (self.hasAttribute('data-prints')) {
  window.addEventListener('load', () => window.print())
}
for (const button of document.querySelectorAll('[data-copies]')) {
  const text = document.getElementById(button.dataset.copies)
  const said = document.querySelector('[data-copied]')
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim())
      said.textContent = 'Copied.'
    } catch {
      // A frame may not be allowed to write: then it is selected, and a key copies it.
      getSelection().selectAllChildren(text)
      said.textContent = 'Selected: copy it with Ctrl+C.'
    }
  })
}
`
