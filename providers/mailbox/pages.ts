import type { Kept } from "./kept_records.ts";
import type { MailSummary } from "./mails.ts";
import { html, type Markup } from "./markup.ts";
import type { CapturedPush } from "./pushes.ts";
import type { CapturedText } from "./texts.ts";

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
.channel { float: right; border: 1px solid var(--line); border-radius: 4px; padding: 0 .5rem; font-size: .875rem }
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

/** Everything that was captured. */
export type Captured = {
  mails: MailSummary[];
  texts: Kept<CapturedText>[];
  pushes: Kept<CapturedPush>[];
};

type Entry = { at: string; line: Markup };

/** The list of everything over every channel, newest first. */
export function listPage({ mails, texts, pushes }: Captured): string {
  const entries: Entry[] = [
    ...mails.map((mail) => ({
      at: mail.receivedAt,
      line: entry(
        "Email",
        `/messages/${mail.id}`,
        mail.subject || "(no subject)",
        html`to ${mail.to.join(", ")} · ${time(mail.receivedAt)}${mail.attachments.length > 0 ? " · with attachment" : ""}`,
      ),
    })),
    ...texts.map((text) => ({
      at: text.receivedAt,
      line: entry(
        channelName(text),
        `/texts/${text.id}`,
        firstLine(wordsOf(text)),
        html`${text.direction === "inbound" ? "from" : "to"} ${text.direction === "inbound" ? text.from : text.to} · ${time(text.receivedAt)} · ${text.status}`,
      ),
    })),
    ...pushes.map((push) => ({
      at: push.receivedAt,
      line: entry(
        "Push",
        `/pushes/${push.id}`,
        push.notice?.title || "(could not be opened)",
        html`to browser ${push.subscriptionId} · ${time(push.receivedAt)}`,
      ),
    })),
  ];
  entries.sort((one, other) => (one.at < other.at ? 1 : -1));
  return page(
    "Mailbox",
    html`<h1>Mailbox</h1>
${entries.length === 0 ? html`<p>Nothing yet. Everything this machine sends over any channel arrives here and goes no further.</p>` : html`<ol>${entries.map(({ line }) => line)}</ol>`}`,
  );
}

function entry(channel: string, href: string, title: string, details: Markup): Markup {
  return html`<li><a href="${href}">
<span class="channel">${channel}</span>
<span class="subject">${title}</span>
<span class="soft">${details}</span>
</a></li>`;
}

function channelName({ channel }: CapturedText): string {
  return channel === "sms" ? "SMS" : "WhatsApp";
}

function wordsOf({ body, template }: CapturedText): string {
  return body ?? `(template ${template?.id ?? "unknown"})`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.slice(0, 120) || "(no text)";
}

/** One text, and how to answer it. */
export function textPage(text: Kept<CapturedText>, origin: string): string {
  const variables = Object.entries(text.template?.variables ?? {});
  return page(
    `${channelName(text)} to ${text.to}`,
    html`<p><a href="/">Everything</a></p>
<h1>${channelName(text)}</h1>
<dl>
<dt>From</dt><dd>${text.from}</dd>
<dt>To</dt><dd>${text.to}</dd>
<dt>Received</dt><dd>${time(text.receivedAt)}</dd>
<dt>Status</dt><dd>${text.status}</dd>
${text.template ? html`<dt>Template</dt><dd>${text.template.id}</dd>` : ""}
${variables.map(([name, value]) => html`<dt>{{${name}}}</dt><dd>${value}</dd>`)}
</dl>
${text.body === null ? "" : html`<pre>${text.body}</pre>`}
${
  text.direction === "inbound"
    ? ""
    : html`<h2 class="soft">Answer it, as its reader would</h2>
<pre>curl -H 'content-type: application/json' -d '{"body": "STOP"}' ${origin}/api/texts/${text.id}/replies</pre>`
}`,
  );
}

/** One notice, as a browser got it. */
export function pushPage(push: Kept<CapturedPush>): string {
  return page(
    push.notice?.title || "Push",
    html`<p><a href="/">Everything</a></p>
<h1>${push.notice?.title || "(could not be opened)"}</h1>
<dl>
<dt>Browser</dt><dd>${push.subscriptionId}</dd>
<dt>Received</dt><dd>${time(push.receivedAt)}</dd>
<dt>Opens</dt><dd>${push.notice?.url || "nothing"}</dd>
<dt>Worth it for</dt><dd>${push.ttlSeconds} s, urgency ${push.urgency}</dd>
<dt>Encrypted</dt><dd>${size(push.size)}</dd>
</dl>
<pre>${push.notice?.body || ""}</pre>`,
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
    html`<p><a href="/">Everything</a></p>
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
