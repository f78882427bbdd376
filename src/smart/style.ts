/** The style of the plain pages: failures, the choice of an EHR, the banner. Small, and without anything from elsewhere. */
export const style = `:root {
  color-scheme: light dark;
  --app-ink: #1a2230;
  --app-paper: #fff;
  --app-soft: #eef2f6;
  --app-line: #8793a3;
  --app-strong: #0b4f8a;
  --app-critical: #b42318;
  --app-warning: #b54708;
}
@media (prefers-color-scheme: dark) {
  :root { --app-ink: #e8edf3; --app-paper: #151a21; --app-soft: #222a34; --app-line: #77838f; --app-strong: #8cc4f5; --app-critical: #ff9a8f; --app-warning: #f5c06a; }
}
* { box-sizing: border-box; }
html { font-size: 100%; }
body {
  margin: 0;
  font: 1rem/1.5 system-ui, sans-serif;
  color: var(--app-ink);
  background: var(--app-paper);
}
main:not(.handout *) { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1:not(.handout *) { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
a { color: var(--app-strong); }
a:focus-visible { outline: 3px solid var(--app-strong); outline-offset: 2px; }
.banner {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  padding: 0.5rem 1rem;
  background: var(--app-soft);
  border-block-end: 2px solid var(--app-line);
}
.banner dt { font-size: 0.875rem; }
.banner dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
dl:not(.handout *) { margin: 0; }
.context dt { font-weight: 600; }
.context dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.choices { list-style: none; padding: 0; }
.choices a { display: block; padding: 0.75rem 1rem; margin-block-end: 0.5rem; border: 1px solid var(--app-line); border-radius: 0.25rem; }
button { font: inherit; font-weight: 600; padding: 0.625rem 1.25rem; border: 0; border-radius: 0.25rem; background: var(--app-strong); color: var(--app-paper); cursor: pointer; }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid var(--app-strong); outline-offset: 2px; }
h2:not(.handout *) { font-size: 1.25rem; margin: 1.5rem 0 0.5rem; }
h3:not(.handout *) { font-size: 1.0625rem; margin: 0 0 0.5rem; }
.note { padding: 0.75rem 1rem; background: var(--app-soft); border-inline-start: 4px solid var(--app-strong); }
.checklist { max-width: 48rem; }
fieldset { min-inline-size: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
.group { margin-block: 1.25rem 0; padding: 0.25rem 1rem 0.75rem; border: 1px solid var(--app-line); border-radius: 0.5rem; }
.group > legend { padding-inline: 0.375rem; font-size: 1.125rem; }
.question { padding-block: 0.75rem; border-block-end: 1px solid var(--app-soft); }
.question p { margin: 0.25rem 0 0; }
.state { font-size: 0.875rem; }
.question-open .state { font-weight: 600; }
.choices-row { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.choices-row label, .none-of label { display: inline-flex; align-items: center; gap: 0.5rem; min-block-size: 2.25rem; }
.choices-row input, .none-of input { inline-size: 1.25rem; block-size: 1.25rem; accent-color: var(--app-strong); }
.effect { font-size: 0.875rem; padding-inline-start: 0.75rem; border-inline-start: 3px solid var(--app-line); }
.effect-critical { border-color: var(--app-critical); }
.effect-warning { border-color: var(--app-warning); }
details { margin-block: 0.5rem; }
summary { cursor: pointer; min-block-size: 2rem; }
.send { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 0.75rem; position: sticky; inset-block-end: 0; margin: 1rem 0 0; padding-block: 0.75rem; background: var(--app-paper); border-block-start: 1px solid var(--app-line); }
.advice { margin-block: 0.75rem; padding: 0.75rem 1rem; border: 1px solid var(--app-line); border-inline-start-width: 6px; border-radius: 0.375rem; overflow-wrap: anywhere; }
.advice-critical { border-inline-start-color: var(--app-critical); }
.advice-warning { border-inline-start-color: var(--app-warning); }
.indicator { text-transform: capitalize; font-weight: 400; }
a.button, button { display: inline-block; text-decoration: none; font-weight: 600; padding: 0.625rem 1.25rem; border-radius: 0.25rem; background: var(--app-strong); color: var(--app-paper); }
a.button.quiet, button.quiet { background: var(--app-paper); color: var(--app-strong); box-shadow: inset 0 0 0 2px var(--app-strong); }
.pages { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.5rem 1rem; border-block-end: 1px solid var(--app-line); }
.pages [aria-current] { font-weight: 600; color: var(--app-ink); text-decoration: none; border-block-end: 3px solid var(--app-strong); }
.handout-page { display: grid; gap: 1rem; max-width: 84rem; margin: 0 auto; }
.wishes { max-width: none; min-inline-size: 0; margin: 0; padding: 1rem; }
.give { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-block: 0.75rem; }
.give form { margin: 0; }
.note-urgent { border-color: var(--app-critical); }
.small:not(.handout *), .why { font-size: 0.875rem; }
.phrase p { margin: 0.25rem 0; }
.choose select { font: inherit; min-block-size: 2.5rem; max-inline-size: 100%; }
.choose .send { position: static; }
.choose .part { margin-block-start: 0.75rem; }
.choose .part p { margin: 0; padding-block: 0.25rem; }
.send a { display: inline-block; padding-block: 0.375rem; margin-inline-start: 0.75rem; }
.tick { display: inline-flex; align-items: center; gap: 0.5rem; min-block-size: 1.75rem; }
.tick input { flex: none; inline-size: 1.25rem; block-size: 1.25rem; accent-color: var(--app-strong); }
.why { display: block; padding-inline-start: 1.75rem; }
.preview {
  /* Paper is white: the handout's own colours for print, whatever the screen is. */
  --paper: #fff; --ink: #111; --soft: #4a4a4a; --line: #767676; --far: #8f8f8f; --link: #0b4f8f;
  --emergency: #a4161a; --same-day: #7a4100; --caution: #3d3d3d;
  min-inline-size: 0; overflow: auto; padding: 1rem; background: #fff; color: #111; color-scheme: light; border: 1px solid var(--app-line); }
@media (min-width: 60rem) {
  .handout-page { grid-template-columns: minmax(20rem, 26rem) minmax(0, 1fr); align-items: start; }
  .preview { position: sticky; inset-block-start: 0; max-block-size: 100vh; }
}
.why-page h2 { margin-block-start: 1.75rem; }
.why-page .advice h2 { margin-block: 0 0.5rem; font-size: 1.125rem; line-height: 1.3; }
.why-page .advice p, .why-page .advice ul { margin-block: 0.5rem; }
.why-page .advice ul, .why-page section ul { padding-inline-start: 1.25rem; }
.why-page .indicator { display: inline-block; padding-inline: 0.5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: 0.875rem; font-weight: 600; }
.why-page .advice-critical .indicator { color: var(--app-critical); }
.why-page .advice-warning .indicator { color: var(--app-warning); }
.facts > div { padding-block: 0.5rem; border-block-end: 1px solid var(--app-soft); break-inside: avoid; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts dd ul { margin: 0; }
.columns { columns: 14rem 2; column-gap: 2rem; margin-block: 0.5rem; }
.columns li { break-inside: avoid; margin-block-end: 0.25rem; }
@media print {
  .pages, .wishes { display: none; }
  .preview { max-block-size: none; overflow: visible; border: 0; padding: 0; }
  :root { --app-ink: #000; --app-paper: #fff; --app-soft: #fff; --app-line: #000; }
  .banner { border: 1px solid #000; margin-block-end: 0.75rem; }
  .why-page .send, .why-page form button { display: none; }
  .why-page h2 { break-after: avoid; }
  .question { break-inside: avoid; }
}
`
