/** The style of the plain pages: failures, the choice of an EHR, the banner. Small, and without anything from elsewhere. */
export const style = `:root {
  color-scheme: light dark;
  --ink: #1a2230;
  --paper: #fff;
  --soft: #eef2f6;
  --line: #8793a3;
  --strong: #0b4f8a;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf3; --paper: #151a21; --soft: #222a34; --line: #77838f; --strong: #8cc4f5; }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink);
  background: var(--paper);
}
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
a { color: var(--strong); }
a:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
.banner {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  padding: 0.5rem 1rem;
  background: var(--soft);
  border-block-end: 2px solid var(--line);
}
.banner dt { font-size: 0.875rem; }
.banner dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
dl { margin: 0; }
.context dt { font-weight: 600; }
.context dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.choices { list-style: none; padding: 0; }
.choices a { display: block; padding: 0.75rem 1rem; margin-block-end: 0.5rem; border: 1px solid var(--line); border-radius: 0.25rem; }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #fff; --line: #000; }
  .banner { border: 1px solid #000; }
}
`
