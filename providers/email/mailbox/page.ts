import type { MailSummary } from "./store.ts";

/** Text that may stand in HTML. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** HTML with every value escaped, except markup made the same way. */
function html(strings: TemplateStringsArray, ...values: (string | number | Markup | Markup[])[]): Markup {
  const written = values.map((value) =>
    [value]
      .flat()
      .map((part) => (part instanceof Markup ? part.text : escapeText(String(part))))
      .join(""),
  );
  return new Markup(String.raw({ raw: strings }, ...written));
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

export const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dfdd, #37413f); --soft: light-dark(#5c6b68, #9fb0ac);
  --link: light-dark(#0b6b5d, #7fd6c5); --back: light-dark(#fff, #161b1a); --ink: light-dark(#1c2b2a, #e7eeec) }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 16px; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif;
  background: var(--back); color: var(--ink); overflow-wrap: anywhere }
h1 { font-size: 1.25rem; margin: .5rem 0 1rem } a { color: var(--link) }
ol { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line) }
li > a { display: block; padding: .75rem .25rem; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none }
li > a:hover, li > a:focus-visible { outline: 2px solid var(--link); outline-offset: -2px }
.subject { font-weight: 600; display: block } .soft { color: var(--soft); font-size: .875rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem .75rem; margin: 0 0 1rem } dt { color: var(--soft) } dd { margin: 0 }
iframe { width: 100%; height: 60vh; border: 1px solid var(--line); background: #fff }
pre { white-space: pre-wrap; border: 1px solid var(--line); padding: .75rem; font: .875rem/1.5 ui-monospace, monospace }
.files a { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: .5rem .75rem; margin: 0 .5rem .5rem 0 }
`;

function page(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>${body}</body>
</html>`.text;
}

/** The list of mails, newest first. */
export function listPage(mails: MailSummary[]): string {
  const entries = mails.map(
    (mail) => html`<li><a href="/messages/${mail.id}">
<span class="subject">${mail.subject || "(no subject)"}</span>
<span class="soft">to ${mail.to.join(", ")} · ${time(mail.receivedAt)}${mail.attachments.length > 0 ? " · with attachment" : ""}</span>
</a></li>`,
  );
  return page(
    "Mailbox",
    html`<h1>Mailbox</h1>
${mails.length === 0 ? html`<p>No mail yet. Everything this machine sends arrives here and goes no further.</p>` : html`<ol>${entries}</ol>`}`,
  );
}

/** One mail, its HTML in a frame that may do nothing. */
export function mailPage(mail: MailSummary, hasHtml: boolean): string {
  const files = mail.attachments.map(
    (file) =>
      html`<a href="/messages/${mail.id}/attachments/${file.index}" download>${file.name} <span class="soft">${size(file.size)}</span></a>`,
  );
  return page(
    mail.subject || "(no subject)",
    html`<p><a href="/">All mails</a></p>
<h1>${mail.subject || "(no subject)"}</h1>
<dl>
<dt>From</dt><dd>${mail.from}</dd>
<dt>To</dt><dd>${mail.to.join(", ")}</dd>
<dt>Received</dt><dd>${time(mail.receivedAt)}</dd>
</dl>
${files.length > 0 ? html`<p class="files">${files}</p>` : ""}
${hasHtml ? html`<iframe title="The mail" sandbox="" src="/messages/${mail.id}/body"></iframe>` : ""}
<h2 class="soft">Text</h2>
<pre>${mail.text}</pre>
<p class="soft"><a href="/messages/${mail.id}/source" download>Source (.eml)</a></p>`,
  );
}

function time(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`;
}
