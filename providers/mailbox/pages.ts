import type { Kept } from "./kept_records.ts";
import type { MailSummary } from "./mails.ts";
import { html, type Markup } from "./markup.ts";
import type { CapturedPush } from "./pushes.ts";
import type { Admission, CapturedRoom } from "./rooms.ts";
import type { CapturedText } from "./texts.ts";

/** Every page: the same head, and the script that shows times as the reader's clock has them. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/mailbox.js"></script>
</head>
<body>
<main>${body}</main>
<footer class="soft" id="zone">Times are in UTC.</footer>
</body>
</html>`.text;
}

export function channelName({ channel }: CapturedText): string {
  return channel === "sms" ? "SMS" : "WhatsApp";
}

/** One text, and how to answer it. */
export function textPage(text: Kept<CapturedText>, origin: string): string {
  const variables = Object.entries(text.template?.variables ?? {});
  return page(
    `${channelName(text)} to ${text.to}`,
    html`<p><a href="/">All messages</a></p>
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
    html`<p><a href="/">All messages</a></p>
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
    html`<p><a href="/">All messages</a></p>
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

export function time(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`;
}

/** Where the call would be: who may enter, by the token that they bring. */
export function roomPage(room: CapturedRoom, admission: Admission | null): string {
  const mayEnter = admission?.room_name === room.name;
  return page(
    "Video call",
    html`<p><a href="/">All messages</a></p>
<h1>Video call</h1>
<p>${
      mayEnter
        ? html`${admission.user_name ?? "Somebody"} may enter${admission.is_owner ? ", and leads the call" : ""}. With an account at Daily.co the call would be here.`
        : "Nobody enters without a token of this room that is still valid: it comes from joinVideo."
    }</p>
<p class="soft">${room.isRecorded ? "The call is recorded." : "The call is not recorded."}</p>`,
  );
}
